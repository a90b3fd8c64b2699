"""Workers as processes of their own, some of them slow so that something can happen to them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from audits.jobs import Job, Jobs, JobState
from audits.plan_file import read_plan
from audits.store.home import database_url
from tests.audits.engine.test_resume import stored

WORKER = """
import sys, time
from importlib import import_module
from audits.engine import bench
from audits.jobs import pulse, worker
from audits.store import database

kind, burst, pause, wait = sys.argv[1], sys.argv[2] == "burst", float(sys.argv[3]), float(sys.argv[4])
bench.FLUSH_ROWS, database.WAIT_SECONDS = 8, wait
pulse.EVERY_SECONDS = worker.LOOK_SECONDS = worker.AGAIN_SECONDS = 0.1
worker.MEND_SECONDS = 0.5
model = getattr(import_module(kind.partition(":")[0]), kind.partition(":")[2])
answer = model.answer

def slowly(self, batch):
    time.sleep(pause)
    return answer(self, batch)

model.answer = slowly
worker.work(burst=burst)
"""

SCRIPTED = "probes.subjects.scripted:Scripted"
REAL = "probes.subjects.hf_classifier:HFClassifier"


@contextmanager
def a_worker(
    kind: str = SCRIPTED, *, pause: float = 0.0, burst: bool = False, wait: float = 15.0, code: str = WORKER
) -> Iterator[subprocess.Popen[str]]:
    """A worker whose models of a kind take their time at each batch, and which waits so long for a database."""
    words = [kind, "burst" if burst else "stay", str(pause), str(wait)]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=Path(__file__).parents[3],
        env=os.environ.copy(),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(true: Callable[[], object], process: subprocess.Popen[str] | None = None, seconds: float = 60) -> None:
    """Waits for something to come true, as long as the process lives."""
    end = time.monotonic() + seconds
    while not true():
        assert process is None or process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.02)


def jobs() -> Jobs:
    """The list of jobs of this test's home."""
    return Jobs(database_url())


def submitted(plan: Path) -> Job:
    """The plan as a job."""
    checked, _, base = read_plan(plan)
    return jobs().submit(checked, base)


def state(job: Job) -> JobState:
    """The state that the list tells now."""
    return jobs().get(job.id).state


def all_stored(rows: int) -> bool:
    """Whether so many results are stored; not yet where packs are being merged while they are counted."""
    try:
        return stored() == rows
    except FileNotFoundError:
        return False

"""A worker in its own process: what happens to it, and that nothing measured is lost by it."""

from __future__ import annotations

import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import audits
from audits.jobs import JobState
from audits.store.home import database_url, home
from audits.store.runs import Runs, State
from tests.audits.engine.test_resume import packs, same, stored
from tests.audits.engine.worlds import comments, write_plan
from tests.audits.jobs.working import REAL, a_worker, all_stored, jobs, state, submitted, until

SUICIDE = """
import os, signal
from audits.jobs import worker
from probes.subjects.scripted import Scripted

Scripted.answer = lambda self, batch: os.kill(os.getpid(), signal.SIGKILL)
worker.work(burst=True)
"""

STUBBORN = """
import time
from audits.jobs import pulse, worker
from probes.subjects.scripted import Scripted

def stubborn(self, batch):
    try:
        time.sleep(60)
    except BaseException:
        time.sleep(60)

Scripted.answer, pulse.EVERY_SECONDS = stubborn, 0.1
worker.work()
"""


def run_states() -> list[State]:
    return [entry.state for entry in Runs(database_url()).entries()]


@contextmanager
def locked() -> Iterator[None]:
    """Another program writes to the database and does not come to an end."""
    with closing(sqlite3.connect(home() / "evenlight.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def test_a_killed_worker_loses_nothing_and_the_next_one_goes_on(
    real_plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = submitted(real_plan)
    with a_worker(REAL, pause=0.02) as worker:
        until(lambda: packs("IntegratedGradients"), worker)
        assert len(jobs().workers()) == 1
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert jobs().workers() == []
    kept = stored()
    assert kept > 120
    assert state(job) is JobState.INTERRUPTED
    assert submitted(real_plan).id == job.id

    with a_worker(burst=True) as worker:
        assert worker.wait(60) == 0
    done = jobs().get(job.id)
    assert done.state is JobState.FINISHED
    assert done.step is None
    assert done.run_id is not None
    assert run_states() == [State.FINISHED, State.INTERRUPTED]
    assert "1 of 3" in jobs().log(job.id)
    resumed = audits.load(done.run_id)

    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "clean"))
    clean = audits.run(real_plan)
    assert resumed.manifest.work.measured == clean.manifest.work.measured - kept
    assert resumed.manifest.work.reused == clean.manifest.work.reused + kept
    same(resumed, clean)


def test_a_worker_that_is_asked_to_end_gives_its_job_back(long_plan: Path) -> None:
    job = submitted(long_plan)
    with a_worker(pause=0.1) as worker:
        until(lambda: packs("Predictions"), worker)
        worker.send_signal(signal.SIGTERM)
        worker.send_signal(signal.SIGINT)
        assert worker.wait(10) == 0
    assert jobs().workers() == []
    assert state(job) is JobState.QUEUED
    assert run_states() == [State.INTERRUPTED]
    kept = stored()
    assert 0 < kept < 1000
    with a_worker(burst=True) as worker:
        assert worker.wait(60) == 0
    run_id = jobs().get(job.id).run_id
    assert run_id is not None
    assert audits.load(run_id).manifest.work.reused >= kept


def test_a_job_is_given_back_at_once_even_where_its_model_does_not_come_to_an_end(long_plan: Path) -> None:
    job = submitted(long_plan)
    with a_worker(code=STUBBORN) as worker:
        until(lambda: jobs().get(job.id).step, worker)
        worker.send_signal(signal.SIGTERM)
        until(lambda: state(job) is JobState.QUEUED, worker)
    # Killed by whoever lost patience: that is no death of the job's making.
    assert (
        jobs()
        .log(job.id)
        .splitlines()[-1]
        .endswith("The worker was stopped; the job is queued again, and what is measured is kept.")
    )


def test_a_job_that_is_cancelled_while_it_runs_keeps_its_rows_and_may_be_retried(long_plan: Path) -> None:
    job = submitted(long_plan)
    with a_worker(pause=0.1) as worker:
        until(lambda: packs("Predictions"), worker)
        until(lambda: jobs().get(job.id).step, worker)
        assert jobs().cancel(job.id).state is JobState.CANCELLED
        until(lambda: run_states() == [State.INTERRUPTED], worker)
        kept = stored()
        assert 0 < kept < 1000
        # The worker is free for the next one.
        other = submitted(write_plan(long_plan.parent / "other", comments(10), ["data.profile"]))
        until(lambda: state(other) is JobState.FINISHED, worker)
        assert state(job) is JobState.CANCELLED
    jobs().retry(job.id)
    with a_worker(burst=True) as worker:
        assert worker.wait(60) == 0
    done = jobs().get(job.id)
    assert done.state is JobState.FINISHED
    assert done.run_id is not None
    assert audits.load(done.run_id).manifest.work.reused >= kept


def test_a_job_that_kills_its_workers_is_given_up(long_plan: Path) -> None:
    job = submitted(long_plan)
    for _ in range(3):
        assert state(job) in (JobState.QUEUED, JobState.INTERRUPTED)
        with a_worker(code=SUICIDE) as worker:
            assert worker.wait(60) == -signal.SIGKILL
    with a_worker(burst=True) as worker:
        assert worker.wait(60) == 0
    given_up = jobs().get(job.id)
    assert given_up.state is JobState.FAILED
    assert "3 times" in (given_up.message or "")
    assert "Predictions" in (given_up.message or "")
    # It was the machine's fault, and is mended.
    jobs().retry(job.id)
    with a_worker(burst=True) as worker:
        assert worker.wait(60) == 0
    assert state(job) is JobState.FINISHED


def test_a_locked_database_holds_up_a_job_and_does_not_end_it(long_plan: Path) -> None:
    job = submitted(long_plan)
    with a_worker(pause=0.1, wait=0.3) as worker:
        until(lambda: packs("Predictions"), worker)
        with locked():
            # The work itself goes on.
            until(lambda: all_stored(1000), worker)
        until(lambda: state(job) is JobState.FINISHED, worker)
    assert sum(state is State.FINISHED for state in run_states()) == 1


def test_a_worker_waits_for_a_database_that_is_locked_when_it_starts(tmp_path: Path) -> None:
    job = submitted(write_plan(tmp_path, comments(10), ["data.profile"]))
    with a_worker(wait=0.1) as worker:
        assert worker.stderr is not None
        with locked():
            # It tells, and does not end.
            assert "nother program" in worker.stderr.readline()
        until(lambda: state(job) is JobState.FINISHED, worker)


def test_a_model_that_is_removed_meanwhile_fails_its_job_alone(real_plan: Path) -> None:
    job = submitted(real_plan)
    with a_worker(REAL, pause=0.1) as worker:
        until(lambda: packs("Predictions"), worker)
        shutil.rmtree(real_plan.parent / "model")
        worker.kill()
        worker.wait()
    other = submitted(write_plan(real_plan.parent / "other", comments(10), ["data.profile"]))
    with a_worker(burst=True) as worker:
        assert worker.wait(60) == 0
    failed = jobs().get(job.id)
    assert failed.state is JobState.FAILED
    assert "model" in (failed.message or "")
    assert "\n" not in (failed.message or "")
    assert state(other) is JobState.FINISHED

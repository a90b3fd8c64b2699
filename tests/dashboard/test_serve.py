"""`evenlight serve` as its user meets it: a dashboard and a worker that come and go together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from audits.jobs import Jobs, JobState
from audits.plan_file import read_plan
from audits.store.home import database_url
from dashboard.serving import free_port
from tests.audits.engine.worlds import comments, write_plan
from tests.audits.jobs.working import until
from tests.dashboard.door import evenlight

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(*words: str) -> Iterator[subprocess.Popen[str]]:
    """The command as a process, whose children are gone afterwards, whatever the test did."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "dashboard.cli", "serve", "--no-browser", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        rest = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        for one in (process, *rest):
            one.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def child(process: subprocess.Popen[str], word: str) -> psutil.Process | None:
    """The child of the command whose command line has the word."""
    for one in psutil.Process(process.pid).children():
        # One that died a moment ago has no command line.
        with suppress(psutil.NoSuchProcess):
            if word in one.cmdline():
                return one
    return None


def answer(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_dashboard_and_worker_come_and_go_together(tmp_path: Path) -> None:
    port = free_port(18501)
    plan, _, base = read_plan(write_plan(tmp_path, comments(20), ["data.profile"]))
    jobs = Jobs(database_url())
    with serving("--port", str(port), "--base-path", "/audits/") as process:
        assert f"http://127.0.0.1:{port}/audits" in line(process)
        assert answer(port, "/audits/") == 200
        taken = evenlight("serve", "--no-browser", "--port", str(port))
        assert taken.returncode == 2
        assert str(port) in taken.stderr
        assert len(taken.stderr.splitlines()) == 1

        until(lambda: child(process, "worker"), process)
        first = child(process, "worker")
        assert first is not None
        first.kill()
        until(lambda: (found := child(process, "worker")) is not None and found.pid != first.pid, process)
        job = jobs.submit(plan, base)
        until(lambda: jobs.get(job.id).state is JobState.FINISHED, process)

        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert not any(one.is_running() for one in children)
    assert jobs.workers() == []


def test_a_dashboard_that_dies_takes_its_worker_with_it() -> None:
    with serving("--port", str(free_port(18521))) as process:
        line(process)
        page = child(process, "streamlit")
        assert page is not None
        until(lambda: child(process, "worker"), process)
        worker = child(process, "worker")
        assert worker is not None
        page.kill()
        assert process.wait(30) == 2
        assert process.stderr is not None
        assert "ended by itself" in process.stderr.read()
        assert not worker.is_running()


def test_there_is_no_worker_where_none_is_wanted_and_ctrl_c_ends_it() -> None:
    with serving("--port", str(free_port(18541)), "--no-worker") as process:
        line(process)
        assert child(process, "worker") is None
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def test_others_are_not_let_in_where_nobody_signs_in() -> None:
    refused = evenlight("serve", "--no-browser", "--host", "0.0.0.0")
    assert refused.returncode == 2
    assert "sign in" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_free_port_is_one_that_nobody_listens_on() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        assert free_port(number) > number

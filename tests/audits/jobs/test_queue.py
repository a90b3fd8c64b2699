"""The queue only wakes workers: whatever becomes of it, the list of jobs is the truth."""

from __future__ import annotations

import sqlite3
from importlib.util import find_spec
from pathlib import Path

import pytest

from audits.jobs import JobState
from audits.jobs.queue import Queue
from audits.jobs.worker import work
from audits.store.home import home
from probes.errors import SetupBroken, StoreFailed
from tests.audits.engine.worlds import comments, write_plan
from tests.audits.jobs.working import jobs, state, submitted


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path, comments(20), ["data.profile"])


def test_jobs_come_out_in_the_order_in_which_they_went_in() -> None:
    queue = Queue()
    for name in ("a", "b", "c"):
        queue.put(name)
    assert Queue().waiting() == {"a", "b", "c"}
    assert [Queue().take() for _ in range(4)] == ["a", "b", "c", None]


def test_a_lost_queue_loses_no_job(plan: Path) -> None:
    job = submitted(plan)
    for file in home().glob("queue.db*"):
        file.unlink()
    work(burst=True)
    assert state(job) is JobState.FINISHED


def test_a_message_from_a_stranger_runs_nothing(plan: Path) -> None:
    job = submitted(plan)
    with sqlite3.connect(home() / "queue.db") as connection:
        for data in (b"\x80\x04cos\nsystem\n", b"{}", b'["a", "os.system", "true"]', b'["a", "b", {"c": 1}]'):
            connection.execute("insert into task (queue, data, priority) values ('evenlight', ?, 9)", (data,))
    work(burst=True)
    assert state(job) is JobState.FINISHED
    assert Queue().waiting() == set()


def test_a_message_about_a_job_that_is_no_longer_queued_does_nothing(plan: Path) -> None:
    job = submitted(plan)
    jobs().cancel(job.id)
    Queue().put(job.id)
    Queue().put("job-nobody")
    work(burst=True)
    assert state(job) is JobState.CANCELLED
    assert Queue().waiting() == set()


@pytest.mark.skipif(find_spec("redis") is not None, reason="the package redis is installed")
def test_redis_without_its_package_is_one_line(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENLIGHT_QUEUE", "redis://localhost:6379/0")
    with pytest.raises(SetupBroken, match=r"evenlight\[redis\]") as caught:
        submitted(plan)
    assert "\n" not in str(caught.value)
    assert jobs().all() == []


def test_a_queue_that_is_no_redis_address_is_one_line(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENLIGHT_QUEUE", "amqp://secret@host")
    with pytest.raises(SetupBroken, match="redis://") as caught:
        work(burst=True)
    assert "secret" not in str(caught.value)


def test_a_queue_file_that_is_none_is_one_line() -> None:
    (home() / "queue.db").write_bytes(b"no database" * 100)
    with pytest.raises(StoreFailed, match=r"queue\.db") as caught:
        Queue()
    assert "\n" not in str(caught.value)

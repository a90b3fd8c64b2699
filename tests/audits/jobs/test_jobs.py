"""The list of jobs: the same audit is one job, and what is told about a job is true."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy

import audits
from audits.engine.progress import Step
from audits.jobs import Job, JobState
from audits.jobs.queue import Queue
from audits.jobs.shift import Shift, Taken
from audits.plan import AuditChoice, DataPlan, Plan
from audits.store.home import database_url
from probes.errors import StoreFailed
from tests.audits.engine.worlds import comments, write_plan
from tests.audits.jobs.working import jobs, state

PLAN = Plan(name="x", subject="scripted:", data=DataPlan(source="rows.csv"), audits=(AuditChoice(name="data.profile"),))


def rewritten(job: Job, **values: object) -> None:
    """Rewrites what is noted about a job."""
    with sqlalchemy.create_engine(database_url()).begin() as connection:
        sets = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(sqlalchemy.text(f"update jobs set {sets} where id = :id"), {**values, "id": job.id})


def taken(job: Job) -> Taken:
    """The job, run by this process."""
    held = Shift(database_url()).take(job.id)
    assert held is not None
    return held


def test_the_same_audit_is_one_job_until_it_has_ended() -> None:
    first = jobs().submit(PLAN)
    assert first.state is JobState.QUEUED
    assert jobs().submit(PLAN) == first
    held = taken(first)
    assert jobs().submit(PLAN).id == first.id
    assert Shift(database_url()).finish(held, "run", [])
    assert jobs().submit(PLAN).id != first.id


def test_another_seed_or_another_folder_is_another_job(tmp_path: Path) -> None:
    asked = [
        jobs().submit(PLAN),
        jobs().submit(PLAN.model_copy(update={"seed": 1})),
        jobs().submit(PLAN, tmp_path),
        jobs().submit(PLAN, tmp_path / "other"),
    ]
    assert len({job.id for job in asked}) == 4
    assert [job.id for job in jobs().all()] == [job.id for job in reversed(asked)]
    assert [job.id for job in jobs().all(limit=1)] == [asked[-1].id]
    assert jobs().get(asked[2].id).base == str(tmp_path)


def test_an_audit_submitted_by_several_processes_at_once_is_one_job(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(20), ["data.profile"])
    code = (
        "import sys; from pathlib import Path; from tests.audits.jobs.working import submitted; "
        "sys.stdin.read(); print(submitted(Path(sys.argv[1])).id)"
    )
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(plan)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        for _ in range(3)
    ]
    for process in asking:
        assert process.stdin is not None
        process.stdin.close()
    told = {process.stdout.read() for process in asking if process.stdout is not None}
    assert [process.wait() for process in asking] == [0, 0, 0]
    assert len(told) == 1
    assert len(jobs().all()) == 1


def test_a_job_survives_its_json() -> None:
    held = taken(jobs().submit(PLAN))
    Shift(database_url()).note(held, Step("Predictions", 3, 10, 2.5, 2.8), [])
    job = jobs().get(held.id)
    assert job.step is not None
    assert (job.step.done, job.step.rate, job.step.left_seconds) == (3, 2.5, 2.8)
    assert Job.model_validate_json(job.model_dump_json()) == job


def test_a_job_is_running_as_long_as_its_worker_is() -> None:
    job = jobs().submit(PLAN)
    taken(job)
    assert state(job) is JobState.RUNNING
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    rewritten(job, pid=dead.pid)
    assert state(job) is JobState.INTERRUPTED


def test_a_worker_on_another_machine_is_judged_by_when_it_was_heard_of() -> None:
    job = jobs().submit(PLAN)
    taken(job)
    rewritten(job, host="another-machine", pid=2**22 + 1)
    assert state(job) is JobState.RUNNING
    rewritten(job, heartbeat=(datetime.now(UTC) - timedelta(seconds=61)).isoformat(sep=" "))
    assert state(job) is JobState.INTERRUPTED


def test_only_one_worker_takes_a_job_and_a_lost_claim_changes_nothing() -> None:
    job = jobs().submit(PLAN)
    held = taken(job)
    other = Shift(database_url())
    assert other.take(job.id) is None
    jobs().cancel(job.id)
    jobs().retry(job.id)
    again = other.take(job.id)
    assert again is not None
    assert not other.note(held, None, [])
    assert not other.finish(held, "run", [])
    assert not other.fail(held, "because", [])
    assert state(job) is JobState.RUNNING
    assert other.finish(again, "run", [])
    assert jobs().get(job.id).run_id == "run"


def test_what_has_ended_is_not_cancelled_and_what_goes_on_is_not_retried() -> None:
    job = jobs().submit(PLAN)
    with pytest.raises(StoreFailed, match="is queued"):
        jobs().retry(job.id)
    assert jobs().cancel(job.id).state is JobState.CANCELLED
    with pytest.raises(StoreFailed, match="is cancelled already"):
        jobs().cancel(job.id)
    other = jobs().submit(PLAN)
    with pytest.raises(StoreFailed, match="same audit"):
        jobs().retry(job.id)
    jobs().cancel(other.id)
    again = jobs().retry(job.id)
    assert (again.id, again.state, again.ended) == (job.id, JobState.QUEUED, None)


def test_a_job_is_found_by_the_beginning_of_its_id() -> None:
    job = jobs().submit(PLAN)
    assert jobs().get(job.id[:-1]) == job
    jobs().submit(PLAN.model_copy(update={"seed": 1}))
    for none in ("", "nix", "%"):
        with pytest.raises(StoreFailed, match="no job"):
            jobs().get(none)
    with pytest.raises(StoreFailed, match="everal jobs"):
        jobs().get("job-")


def test_the_log_is_lines_with_times_whatever_stands_in_them() -> None:
    job = jobs().submit(PLAN)
    Shift(database_url()).note(taken(job), None, ["one\ntwo\r\n{three}", "x" * 9000])
    lines = jobs().log(job.id).splitlines()
    assert lines[0].endswith("Queued.")
    assert socket.gethostname() in lines[1]
    assert str(os.getpid()) in lines[1]
    assert lines[2].endswith("  one two {three}")
    assert len(lines) == 4
    assert len(jobs().log(job.id, lines=1).splitlines()) == 1


def test_a_job_of_another_version_does_not_hide_the_others() -> None:
    old = jobs().submit(PLAN)
    new = jobs().submit(PLAN.model_copy(update={"seed": 1}))
    rewritten(old, plan='{"an": "unknown plan"}')
    assert [job.id for job in jobs().all()] == [new.id]
    with pytest.raises(StoreFailed, match="this version"):
        jobs().get(old.id)


def test_workers_are_listed_while_they_live() -> None:
    shift = Shift(database_url())
    assert jobs().workers() == []
    shift.beat()
    shift.beat()
    assert [worker.pid for worker in jobs().workers()] == [os.getpid()]
    shift.leave()
    assert jobs().workers() == []


def test_a_plan_in_memory_starts_its_paths_where_it_is_told(tmp_path: Path) -> None:
    write_plan(tmp_path, comments(20), ["data.profile"])
    plan = PLAN.model_copy(update={"data": DataPlan(source="rows.csv", input=("text",), label="label")})
    assert audits.run(plan, base=tmp_path).manifest.data.rows == 20


def test_a_job_that_was_taken_without_hearing_so_is_queued_again() -> None:
    job = jobs().submit(PLAN)
    shift = Shift(database_url())
    assert shift.take(job.id) is not None
    assert Shift(database_url()).mend(Queue()) == 0
    assert shift.mend(Queue()) == 1
    assert state(job) is JobState.QUEUED

"""A job that cannot be done is failed with its sentence, and the worker goes on to the next one."""

from __future__ import annotations

import errno
import logging
import os
from pathlib import Path

import pytest

import audits
from audits.engine import bench
from audits.jobs import Job, JobState
from audits.jobs.worker import work
from audits.plan import AuditChoice
from audits.plan_file import read_plan
from audits.store.runs import Runs
from tests.audits.engine.test_resume import stored
from tests.audits.engine.worlds import comments, write_plan
from tests.audits.jobs.working import jobs, state, submitted


def worked(job: Job, folder: Path) -> Job:
    """The job after a worker met it, who then did another one."""
    other = submitted(write_plan(folder / "other", comments(10), ["data.profile"]))
    work(burst=True)
    assert state(other) is JobState.FINISHED
    assert jobs().workers() == []
    return jobs().get(job.id)


def test_a_plan_that_asks_for_an_unknown_audit(tmp_path: Path) -> None:
    plan, _, base = read_plan(write_plan(tmp_path, comments(10), ["data.profile"]))
    broken = plan.model_copy(update={"audits": (AuditChoice(name="data.prophile"),)})
    failed = worked(jobs().submit(broken, base), tmp_path)
    assert failed.state is JobState.FAILED
    assert "data.prophile; did you mean data.profile?" in (failed.message or "")
    assert jobs().log(failed.id).splitlines()[-1].endswith(failed.message or "-")
    assert failed.ended is not None


def test_data_that_is_not_there(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(10), ["data.profile"])
    job = submitted(plan)
    (tmp_path / "rows.csv").unlink()
    failed = worked(job, tmp_path)
    assert failed.state is JobState.FAILED
    assert "rows.csv" in (failed.message or "")
    write_plan(tmp_path, comments(10), ["data.profile"])
    jobs().retry(job.id)
    work(burst=True)
    assert state(job) is JobState.FINISHED


def test_a_full_disk_fails_the_job_and_its_retry_measures_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = submitted(write_plan(tmp_path, comments(100), ["bias.group-rates"]))
    monkeypatch.setattr(bench, "FLUSH_ROWS", 10)
    durable, calls = os.fsync, iter(range(10**6))

    def full(handle: int) -> None:
        if next(calls) > 8:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        durable(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        failed = worked(job, tmp_path)
    assert failed.state is JobState.FAILED
    assert "no space left" in (failed.message or "")
    kept = stored()
    assert 0 < kept < 100
    jobs().retry(job.id)
    work(burst=True)
    done = jobs().get(job.id)
    assert done.run_id is not None
    measured = audits.load(done.run_id).manifest.work
    assert (measured.measured, measured.reused) == (100 - kept, kept)


def test_foreign_code_that_breaks_or_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, problem in enumerate((RuntimeError("two\nlines"), SystemExit(1), MemoryError())):
        job = submitted(write_plan(tmp_path / str(number), comments(10), ["data.profile"]))

        def breaks(*_: object, problem: BaseException = problem, **__: object) -> None:
            raise problem

        with monkeypatch.context() as patch:
            patch.setattr(audits, "run", breaks)
            work(burst=True)
        failed = worked(job, tmp_path)
        assert failed.state is JobState.FAILED
        assert type(problem).__name__ in (failed.message or "")
        assert "\n" not in (failed.message or "")


def test_warnings_of_an_audit_stand_in_the_log_of_its_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Runs.start

    def warns(*words: object) -> None:
        logging.getLogger("audits.engine.runner").warning("beware of %s", "the dog")
        begun(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(Runs, "start", warns)
    job = submitted(write_plan(tmp_path, comments(40), ["bias.group-rates"]))
    work(burst=True)
    log = jobs().log(job.id)
    assert "warning: beware of the dog" in log
    assert "Predictions: 40 to measure, 0 of them found in the store." in log
    assert log.splitlines()[-1].endswith(f"Finished as run {jobs().get(job.id).run_id}.")
    logging.getLogger("audits.engine.runner").warning("after the job")
    assert "after the job" not in jobs().log(job.id)

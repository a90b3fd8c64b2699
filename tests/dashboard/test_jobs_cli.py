"""Jobs on the command line, as somebody meets them who queues a plan and comes back later."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from audits.jobs import Jobs, JobState
from audits.jobs.shift import Shift
from audits.store.home import database_url
from tests.audits.engine.worlds import comments, write_plan
from tests.dashboard.door import evenlight


def jobs() -> Jobs:
    return Jobs(database_url())


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path, comments(30), ["data.profile"])


def test_a_plan_is_queued_worked_off_and_found_again(plan: Path) -> None:
    queued = evenlight("run", plan, "--queue")
    (job,) = jobs().all()
    assert (queued.returncode, queued.stderr) == (0, "")
    first, second = queued.stdout.splitlines()
    assert job.id in first
    assert "evenlight worker" in second
    assert evenlight("run", plan.name, "--queue", cwd=plan.parent).stdout == queued.stdout

    worked = evenlight("worker", "--burst")
    assert (worked.returncode, worked.stdout) == (0, "")
    assert job.id in worked.stderr
    done = jobs().get(job.id)
    listed = evenlight("jobs").stdout
    assert job.id in listed
    assert "finished" in listed
    assert done.run_id is not None
    assert done.run_id in listed
    assert "evenlight worker" not in listed
    assert done.run_id in evenlight("jobs", "log", job.id[:-2]).stdout
    assert done.run_id in evenlight("runs").stdout


def test_a_worker_that_lives_need_not_be_started(plan: Path) -> None:
    shift = Shift(database_url())
    shift.beat()
    (line,) = evenlight("run", plan, "--queue").stdout.splitlines()
    assert re.search(r"job-\w{8} is queued", line)


def test_a_job_is_cancelled_and_retried(plan: Path) -> None:
    evenlight("run", plan, "--queue")
    (job,) = jobs().all()
    assert job.id in evenlight("jobs", "cancel", job.id).stdout
    assert jobs().get(job.id).state is JobState.CANCELLED
    again = evenlight("jobs", "cancel", job.id)
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    assert job.id in evenlight("jobs", "retry", job.id).stdout
    assert jobs().get(job.id).state is JobState.QUEUED


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["jobs", "log", "nix"], "no job nix"),
        (["run", "nix.yaml", "--queue"], "no plan nix.yaml"),
        (["run", "nix.yaml", "--queue", "-o", "x.html"], "leave out --report"),
    ],
)
def test_what_the_user_can_mend_is_told(words: list[str], message: str) -> None:
    told = evenlight(*words)
    assert told.returncode == 2
    assert message in " ".join(told.stderr.split())


def test_where_there_are_no_jobs_it_says_how_to_queue_one() -> None:
    assert "--queue" in evenlight("jobs").stdout


def test_a_name_in_a_plan_does_not_move_the_cursor(plan: Path) -> None:
    plan.write_text(plan.read_text().replace("a first look", r'"red \e[31m [bold]x"'))
    evenlight("run", plan, "--queue")
    listed = evenlight("jobs").stdout
    assert "\x1b" not in listed
    assert "[bold]x" in " ".join(listed.split())

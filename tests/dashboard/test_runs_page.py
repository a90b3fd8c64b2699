"""Home: what was asked for stands above what is finished, says how far it is, and can be stopped and resumed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import audits
from audits.jobs import Job, Jobs, JobState, JobStep
from audits.jobs.worker import work
from audits.plan import Plan
from audits.plan_file import read_plan
from audits.store.home import database_url
from audits.store.runs import Runs
from dashboard import access, at_work
from tests.dashboard.staged import Stages, staged


@pytest.fixture(autouse=True)
def may_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "may_start", lambda: True)


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    return staged(monkeypatch)


def plan(folder: Path, name: str = "comments, first look", source: str = "rows.csv") -> Plan:
    rows = [f"awful things {i},flagged,f" if i % 2 else f"kind things {i},neutral,m" for i in range(30)]
    (folder / "rows.csv").write_text("\n".join(["text,label,sex", *rows]), "utf-8")
    data = {"source": str(folder / source), "input": "text", "label": "label", "protected": ["sex"]}
    raw = {"name": name, "subject": "scripted:?words=awful:2", "data": data, "audits": ["data.profile"]}
    return read_plan(raw)[0]


def jobs() -> Jobs:
    return Jobs(database_url())


def page() -> None:
    from dashboard.views.runs import render

    render()


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def clicked(app: AppTest, stages: Stages, act: str, value: str) -> AppTest:
    stages.click = ("at-work", {"act": act, "value": value})
    app.run()
    assert not app.exception
    return app


def test_a_queued_job_waits_and_nobody_is_at_work(tmp_path: Path, stages: Stages) -> None:
    jobs().submit(plan(tmp_path))
    opened()
    assert "comments, first look" in stages
    assert "Waits for a worker" in stages
    assert "start one with evenlight worker" in stages


def test_a_finished_job_is_a_run_and_no_job(tmp_path: Path, stages: Stages) -> None:
    jobs().submit(plan(tmp_path))
    work(burst=True)
    opened()
    assert "comments, first look" not in stages.shown["at-work"]
    assert "comments, first look" in stages.shown["runs"]
    assert f"scorecard?run={audits.load('latest').id}" in stages


def test_cancel_resume_and_finish(tmp_path: Path, stages: Stages) -> None:
    job = jobs().submit(plan(tmp_path))
    app = clicked(opened(), stages, "cancel", job.id)
    assert jobs().get(job.id).state is JobState.CANCELLED
    assert "Cancelled; what is measured is kept" in stages
    assert 'data-act="cancel"' not in stages
    clicked(app, stages, "resume", job.id)
    assert jobs().get(job.id).state is JobState.QUEUED
    work(burst=True)
    app.run()
    assert jobs().get(job.id).run_id in stages.shown["runs"]  # type: ignore[operator]


def test_a_click_that_comes_too_late_is_one_line(tmp_path: Path, stages: Stages) -> None:
    job = jobs().submit(plan(tmp_path))
    app = opened()
    work(burst=True)
    clicked(app, stages, "cancel", job.id)
    assert "already" in stages


def test_a_failed_job_says_why_and_its_log_opens_by_its_address(tmp_path: Path, stages: Stages) -> None:
    job = jobs().submit(plan(tmp_path, name="<b>bold</b>", source="<img src=x>.csv"))
    work(burst=True)
    app = opened(job=job.id)
    assert jobs().get(job.id).state is JobState.FAILED
    assert "no file or folder" in stages.shown["at-work"].lower()
    assert "<b>bold" not in stages
    assert "<img" not in stages
    assert 'class="log"' in stages.shown["at-work"]
    clicked(app, stages, "log", job.id)
    assert 'class="log"' not in stages.shown["at-work"]
    assert "job" not in app.query_params


def test_an_attempt_that_failed_is_not_listed_beside_its_job(tmp_path: Path, stages: Stages) -> None:
    asked = plan(tmp_path)
    jobs().submit(asked)
    runs = Runs(database_url())
    runs.start("attempt", asked, datetime.now(UTC))
    runs.fail("attempt", "the disk was full")
    runs.start("elsewhere", asked.model_copy(update={"name": "from the command line"}), datetime.now(UTC))
    opened()
    assert "the disk was full" not in stages
    assert "from the command line" in stages.shown["runs"]


def test_how_far_it_is(tmp_path: Path, stages: Stages, monkeypatch: pytest.MonkeyPatch) -> None:
    job = jobs().submit(plan(tmp_path))
    step = JobStep(what="predictions", done=1200, total=2400, rate=33.4, left_seconds=36.0)
    running = job.model_copy(update={"state": JobState.RUNNING, "started": datetime.now(UTC), "step": step})
    monkeypatch.setattr(at_work, "jobs", lambda: [running])
    opened()
    shown = stages.shown["at-work"]
    for words in ("predictions", "1,200 of 2,400", "33 a second", "36 s left", 'aria-valuenow="1200"', "width: 50.0%"):
        assert words in shown, words


def test_names_are_found_whatever_their_case(tmp_path: Path, stages: Stages) -> None:
    jobs().submit(plan(tmp_path, name="Comments of May"))
    jobs().submit(plan(tmp_path, name="Letters of June"))
    app = opened(name="of may")
    assert "Comments of May" in stages
    assert "Letters of June" not in stages
    app.text_input[0].set_value("").run()
    assert "Letters of June" in stages


def test_whoever_may_only_look_can_stop_nothing(
    tmp_path: Path, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "may_start", lambda: False)
    job = jobs().submit(plan(tmp_path))
    app = opened()
    assert 'data-act="cancel"' not in stages
    clicked(app, stages, "cancel", job.id)
    assert jobs().get(job.id).state is JobState.QUEUED


def test_what_was_asked_for_is_told_once(tmp_path: Path, stages: Stages) -> None:
    job = jobs().submit(plan(tmp_path))
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["submitted"] = (job.id, True)
    app.run()
    assert "asked for before" in stages
    app.run()
    assert "asked for before" not in stages


def ended(job: Job, state: JobState, ago: timedelta, name: str) -> Job:
    moment = datetime.now(UTC) - ago
    plan = job.plan.model_copy(update={"name": name})
    return job.model_copy(update={"state": state, "ended": moment, "plan": plan, "name": name, "id": f"{name}-{state}"})


def test_old_failures_and_those_that_were_asked_for_again_are_left_out(tmp_path: Path) -> None:
    job = jobs().submit(plan(tmp_path))
    now, hour, month = datetime.now(UTC), timedelta(hours=1), timedelta(days=30)
    listed = [
        ended(job, JobState.FINISHED, hour, "again"),
        ended(job, JobState.FAILED, hour, "again"),
        ended(job, JobState.FAILED, hour, "new"),
        ended(job, JobState.CANCELLED, month, "old"),
    ]
    assert [each.name for each in at_work.unfinished(listed, now)] == ["new"]

"""An audit as somebody starts it: a file is sent, the form filled in, a worker finishes it, and the run appears."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import audits
from audits.jobs import Jobs, JobState
from audits.jobs.worker import work
from audits.store.home import database_url
from tests.audits.engine.worlds import comments, write_plan
from tests.audits.jobs.working import a_worker, state, submitted, until
from tests.browser import a_browser
from tests.dashboard.running import Visitor, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SUBJECT = "scripted:?words=awful:2,kind:-1&bias=-0.5"
HOSTILE = '"><img src=x onerror=alert(1)>**b**.csv'
PATIENCE = 30_000
"""Milliseconds for anything to appear: machines are shared."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def table() -> bytes:
    texts = ("awful things were said here", "kind things were said here", "nothing much was said here")
    rows = [f"{texts[i % 3]} {i},{('neutral', 'flagged')[i % 2]},{('women', 'men')[i // 2 % 2]}" for i in range(90)]
    return "\n".join(["comment,label,gender", *rows]).encode()


def fill(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Enter")


def told(page: Page, text: str) -> None:
    page.get_by_text(text).first.wait_for(timeout=PATIENCE)


@pytest.mark.parametrize("width", [1400, 390])
def test_from_an_upload_to_a_run(browser: Browser, home: Path, tmp_path: Path, width: int) -> None:
    with served(home) as address, Visitor(browser) as visitor:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        page = visitor.open(f"{address}new_audit")
        fill(page, "Address, folder or name", SUBJECT)
        told(page, "tells apart neutral and flagged")
        (tmp_path / HOSTILE).write_bytes(table())
        page.locator("input[type=file]").set_input_files(tmp_path / HOSTILE)
        told(page, "90 rows in 3 columns.")
        told(page, "Protected attribute")
        told(page, "passes through the model")
        fill(page, "What the run is called", "comments of May")
        told(page, "name: comments of May")
        page.get_by_role("button", name="Start audit").click()
        told(page, "The audit is queued.")
        told(page, "No worker is at work")
        visitor.settle()
        (job,) = Jobs(database_url()).all()
        assert f"job={job.id}" in page.url
        work(burst=True)
        page.get_by_role("link", name="Comments of May").or_(page.get_by_role("link", name="comments of May")).click(
            timeout=PATIENCE
        )
        page.wait_for_url("**/scorecard?run=*", timeout=PATIENCE)
        assert Jobs(database_url()).all()[0].run_id in page.url  # type: ignore[operator]
        assert visitor.dialogs == []
        assert visitor.complaints == []
        assert visitor.refused == []
        assert [path.suffix for path in (home / "uploads").iterdir()] == [".csv"]


def test_a_job_is_cancelled_and_resumed(browser: Browser, home: Path, tmp_path: Path) -> None:
    from audits.plan_file import read_plan

    (tmp_path / "rows.csv").write_bytes(table())
    data = {"source": str(tmp_path / "rows.csv"), "input": "comment", "label": "label", "protected": ["gender"]}
    plan, _, _ = read_plan({"name": "waits", "subject": SUBJECT, "data": data, "audits": ["data.profile"]})
    job = Jobs(database_url()).submit(plan)
    with served(home) as address, Visitor(browser) as visitor:
        page = visitor.open(address)
        page.get_by_role("button", name="Cancel").click()
        told(page, "Cancelled; what is measured is kept.")
        page.get_by_role("button", name="Log").click()
        page.locator(".log", has_text="Queued.").wait_for(timeout=PATIENCE)
        visitor.settle()
        assert f"job={job.id}" in page.url
        page.get_by_role("button", name="Resume").click()
        told(page, "Waits for a worker.")
        page.locator(".log", has_text="Queued again.").wait_for(timeout=PATIENCE)
        work(burst=True)
        page.get_by_role("link", name="waits", exact=True).wait_for(timeout=PATIENCE)
        assert visitor.complaints == []


def test_an_audit_goes_on_while_the_page_is_closed_and_the_server_restarted(
    browser: Browser, home: Path, tmp_path: Path
) -> None:
    plan = write_plan(tmp_path / "long", comments(600), ["bias.group-rates"], name="goes on")
    job = submitted(plan)
    with a_worker(pause=1.0) as worker:
        with served(home) as address, Visitor(browser) as visitor:
            visitor.open(address).locator(".job-head", has_text="goes on").wait_for(timeout=PATIENCE)
            until(lambda: state(job) is JobState.RUNNING, worker)
        # Both the page and the server are gone now.
        until(lambda: state(job) is JobState.FINISHED, worker)
        with served(home) as address, Visitor(browser) as visitor:
            page = visitor.open(address)
            page.get_by_role("link", name="goes on", exact=True).wait_for(timeout=PATIENCE)
            assert page.locator(".job-head").count() == 0
            assert visitor.complaints == []
    run = audits.load(Jobs(database_url()).get(job.id).run_id or "")
    assert (run.manifest.work.measured, run.manifest.work.reused) == (600, 0)

"""Sign-in as people meet it: a real round trip to a provider, in a browser, at a dashboard that is really served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from audits.store.runs import Runs
from tests.browser import a_browser
from tests.dashboard.identity_provider import Provider, provider
from tests.dashboard.running import Visitor, served, unused_port
from tests.reports.sample_run import sample_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

ACCESS = """
auditors: [Auditor@Example.org]
viewers: ["@example.net"]
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one finished run."""
    folder = tmp_path_factory.mktemp("served")
    run, runs = sample_run(), Runs(f"sqlite:///{folder / 'evenlight.db'}")
    runs.start(run.id, run.plan, run.manifest.started)
    runs.finish(run)
    return folder


@pytest.fixture(scope="module")
def dashboard(home: Path) -> Iterator[tuple[str, Provider]]:
    with provider() as people:
        (home / "access.yaml").write_text(ACCESS)
        port = unused_port()
        (home / "secrets.toml").write_text(people.secrets(f"http://127.0.0.1:{port}"))
        with served(home, port=port) as address:
            yield address, people


def sign_in(visitor: Visitor, dashboard: tuple[str, Provider], email: str, **claims: object) -> None:
    address, people = dashboard
    people.claims = {"email": email, **claims}
    visitor.open(address)
    with visitor.page.expect_navigation(url=address):
        visitor.page.get_by_role("button", name="Sign in").click()
    visitor.settle()


@pytest.mark.parametrize("path", ["", "scorecard?run=latest", "new_audit"])
def test_nobody_sees_anything_before_signing_in(browser: Browser, dashboard: tuple[str, Provider], path: str) -> None:
    run = sample_run()
    with Visitor(browser) as stranger:
        stranger.open(dashboard[0] + path)
        stranger.page.get_by_role("button", name="Sign in").wait_for()
        sent = b"\n".join([*stranger.heard, stranger.everything().encode()])
        assert b"Sign in to see" in sent
        for secret in (run.plan.name, run.plan.subject, run.id, run.findings[0].audit):
            assert secret.encode() not in sent
        assert stranger.complaints == []
        assert stranger.refused == []


def test_an_auditor_may_start_audits_and_signs_out(browser: Browser, dashboard: tuple[str, Provider]) -> None:
    with Visitor(browser) as auditor:
        sign_in(auditor, dashboard, "auditor@example.ORG", email_verified=True)
        assert sample_run().plan.name in auditor.everything()
        assert "auditor@example.ORG" in auditor.everything()
        auditor.page.get_by_role("link", name="New audit").click()
        auditor.settle()
        auditor.page.get_by_role("button", name="Start audit").wait_for()
        assert "not start any" not in auditor.everything()
        auditor.page.get_by_role("button", name="Sign out").click()
        auditor.page.get_by_role("button", name="Sign in").wait_for()
        assert sample_run().plan.name not in auditor.everything()
        assert auditor.complaints == []


def test_a_viewer_looks_and_starts_nothing(browser: Browser, dashboard: tuple[str, Provider]) -> None:
    with Visitor(browser) as viewer:
        sign_in(viewer, dashboard, "somebody@example.net")
        assert sample_run().plan.name in viewer.everything()
        viewer.page.get_by_role("link", name="New audit").click()
        viewer.settle()
        assert "not start any" in viewer.everything()
        assert viewer.page.get_by_role("button", name="Start audit").count() == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@example.com"},
        {"email": "auditor@example.org", "email_verified": False},
    ],
    ids=["not listed", "not verified"],
)
def test_others_are_refused_and_told_why(
    browser: Browser, dashboard: tuple[str, Provider], claims: dict[str, object]
) -> None:
    with Visitor(browser) as stranger:
        sign_in(stranger, dashboard, **claims)  # type: ignore[arg-type]
        seen = stranger.everything()
        assert "No access" in seen
        assert "access.yaml" in seen
        sent = b"\n".join([*stranger.heard, seen.encode()])
        assert sample_run().plan.name.encode() not in sent
        stranger.page.get_by_role("button", name="Sign out").click()
        stranger.page.get_by_role("button", name="Sign in").wait_for()


def test_who_is_taken_from_the_list_is_out_at_the_next_click(
    browser: Browser, home: Path, dashboard: tuple[str, Provider]
) -> None:
    with Visitor(browser) as viewer:
        sign_in(viewer, dashboard, "somebody@example.net")
        try:
            (home / "access.yaml").write_text("auditors: [auditor@example.org]\n")
            viewer.page.get_by_role("link", name="Scorecard").click()
            viewer.page.get_by_text("No access").wait_for()
        finally:
            (home / "access.yaml").write_text(ACCESS)

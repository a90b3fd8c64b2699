"""Every page over runs whose texts try to be more than text: nothing is fetched, nothing runs, nothing is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

import pytest

from dashboard.shell import VIEWS
from tests.browser import a_browser
from tests.dashboard.hostile_home import HostileHome, hostile_home
from tests.dashboard.running import Visitor, served
from tests.reports.hostile import ATTACKS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PATHS: Final = ["", *(view.path for view in VIEWS[1:])]
"""Home has no path of its own."""

ASKED: Final = """run finding attribute area verdict example texts filter sort page row format examples job method
target layer head colour map name pick point slice versus preview going""".split()
"""What pages ask the address for; others take it from links that they were sent."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> HostileHome:
    return hostile_home(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def dashboard(home: HostileHome) -> Iterator[str]:
    with served(home.folder) as address:
        yield address


def unharmed(reader: Visitor, dashboard: str) -> None:
    """Nothing left this dashboard, nothing of the data's ran, and the browser has nothing to complain about."""
    assert [asked for asked in reader.asked if not asked.startswith((dashboard, "data:", "blob:", "about:"))] == []
    assert reader.refused == []
    assert reader.dialogs == []
    assert reader.complaints == []
    assert reader.page.evaluate("window.violations") == []
    assert "owned" not in reader.page.title()
    assert reader.page.locator(".stException").count() == 0


@pytest.mark.parametrize("path", PATHS)
def test_no_page_takes_data_for_markup(browser: Browser, dashboard: str, home: HostileHome, path: str) -> None:
    with Visitor(browser) as reader:
        for run in (home.audited, home.drawn):
            reader.open(f"{dashboard}{path}?{urlencode({'run': run.id, 'texts': 'shown', 'examples': 'shown'})}")
            reader.still()
            unharmed(reader, dashboard)


def test_no_finding_takes_data_for_markup(browser: Browser, dashboard: str, home: HostileHome) -> None:
    with Visitor(browser) as reader:
        for run in (home.audited, home.drawn):
            for finding in run.findings[:: max(1, len(run.findings) // 4)]:
                reader.open(f"{dashboard}scorecard?{urlencode({'run': run.id, 'finding': finding.name})}")
                unharmed(reader, dashboard)


@pytest.mark.parametrize("path", PATHS)
def test_no_page_trusts_its_address(browser: Browser, dashboard: str, home: HostileHome, path: str) -> None:
    with Visitor(browser) as reader:
        for shift, run in enumerate((ATTACKS[3], home.audited.id)):
            attacks = {name: ATTACKS[(at + 7 * shift) % len(ATTACKS)] for at, name in enumerate(ASKED)}
            reader.open(f"{dashboard}{path}?{urlencode(attacks | {'run': run}, quote_via=quote)}")
            reader.still()
            unharmed(reader, dashboard)

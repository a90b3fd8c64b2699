"""Data and Reports as somebody uses them: a row is clicked and explained, a heading sorts, a file arrives."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

import audits
from audits.browse.rows import BrowsedRows, rows_of
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs
from tests.audits.engine.worlds import comments, write_plan
from tests.browser import a_browser
from tests.dashboard.running import Visitor, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PATIENCE = 30_000
"""Milliseconds for anything to appear: machines are shared."""

HOSTILE = "<img src=x onerror=alert(1)> **b** $x$"

IFRAME = ("Unrecognized feature:", "An iframe which has both allow-scripts and allow-same-origin")
"""What Chromium says about the frame that Streamlit puts around any HTML."""

ROW = 35
"""Pixels of a row of Streamlit's table, and of its heading."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Run:
    data = comments(130).with_columns(pl.lit(HOSTILE).alias("*note* <b>"))
    return audits.run(write_plan(tmp_path / "plan", data, ["bias.group-rates"]))


def rows(run: Run) -> BrowsedRows:
    return rows_of(run, Runs(database_url()).base(run.id))


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def click_cell(page: Page, row: int, x: int = 80) -> None:
    """A click into the row of that number; 0 is the heading."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + x, box["y"] + ROW * row + ROW / 2)


def test_a_row_is_opened_and_explained(browser: Browser, home: Path, run: Run) -> None:
    third = rows(run).page(start=2, count=1).row(0, named=True)
    with served(home) as address, Visitor(browser) as visitor:
        page = visitor.open(f"{address}data?run={run.id}")
        page.get_by_text("130 examples; the answer is right for").wait_for(timeout=PATIENCE)
        page.get_by_text("1 to 50 of 130").wait_for()
        page.locator("#glide-cell-1-2").wait_for(state="attached", timeout=PATIENCE)
        cells = page.locator("tr:has(#glide-cell-1-2) td").all_text_contents()
        assert cells[0] == third["@predicted"]
        assert f"hidden, {len(third['text'].split())} words" in cells
        assert third["text"] not in visitor.everything()
        click_cell(page, 3)
        explain = page.get_by_role("link", name="Open in Explain")
        explain.wait_for(timeout=PATIENCE)
        assert asked(page)["row"] == [third["@key"]]
        explain.click()
        page.wait_for_url("**/explain?*", timeout=PATIENCE)
        assert asked(page) == {"run": [run.id], "example": [third["@key"]]}
        assert not visitor.dialogs
        assert not visitor.refused


def test_a_heading_sorts_all_rows_and_back_leads_to_the_order_before(browser: Browser, home: Path, run: Run) -> None:
    least = rows(run).frame.collect().sort("@predicted")["@predicted"][0]
    with served(home) as address, Visitor(browser) as visitor:
        page = visitor.open(f"{address}data?run={run.id}&texts=shown&page=2")
        page.get_by_text("51 to 100 of 130").wait_for(timeout=PATIENCE)
        click_cell(page, 0, x=50)
        page.wait_for_url("**sort=*", timeout=PATIENCE)
        visitor.settle()
        assert asked(page)["sort"] == ["@predicted"]
        assert "page" not in asked(page)
        page.locator("#glide-cell-1-0", has_text=least).wait_for(state="attached", timeout=PATIENCE)
        page.go_back()
        page.get_by_text("51 to 100 of 130").wait_for(timeout=PATIENCE)
        assert not visitor.dialogs
        assert not visitor.complaints


@pytest.mark.parametrize("width", [1400, 390])
def test_the_file_and_the_report_arrive_and_the_preview_needs_no_network(
    browser: Browser, home: Path, run: Run, width: int
) -> None:
    with served(home) as address, Visitor(browser, accept_downloads=True) as visitor:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        page = visitor.open(f"{address}data?run={run.id}&filter=@group.group:women")
        with page.expect_download(timeout=PATIENCE) as waiting:
            page.get_by_role("button", name="Download these rows").click()
        assert waiting.value.suggested_filename.endswith("-rows.csv")
        with Path(waiting.value.path()).open(newline="", encoding="utf-8") as file:
            assert {line["Group"] for line in csv.DictReader(file)} == {"women"}
        page = visitor.open(f"{address}reports?run={run.id}")
        page.get_by_text(f"It holds {len(run.findings)} findings").wait_for(timeout=PATIENCE)
        with page.expect_download(timeout=PATIENCE) as waiting:
            page.get_by_role("button", name="Download the report").click()
        assert waiting.value.suggested_filename == f"a-first-look-{run.manifest.started:%Y%m%d}.html"
        inside = page.frame_locator("iframe[title*=Preview], iframe").last
        inside.get_by_role("heading", name="A first look").or_(
            inside.get_by_role("heading", name="a first look")
        ).first.wait_for(timeout=PATIENCE)
        assert not visitor.refused
        assert not [said for said in visitor.complaints if not said.startswith(IFRAME)]

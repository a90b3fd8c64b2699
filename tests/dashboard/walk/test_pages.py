"""Every page says what was planted, in both themes, wide and narrow, and keeps nobody out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from dashboard.shell import VIEWS
from reports.look.palette import DARK, LIGHT
from tests.dashboard.walk.axe import barriers
from tests.dashboard.walk.contents import FPR, PAGES
from tests.dashboard.walk.planted import Planted

if TYPE_CHECKING:
    from tests.dashboard.walk.visit import Visit

pytestmark = pytest.mark.browser


def test_every_page_is_walked() -> None:
    assert set(PAGES) == {view.path for view in VIEWS}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_was_planted_and_keeps_nobody_out(
    visit: Callable[..., Visit], planted: Planted, name: str, theme: str
) -> None:
    at = visit(PAGES[name].address(planted), theme=theme)
    ground = at.page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert ground == _rgb((DARK if theme == "dark" else LIGHT).ground)
    for width in (1400, 390):
        at.page.set_viewport_size({"width": width, "height": 900})
        PAGES[name].says(at)
        assert sticking_out(at) == []
        assert barriers(at.page) == []
        at.check()


@pytest.mark.parametrize("page", ["scorecard", "fairness"])
def test_hostile_texts_are_only_read(visit: Callable[..., Visit], planted: Planted, page: str) -> None:
    at = visit(f"{page}?run={planted.hostile.id}")
    at.see("h1")
    assert "<script>" in at.everything()
    assert at.page.title() == "Evenlight"
    for finding in planted.hostile.findings[:2]:
        at.open(f"scorecard?run={planted.hostile.id}&finding={finding.name}")
        at.see(".open")


def test_without_such_a_run_the_page_says_what_to_do(visit: Callable[..., Visit]) -> None:
    at = visit("scorecard?run=nothing")
    at.see(".empty", "There is no finished run nothing.")
    assert barriers(at.page) == []
    at.click("See all runs")
    at.see("h1", "Runs")


def test_links_lead_from_page_to_page(visit: Callable[..., Visit], planted: Planted) -> None:
    at = visit("")
    at.click("Planted comments")
    at.see(".card-row")
    at.click(f"See {FPR}")
    at.at(finding=FPR)
    at.click("See it on the Fairness page")
    at.see(".sentence", "36 % against 14 %")
    at.at(finding=FPR, run=planted.text.id)
    at.click("See the rows")
    at.see(".stand", "comments")
    at.at(run=planted.text.id)
    at.click("Explain")
    at.see("h1", "Explain")
    at.at(run=planted.text.id)


def sticking_out(at: Visit) -> list[str]:
    """Elements of ours that stand wider than the page without anything around them that scrolls."""
    script = """() => { const out = []; for (const stage of document.querySelectorAll('[data-testid^=stBidi]')) {
        const root = stage.shadowRoot; if (!root) continue;
        for (const one of root.querySelectorAll('.stage *')) {
            const box = one.getBoundingClientRect();
            if (!box.width || box.right <= innerWidth + 1 || one.closest('.unseen')) continue;
            let up = one.parentElement, scrolls = false;
            while (up && !scrolls) {
                scrolls = ['auto', 'scroll', 'hidden'].includes(getComputedStyle(up).overflowX);
                up = up.parentElement;
            }
            if (!scrolls) out.push(one.outerHTML.slice(0, 120)); } } return out; }"""
    found: list[str] = at.page.evaluate(script)
    return found


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"

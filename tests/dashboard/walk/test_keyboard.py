"""Without a mouse everything of ours is reached by Tab, and one sees where one is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.dashboard.walk.contents import PAGES
from tests.dashboard.walk.planted import Planted

if TYPE_CHECKING:
    from tests.dashboard.walk.visit import Visit

pytestmark = pytest.mark.browser

OURS = """() => [...document.querySelectorAll('[data-testid^=stBidi]')].flatMap(stage => stage.shadowRoot
    ? [...stage.shadowRoot.querySelectorAll('button:not(:disabled), a[href], summary, [tabindex="0"]')] : [])
    .filter(one => one.checkVisibility())"""

NAMED = f"() => ({OURS})().map((one, at) => {{ one.dataset.stop = at; return one.outerHTML.slice(0, 160); }})"

FOCUSED = """() => { let one = document.activeElement;
    while (one && one.shadowRoot && one.shadowRoot.activeElement) one = one.shadowRoot.activeElement;
    if (!one || one === document.body) return ['', true];
    const style = getComputedStyle(one), drawn = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none';
    return [one.dataset.stop ?? '-', drawn || style.boxShadow !== 'none']; }"""

MOST = 250


@pytest.mark.parametrize("name", ["runs", "scorecard", "explain", "fairness", "data", "reports", "new_audit"])
def test_every_stop_of_ours_is_reached_and_seen(visit: Callable[..., Visit], planted: Planted, name: str) -> None:
    at = visit(PAGES[name].address(planted))
    PAGES[name].says(at)
    stops = at.page.evaluate(NAMED)
    reached: set[str] = set()
    unseen: list[str] = []
    for _ in range(MOST):
        at.page.keyboard.press("Tab")
        stop, seen = at.page.evaluate(FOCUSED)
        if stop.isdecimal():
            reached.add(stop)
            unseen += [] if seen else [stops[int(stop)]]
        if len(reached) == len(stops):
            break
    assert [stop for place, stop in enumerate(stops) if str(place) not in reached] == []
    assert unseen == []

"""What the pages must say of the planted runs: numbers that were planted, in the places where they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.dashboard.walk.planted import EACH, WRONG, Planted

if TYPE_CHECKING:
    from tests.dashboard.walk.visit import Visit

WORST: Final = (
    "Of the comments labelled neutral, those about Women are wrongly flagged 2.6 times as often as those about Men "
    "(36 % against 14 %; difference 22 points, 95 % interval 11 to 33). That is beyond the tolerance of 10 points."
)
FPR: Final = "group-rates.group.false-positive-rate"
ROWS: Final = 2 * EACH * len(WRONG)


@dataclass(frozen=True)
class Page:
    """A page's address and what must be read there."""

    address: Callable[[Planted], str]
    says: Callable[[Visit], None]


def runs(at: Visit) -> None:
    assert at.texts(".runs:not(.jobs) h2")[:2] == ["Planted comments", "Planted applicants"]
    assert at.texts(".runs .worst")[0] == WORST
    assert at.texts(".runs:not(.jobs) > li:first-child .counts li") == [
        "1 fail", "4 concern", "1 not enough evidence", "5 pass",
    ]  # fmt: skip


def scorecard(at: Visit) -> None:
    assert at.texts("h1") == ["Planted comments"]
    assert at.texts(".card > section > h2") == ["Fairness", "Explanations", "Data"]
    assert len(at.texts(".card-row")) == 11
    assert WORST in at.texts(".card-row > div > p")[0]
    # The finding of the address is open: its third bar is that of the group that is flagged most.
    at.see(".open .strip")
    assert at.texts(".open .strip >> nth=0 >> tbody th.label") == [
        "Older people", "Men", "Women",
    ]  # fmt: skip
    assert [words.split(" (")[0] for words in at.texts(".open .strip >> nth=0 >> tbody td.value")] == [
        "20 %",
        "14 %",
        "36 %",
    ]


def explain(at: Visit) -> None:
    at.see(".panel .words", "awful")
    assert at.texts(".panel h2") == ["One word left out (occlusion)"]
    assert at.texts(".bars td.number") == ["18 %", "82 %"]
    assert at.texts(".ranked tbody tr >> nth=0") == ["awful +2"]
    assert at.texts(".grid-frame td.chosen") != []
    assert "Layer 1, head 1: who looks at whom" in at.texts("h5")


def fairness(at: Visit) -> None:
    at.see(".sentence", WORST)
    assert len(at.texts(".picks .pick")) == 6
    assert at.texts(".picks [aria-pressed=true]") == [
        "Fail: How often comments labelled neutral are wrongly flagged (false positive rate)"
    ]
    if at.page.viewport_size and at.page.viewport_size["width"] > 720:
        at.see(".js-plotly-plot .point")
        drawn = at.page.locator(".js-plotly-plot").first.text_content() or ""
        assert all(f"{share} %" in drawn for share in (36, 14, 20))
    else:
        at.see(".narrow-only .strip")
        assert [each.split(" (")[0] for each in at.texts(".narrow-only .strip tbody td.value")] == [
            "20 %",
            "14 %",
            "36 %",
        ]


def data(at: Visit) -> None:
    wrong = sum(WRONG.values())
    at.see(".stand", f"{ROWS:,} comments")
    assert at.texts(".parts .chip")[:2] == [f"Wrongly flagged {wrong}", "Missed 0"]
    assert f"the answer is right for {1 - wrong / ROWS:.0%}".replace("%", " %") in at.texts(".stand")[0]
    at.see("[data-testid=stDataFrame] canvas")


def reports(at: Visit) -> None:
    assert at.texts("h1") == ["Reports"]
    assert f"11 findings about scripted, made of {ROWS:,} rows" in at.everything()


def new_audit(at: Visit) -> None:
    at.see(".found", "tells apart neutral and flagged")
    at.see(".found", f"{ROWS:,} rows in 4 columns.")
    assert "It begins from the plan of the run Planted comments." in at.everything()


PAGES: Final = {
    "runs": Page(lambda _: "", runs),
    "scorecard": Page(lambda one: f"scorecard?run={one.text.id}&finding={FPR}", scorecard),
    "explain": Page(lambda one: f"explain?run={one.text.id}&texts=shown&method=occlusion", explain),
    "fairness": Page(lambda one: f"fairness?run={one.text.id}&finding={FPR}", fairness),
    "data": Page(lambda one: f"data?run={one.text.id}", data),
    "reports": Page(lambda one: f"reports?run={one.text.id}", reports),
    "new_audit": Page(lambda one: f"new_audit?run={one.text.id}", new_audit),
}
"""Every page of the dashboard, opened on the run of comments."""

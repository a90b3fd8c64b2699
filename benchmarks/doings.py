"""What people do on each page: the pages with their addresses, and the clicks that are timed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from audits.runs import Run

Act = Callable[["Page"], object]


@dataclass(frozen=True, slots=True)
class View:
    """A page of a run, and what is there once it can be used."""

    name: str
    address: str
    ready: str


@dataclass(frozen=True, slots=True)
class Doing:
    """An interaction: where, what is done (each time the next of `acts`), and what reads otherwise afterwards."""

    name: str
    address: str
    ready: str
    acts: tuple[Act, ...]
    changes: str
    live: bool = False
    """Whether a model is asked anew."""


RUNS: Final = View("Runs", "", ".runs li")
CANVAS: Final = "[data-testid=stDataFrame] canvas"


def views(run: Run, texts: bool) -> list[View]:
    """The pages about a run."""
    found = [
        View("Scorecard", f"scorecard?run={run.id}", ".card-row"),
        View("Fairness", f"fairness?run={run.id}", ".js-plotly-plot .point"),
        View("Data", f"data?run={run.id}", CANVAS),
        View("Reports", f"reports?run={run.id}", "[data-testid=stDownloadButton]"),
        View("New audit", f"new_audit?run={run.id}", "[data-testid=stBaseButton-primary]"),
    ]
    return [*found, View("Explain", f"explain?run={run.id}&texts=shown", ".panel .words")] if texts else found


def button(name: str) -> Act:
    """Clicks a button by its name, or the beginning of it."""
    return lambda page: page.get_by_role("button", name=name).first.click()


def on(selector: str) -> Act:
    """Clicks the first element of a selector."""
    return lambda page: page.locator(selector).first.click()


def choose(label: str, option: str) -> Act:
    """Chooses from a list of Streamlit's; the list itself is open before the clock runs."""

    def act(page: Page) -> None:
        page.get_by_role("combobox", name=label, exact=True).click()
        page.get_by_role("option", name=option, exact=True).click()

    return act


def looked_for(name: str) -> Act:
    """Types a name and presses Enter."""

    def act(page: Page) -> None:
        page.get_by_label("Find by name").fill(name)
        page.keyboard.press("Enter")

    return act


def row(place: int) -> Act:
    """Clicks a row of the painted table."""

    def act(page: Page) -> None:
        box = page.locator(CANVAS).first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 60, box["y"] + 35 * place + 17)

    return act


def replaced(word: str) -> Act:
    """Replaces the first word of the text as it stands now, through its menu."""

    def act(page: Page) -> None:
        page.locator(".panel:last-child .words .word").first.click()
        page.locator(".word-menu input").fill(word)
        page.keyboard.press("Enter")

    return act


def doings(run: Run, texts: bool) -> list[Doing]:
    """Interactions with a run's pages that no model is asked for."""
    at = f"?run={run.id}"
    worst = run.findings[0].name
    rates = ".picks li:nth-child({}) button"
    found = [
        Doing("Scorecard: filter by verdict", f"scorecard{at}", ".card-row", (on(".chip.verdict"),), ".card-row .name"),
        Doing("Scorecard: open or close a finding", f"scorecard{at}", ".card-row",
              (on(f".see[data-value='{worst}']"),), f".see[data-value='{worst}']"),
        Doing("Fairness: another rate", f"fairness{at}", ".js-plotly-plot .point",
              (on(rates.format(2)), on(rates.format(1))), ".js-plotly-plot .annotation, .js-plotly-plot .xtitle"),
        Doing("Data: a part of the rows", f"data{at}", CANVAS, (on(".parts .chip"),), ".stand"),
        Doing("Data: next page", f"data{at}", CANVAS, (button("Next"),), ".pager .note"),
        Doing("Data: sort", f"data{at}", CANVAS, (choose("Sort by", "Predicted"), choose("Sort by", "Label")),
              "[data-testid=stDataFrame] table"),
        Doing("Data: open a row", f"data{at}", CANVAS, (row(2), row(4)), ".row-open h2"),
        Doing("Reports: another format", f"reports{at}", "[data-testid=stDownloadButton]",
              (button("JSON"), button("HTML")), "[data-testid=stDownloadButton]"),
    ]  # fmt: skip
    if texts:
        found += [
            Doing("Explain: pick a kind of examples, asked before", f"explain{at}&texts=shown", ".panel .words",
                  (button("Borderline"), button("In the report")), ".panel .words"),
        ]  # fmt: skip
    return found


def listed(name: str) -> list[Doing]:
    """Interactions with the list of runs and the page for a new audit."""
    return [
        Doing("Runs: find by name", "", ".runs li", (looked_for(name), looked_for("")), ".runs h2"),
        Doing("New audit: choose a model", "new_audit", ".known .chip",
              (button("demo:moderation-masked"), button("scripted:")), ".found p"),
    ]  # fmt: skip


def live(run: Run) -> list[Doing]:
    """Interactions for which the model is asked, each time something new."""
    at = f"explain?run={run.id}&texts=shown&pick=random"
    fresh = (f"word{n}" for n in cycle(range(10_000)))
    heads = tuple(on(f".grid button[data-value='{layer}.{head}']") for layer in (1, 2) for head in (1, 2))
    return [
        Doing("Explain: next example", at, ".panel .words", (button("Next"),), ".panel .words", live=True),
        Doing("Explain: a word replaced", at, ".panel .words", (lambda page: replaced(next(fresh))(page),),
              ".panel .words", live=True),
        Doing("Explain: another method", f"{at}&example=", ".panel .words",
              (choose("Method", "One word left out (occlusion)"), choose("Method", "Integrated gradients")),
              ".panel h2", live=True),
        Doing("Explain: another head", at, ".grid", heads, "h5", live=True),
    ]  # fmt: skip

"""Whatever is chosen stands in the address: a link shows the same, and back and forward undo and redo each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from audits.runs import Run
from tests.dashboard.door import evenlight
from tests.dashboard.walk.contents import FPR
from tests.dashboard.walk.planted import MODEL, WRONG, Planted, at_home
from tests.dashboard.walk.retracing import Walk

if TYPE_CHECKING:
    from tests.dashboard.walk.retracing import Seen
    from tests.dashboard.walk.visit import Visit

pytestmark = pytest.mark.browser


def counted(selector: str, n: int) -> Seen:
    return lambda at: expect(at.page.locator(selector)).to_have_count(n)


def reads(selector: str, text: str) -> Seen:
    return lambda at: expect(at.page.locator(selector).first).to_contain_text(text)


def both(*all_of: Seen) -> Seen:
    def seen(at: Visit) -> None:
        for one in all_of:
            one(at)

    return seen


def test_scorecard(visit: Callable[..., Visit], planted: Planted) -> None:
    at = visit(f"scorecard?run={planted.text.id}")
    walk = Walk(at, counted(".card-row", 11))
    walk.step(lambda: at.click("4 concern"), counted(".card-row", 4), verdict="concern")
    walk.step(
        lambda: at.page.locator(".chip", has_text="Fairness").click(),
        counted(".card-row", 3),
        area="Fairness",
        verdict="concern",
    )
    walk.step(lambda: at.click("4 concern"), counted(".card-row", 5), area="Fairness", verdict=None)
    walk.step(lambda: at.click(f"See {FPR}"), reads(".open .strip tbody", "36 %"), finding=FPR)
    walk.step(lambda: at.click(f"Close {FPR}"), counted(".open", 0), finding=None)
    walk.retrace(visit)


def test_fairness(visit: Callable[..., Visit], planted: Planted) -> None:
    at = visit(f"fairness?run={planted.text.id}")
    # Nobody chose: the worst comes first.
    walk = Walk(at, both(reads(".sentence", "36 % against 14 %"), reads(".js-plotly-plot", "36 %")))
    walk.step(
        lambda: at.page.locator(".pick", has_text="(accuracy)").click(),
        both(reads(".sentence", "93 % against 82 %"), reads(".js-plotly-plot", "93 %")),
        finding="group-rates.group.accuracy",
    )
    walk.step(
        lambda: at.page.locator(".pick", has_text="(true positive rate)").click(),
        both(reads(".sentence", "is even across"), reads(".js-plotly-plot", "100 %")),
        finding="group-rates.group.true-positive-rate",
    )
    walk.retrace(visit)


def test_runs(visit: Callable[..., Visit], planted: Planted) -> None:
    at = visit("")
    names = ".runs:not(.jobs) h2"
    walk = Walk(at, reads(names, "Planted comments"))

    def look_for(name: str) -> None:
        box = at.page.get_by_label("Find by name")
        box.fill(name)
        box.press("Enter")

    walk.step(lambda: look_for("applicants"), both(counted(names, 1), reads(names, "applicants")), name="applicants")
    walk.step(lambda: look_for("nobody"), reads(".note", "No run has such a name."), name="nobody")
    walk.retrace(visit)


def test_data(visit: Callable[..., Visit], planted: Planted) -> None:
    at, wrong = visit(f"data?run={planted.text.id}"), sum(WRONG.values())
    walk = Walk(at, reads(".stand", "1,500 comments"))
    walk.step(
        lambda: at.click(f"Wrongly flagged {wrong}"), reads(".stand", f"{wrong} of 1,500 comments"), slice="wrong"
    )
    walk.step(lambda: at.click("Next"), reads(".pager", f"51 to 100 of {wrong}"), page="2")

    def only_women() -> None:
        at.choose("Filter by", "Group")
        at.choose("Is", "Women")
        at.click("Add filter")

    women = both(reads(".stand", f"{WRONG['women']} of 1,500 comments"), reads(".filters", "Group: Women"))
    walk.step(only_women, women, page=None, slice="wrong")
    walk.step(
        lambda: at.choose("Sort by", "Row"),
        both(women, reads("[data-testid=stDataFrame]", "women-neutral-0")),
        sort="@key",
    )
    walk.step(lambda: at.cell(0, 2), both(women, reads(".row-open h2", "Row women-neutral-1")), row="women-neutral-1")
    walk.step(
        lambda: at.page.locator(".filters .chip").click(), reads(".stand", f"{wrong} of 1,500 comments"), row=None
    )
    walk.retrace(visit)


def test_explain(visit: Callable[..., Visit], planted: Planted) -> None:
    at = visit(f"explain?run={planted.text.id}&texts=shown")
    walk = Walk(at, both(reads(".note", "1 of 6"), reads(".panel h2", "Integrated gradients")))
    walk.step(lambda: at.click("Misclassified"), reads(".note", f"1 of {sum(WRONG.values())}"), pick="misclassified")
    walk.step(lambda: at.click("Next"), reads(".note", "2 of"))
    walk.step(
        lambda: at.choose("Method", "One word left out (occlusion)"),
        both(reads(".panel h2", "One word left out"), reads(".ranked tbody tr", "awful")),
        method="occlusion",
    )
    walk.step(
        lambda: at.choose("Beside it", "Integrated gradients"),
        both(counted(".panel", 2), reads(".panel >> nth=1 >> h2", "Integrated gradients")),
        versus="integrated-gradients",
    )
    walk.step(
        lambda: at.page.locator(".grid button[data-value='2.3']").click(),
        reads("h5:has-text('who looks at whom')", "Layer 2, head 3"),
        layer="2",
        head="3",
    )
    walk.retrace(visit)


def shares(*words: str) -> Seen:
    def seen(at: Visit) -> None:
        for place, word in enumerate(words):
            expect(at.page.locator(f".panel >> nth={place} >> .bars tr:last-child td.number")).to_contain_text(word)

    return seen


@pytest.mark.parametrize("hands", ["mouse", "keyboard"])
def test_words_are_changed(visit: Callable[..., Visit], planted: Planted, hands: str) -> None:
    """The scripted model's answers are known: awful weighs 2, lovely -2.5, the bias is -0.5."""
    at = visit(f"explain?run={planted.text.id}&texts=shown&example=women-neutral-3&method=occlusion")
    keys = at.page.keyboard

    def open_menu(word: str) -> None:
        target = at.page.locator(".panel .words .word", has_text=word).last
        if hands == "mouse":
            target.click()
        else:
            target.focus()
            keys.press("Enter")
        expect(at.page.locator(".word-menu input")).to_be_focused()

    def replaced() -> None:
        open_menu("awful")
        keys.type("lovely")
        if hands == "mouse":
            at.click("Replace")
        else:
            keys.press("Enter")

    def pressed(word: str, name: str, tabs: int) -> None:
        open_menu(word)
        if hands == "mouse":
            at.click(name)
            return
        for _ in range(tabs):
            keys.press("Tab")
        expect(at.page.get_by_role("button", name=name)).to_be_focused()
        keys.press("Enter")

    def text(words: str) -> Seen:
        return lambda one: expect(one.page.get_by_label("Text", exact=True)).to_have_value(words)

    own = "The {} boss met women at noon 3"
    walk = Walk(at, both(text(own.format("awful")), shares("82 %")))
    walk.step(replaced, both(text(own.format("lovely")), shares("82 %", "4.7 % (-77 points)")))
    walk.step(lambda: pressed("lovely", "Mask", 3), both(text(own.format("[mask]")), shares("4.7 %", "38 %")))
    walk.step(
        lambda: pressed("[mask]", "Remove", 2), both(text("The boss met women at noon 3"), shares("38 %", "38 %"))
    )
    walk.retrace(visit)


def test_escape_closes_the_words_menu(visit: Callable[..., Visit], planted: Planted) -> None:
    at = visit(f"explain?run={planted.text.id}&texts=shown&example=women-neutral-3")
    word = at.page.locator(".panel .words .word", has_text="awful")
    word.focus()
    at.page.keyboard.press("Enter")
    expect(at.page.locator(".word-menu")).to_be_visible()
    at.page.keyboard.press("Escape")
    expect(at.page.locator(".word-menu")).to_have_count(0)
    expect(word).to_be_focused()


def test_texts_stay_covered_until_they_are_asked_for(visit: Callable[..., Visit], planted: Planted) -> None:
    at = visit(f"explain?run={planted.text.id}&example=women-neutral-3")
    walk = Walk(at, reads(".covered", "may hold strong language"))
    assert "awful" not in at.everything()
    walk.step(lambda: at.click("Show texts"), reads(".panel .words", "awful"), texts="shown")


def test_reports(visit: Callable[..., Visit], planted: Planted) -> None:
    at = visit(f"reports?run={planted.text.id}")
    kind = "[data-testid=stDownloadButton]"
    walk = Walk(at, reads(kind, "(HTML)"))
    walk.step(lambda: at.page.locator(".chip, button", has_text="JSON").first.click(), reads(kind, "(JSON)"))
    walk.retrace(visit)
    with at.page.expect_download() as downloaded:
        at.page.locator(f"{kind} button").click()
    assert Run.read(downloaded.value.path().read_text("utf-8")) == planted.text


def test_a_new_audit_is_put_together_queued_and_becomes_a_run(visit: Callable[..., Visit], planted: Planted) -> None:
    at = visit("new_audit")

    def write(label: str, text: str) -> None:
        # What the page suggests meanwhile would stand in the box instead of what is typed.
        at.page.wait_for_timeout(400)
        at.see(".stApp[data-test-script-state='notRunning']")
        box = at.page.get_by_label(label, exact=True)
        box.fill(text)
        box.press("Enter")

    write("Address, folder or name", MODEL)
    at.see(".found", "tells apart neutral and flagged")
    write("File, folder or source", str(planted.comments))
    at.see(".found", "1,500 rows in 4 columns.")
    write("What the run is called", "Walked into being")
    start = at.page.get_by_role("button", name="Start audit")
    expect(start).to_be_enabled()
    expect(at.page.locator("[data-testid=stCode]")).to_contain_text("Walked into being")
    start.click()
    at.see(".jobs", "Walked into being")
    fresh = visit(at.address)
    fresh.see(".jobs", "Walked into being")
    with at_home(planted.home):
        assert evenlight("worker", "--burst").returncode == 0
    # The list looks again by itself while something is to be done.
    expect(at.page.locator(".runs:not(.jobs) h2 a", has_text="Walked into being")).to_be_visible()
    at.click("Walked into being")
    at.see(".card-row", "36 % against 14 %")

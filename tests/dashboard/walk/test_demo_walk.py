"""The demo on its real models: every page says what the run itself says, and pictures of all pages are left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import audits
from audits.evidence import GroupRates, PairTests, TokenScores
from audits.findings import Verdict
from audits.runs import Run
from audits.store.home import database_url, home
from audits.store.runs import Runs, State
from dashboard.demo import demo_plans
from dashboard.shell import VIEWS
from reports.look.verdicts import rank
from reports.look.wording import plain, visible
from tests.dashboard.running import served
from tests.dashboard.walk.axe import barriers
from tests.dashboard.walk.visit import THEMES, WIDTHS, Theme, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.assets, pytest.mark.slow, pytest.mark.browser]

PICTURES = Path(__file__).parents[3] / "evenlight-demo" / "screenshots"


@pytest.fixture(scope="module")
def run() -> Run:
    """The demo's first run, made where it is not there yet."""
    runs, plan = Runs(database_url()), demo_plans()[0]
    made = [entry.id for entry in runs.entries() if entry.name == plan.name and entry.state is State.FINISHED]
    whole = [one for one in map(audits.load, made) if one.plan.audits == plan.audits]
    return whole[0] if whole else audits.run(plan)


@pytest.fixture(scope="module")
def demo(run: Run) -> Iterator[str]:
    with served(home()) as address:
        yield address


@pytest.fixture
def at(browser: Browser, demo: str) -> Iterator[Visit]:
    visit = Visit(browser, demo)
    yield visit
    visit.check()
    visit.close()


def percent(share: float) -> str:
    """As people write it: no decimals from 10 % up, one below."""
    digits = 0 if share >= 0.0995 or share == 0 else 1
    return f"{100 * share:.{digits}f} %"


def test_the_scorecard_holds_every_finding_worst_first(at: Visit, run: Run) -> None:
    at.open(f"scorecard?run={run.id}")
    assert sorted(at.texts(".card-row .name")) == sorted(finding.name for finding in run.findings)
    said = at.everything()
    assert all(plain(finding.summary) in said for finding in run.findings)
    first = at.texts(".card-row .name")[0]
    assert rank(run.finding(first).verdict) == min(rank(finding.verdict) for finding in run.findings)
    fails = sum(finding.verdict is Verdict.FAIL for finding in run.findings)
    assert f"{fails} fail" in at.texts(".chip")


def test_the_forest_plots_hold_the_rates_and_the_p_values(at: Visit, run: Run) -> None:
    at.page.set_viewport_size({"width": 390, "height": 900})
    compared = [finding for finding in run.findings if finding.audit == "bias.group-rates"]
    assert len(compared) == 5
    for finding in compared:
        (rates,) = (e for e in finding.evidence if isinstance(e, GroupRates))
        (pairs,) = (e for e in finding.evidence if isinstance(e, PairTests))
        at.open(f"fairness?run={run.id}&finding={finding.name}")
        at.see(".narrow-only .strip")
        assert [words.split(" (")[0] for words in at.texts(".narrow-only .strip tbody td.value")] == [
            percent(group.rate) for group in rates.groups if group.rate is not None
        ]
        # Slices further down have a strip too, whose rows tell their n.
        told = [text for text in at.texts(".strip:not(.narrow-only *) tbody td.aside") if text.startswith("p")]
        corrected = [pair.test.adjusted for pair in pairs.pairs if pair.test.adjusted is not None]
        assert len(corrected) == len(pairs.pairs)
        assert sorted(told) == sorted(_p(p) for p in corrected)


def test_live_word_scores_are_those_of_the_audit(at: Visit, run: Run) -> None:
    (scores,) = (e for e in run.finding("attribution").evidence if isinstance(e, TokenScores))
    for text in scores.texts[:3]:
        at.open(f"explain?run={run.id}&texts=shown&example={text.example.key}&method=integrated-gradients")
        at.see(".panel .words")
        assert at.texts(".panel .words .word") == [visible(word) for word in text.example.words]
        strongest = max(zip(text.scores, text.example.words, strict=True), key=lambda pair: abs(pair[0]))
        assert at.texts(".ranked tbody tr th")[0] == visible(strongest[1])
        number = float(at.texts(".ranked tbody tr td.number")[0].replace("−", "-"))
        assert number == pytest.approx(strongest[0], rel=0.02)


def test_a_chosen_head_is_named_in_its_heading(at: Visit, run: Run) -> None:
    at.open(f"explain?run={run.id}&texts=shown")
    at.page.locator(".grid button[data-value='3.5']").click()
    expect(at.page.locator("h5", has_text="who looks at whom")).to_contain_text("Layer 3, head 5")
    at.at(layer="3", head="5")


def test_the_rows_are_those_that_were_audited(at: Visit, run: Run) -> None:
    at.open(f"data?run={run.id}")
    expect(at.page.locator(".stand")).to_contain_text(f"{run.manifest.data.rows:,} comments")


@pytest.mark.parametrize("theme", THEMES)
def test_every_page_is_pictured_and_keeps_nobody_out(browser: Browser, demo: str, run: Run, theme: Theme) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    worst = min(run.findings, key=lambda finding: rank(finding.verdict)).name
    more = {"scorecard": f"&finding={worst}", "fairness": f"&finding={worst}", "explain": "&texts=hidden"}
    for width in WIDTHS:
        for view in VIEWS:
            at = Visit(browser, demo, theme, width)
            at.open("" if view.path == "runs" else f"{view.path}?run={run.id}{more.get(view.path, '')}")
            assert barriers(at.page) == []
            at.picture(PICTURES / f"{view.path}-{theme}-{width}.png")
            at.check()
            at.close()


def _p(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.01 else f"p = {p:.2f}"

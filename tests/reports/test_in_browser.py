"""The report as a reader has it: opened in Chromium, in both themes, wide and narrow, with script and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from audits.evidence import GroupRates
from audits.runs import Run
from reports import write
from reports.formats.html import run_html
from reports.look.palette import DARK
from reports.look.wording import visible
from tests.browser import a_browser
from tests.reports.hostile import hostile_run
from tests.reports.sample_evidence import LABELS
from tests.reports.sample_run import sample_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(sample_run(), tmp_path_factory.mktemp("sample") / "report.html")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run, set[str]]:
    run, texts = hostile_run()
    place = tmp_path_factory.mktemp("hostile") / "report.html"
    place.write_text(run_html(run, show_examples=True), "utf-8")
    return place, run, texts


class Opened:
    """A page with everything that it asked for and complained about."""

    def __init__(self, browser: Browser, place: Path, width: int = 1400, **options: Any) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.add_init_script(
            "window.violations = []; addEventListener('securitypolicyviolation', e => violations.push(e.blockedURI))"
        )
        self.page.goto(place.as_uri())
        self.page.wait_for_timeout(300)

    def ask(self, script: str) -> Any:
        return self.page.evaluate(script)

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plotly_draws_under_the_policy_without_a_complaint(browser: Browser, sample: Path, theme: Any) -> None:
    with Opened(browser, sample, color_scheme=theme) as report:
        report.page.wait_for_selector(".live .xaxislayer-above text, .live .xtick")
        charts = len(re.findall('class="has-chart"', sample.read_text("utf-8")))
        assert report.ask("document.querySelectorAll('figure.lives .live svg.main-svg').length") >= charts
        assert report.ask("[...document.querySelectorAll('.has-chart .still')].every(e => !e.offsetParent)")
        assert report.complaints == []
        assert report.ask("violations") == []
        assert report.asked == [sample.as_uri()]
        assert (theme == "dark") == (report.ask("getComputedStyle(document.body).backgroundColor") == _rgb(DARK.ground))


def test_a_change_of_theme_redraws_the_charts(browser: Browser, sample: Path) -> None:
    with Opened(browser, sample, color_scheme="light") as report:
        ground = "getComputedStyle(document.querySelector('.live svg.main-svg')).background"
        light = report.ask(ground)
        report.page.emulate_media(color_scheme="dark")
        report.page.wait_for_function(f"({ground}) !== {light!r}")
        assert _rgb(DARK.ground) in report.ask(ground)


def test_hostile_texts_fetch_nothing_link_nowhere_and_run_nothing(
    browser: Browser, hostile: tuple[Path, Run, set[str]]
) -> None:
    place, run, _ = hostile
    with Opened(browser, place) as report:
        report.page.wait_for_selector(".live svg.main-svg")
        report.page.wait_for_timeout(700)
        assert report.asked == [place.as_uri()]
        assert report.complaints == []
        assert report.ask("violations") == []
        assert report.page.title() == f"{visible(run.plan.name)} – Evenlight"
        assert (
            report.ask("document.querySelectorAll('img, image, iframe, object, embed, form, base, link').length") == 0
        )
        assert report.ask(
            "[...document.querySelectorAll('a')].every(a => (a.getAttribute('href') || '').startsWith('#'))"
        )
        assert report.ask(
            "[...document.querySelectorAll('*')].every(e => ![...e.attributes].some(a => /^on/.test(a.name)))"
        )


def test_plotly_reads_no_markup_in_the_names_of_groups(browser: Browser, hostile: tuple[Path, Run, set[str]]) -> None:
    place, run, _ = hostile
    rates = next(e for finding in run.findings for e in finding.evidence if isinstance(e, GroupRates))
    with Opened(browser, place) as report:
        report.page.wait_for_selector(".live .ytick text")
        labels = report.ask("[...document.querySelectorAll('.live .ytick text')].map(label => label.textContent)")
        drawn = re.sub(r"\s", "", "|".join(labels))
        for group in rates.groups:
            assert re.sub(r"\s", "", visible(group.label)) in drawn
        assert report.ask("document.querySelectorAll('.live a, .live foreignObject').length") == 0
        styles = report.ask(
            "[...document.querySelectorAll('.live .ytick tspan')].map(e => e.getAttribute('style') || '')"
        )
        assert not [style for style in styles if "bold" in style or "italic" in style]


def test_hovering_shows_the_group_as_it_is_written(browser: Browser, hostile: tuple[Path, Run, set[str]]) -> None:
    place, run, _ = hostile
    rates = next(e for finding in run.findings for e in finding.evidence if isinstance(e, GroupRates))
    with Opened(browser, place) as report:
        points = report.page.locator(".live").first.locator(".point")
        said = []
        for i in range(points.count()):
            points.nth(i).hover(force=True)
            report.page.wait_for_timeout(120)
            said.append(
                report.ask("[...document.querySelectorAll('.hoverlayer text')].map(t => t.textContent).join('')")
            )
        told = re.sub(r"\s", "", "".join(said))
        marked = [group for group in rates.groups if group.rate is not None]
        assert all(re.sub(r"\s", "", visible(group.label)) in told for group in marked)
        assert report.complaints == []


@pytest.mark.parametrize("width", [390, 719, 720, 1400])
def test_nothing_sticks_out_at_any_width(browser: Browser, hostile: tuple[Path, Run, set[str]], width: int) -> None:
    with Opened(browser, hostile[0], width=width) as report:
        report.ask("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert report.ask("document.documentElement.scrollWidth") <= width
        live = report.ask("[...document.querySelectorAll('.live')].filter(e => e.offsetParent).length")
        assert (live > 0) == (width >= 720)


def test_without_script_the_report_is_whole(browser: Browser, sample: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(sample.as_uri())
    assert page.locator(".has-chart .still").first.is_visible()
    assert not page.locator(".live").first.is_visible()
    for label in LABELS.values():
        assert page.locator(".strip th.label", has_text=label).first.is_visible()
    assert not page.get_by_text("neighbour").first.is_visible()
    page.locator("details.texts:has(.words) > summary").first.click()
    assert page.locator("details.texts .words").first.is_visible()
    context.close()


def test_on_paper_the_still_drawings_and_the_numbers_stand_and_example_texts_do_not(
    browser: Browser, sample: Path
) -> None:
    with Opened(browser, sample, color_scheme="dark") as report:
        report.page.emulate_media(media="print")
        assert report.page.locator(".has-chart .still").first.is_visible()
        assert not report.page.locator(".live").first.is_visible()
        assert report.page.locator("details.more .data").first.is_visible()
        assert not report.page.locator("details.texts .words").first.is_visible()
        assert report.page.get_by_text("left closed when this was printed").first.is_visible()
        report.ask("document.querySelector('details.texts:has(.words)').open = true")
        assert report.page.locator("details.texts .words").first.is_visible()
        assert report.ask("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_reader_without_a_mouse_can_follow_a_words_attention(
    browser: Browser, hostile: tuple[Path, Run, set[str]]
) -> None:
    with Opened(browser, hostile[0]) as report:
        report.page.locator("li[data-token='3']").first.focus()
        assert report.ask(
            "[...document.querySelectorAll('path.picked')].map(p => p.dataset.from).every(f => f === '3')"
        )
        assert report.ask("document.querySelectorAll('path.picked').length") > 0


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"

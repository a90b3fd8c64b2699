"""The HTML report, read as text: what stands where, what may run, and that every word went through the right door."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from audits.findings import Verdict
from audits.runs import Run
from probes.speech import speaking
from reports.formats.contents import area_of
from reports.formats.html import run_html
from tests.reports.hostile import hostile_run
from tests.reports.sample_run import sample_run

VOID = {"meta", "link", "br", "img", "circle", "path"}
ALLOWED = set(
    "html head meta title style body script main header footer section article nav div p span h1 h2 h3 h4 h5 ul ol li "
    "a bdi table caption thead tbody tfoot tr th td figure figcaption details summary code pre strong i br svg path "
    "mark circle line polyline polygon rect evenlight-attention evenlight-words".split()
)


class Page(HTMLParser):
    """What a browser would see, as far as the standard library reads HTML."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words: list[tuple[tuple[str, ...], str]] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.scripts.append(data)
        elif data.strip():
            self.words.append((tuple(self._open), data))


@pytest.fixture(scope="module")
def run() -> Run:
    return sample_run()


@pytest.fixture(scope="module")
def text(run: Run) -> str:
    return run_html(run)


def policy(page: Page) -> str:
    (found,) = (a["content"] for tag, a in page.elements if tag == "meta" and "Content" in (a.get("http-equiv") or ""))
    return found or ""


def test_the_policy_allows_nothing_but_hashed_scripts_and_inline_styles(text: str) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in policy(Page(text)).split(";"))
    assert rules.keys() == {"default-src", "script-src", "style-src", "base-uri", "form-action"}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["style-src"] == "'unsafe-inline'"
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", source) for source in rules["script-src"].split())


@pytest.mark.parametrize("charts", [True, False])
def test_the_policy_names_exactly_the_scripts_that_are_there(run: Run, charts: bool) -> None:
    findings = run.findings if charts else tuple(f.model_copy(update={"evidence": ()}) for f in run.findings)
    page = Page(run_html(run.model_copy(update={"findings": findings})))
    kinds = [attributes.get("type") for tag, attributes in page.elements if tag == "script"]
    code = [s for s, kind in zip(page.scripts, kinds, strict=True) if kind is None]
    hashes = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in code]
    assert re.search(r"script-src ([^;]+);", policy(page))[1].split() == hashes  # type: ignore[index]
    assert any("plotly" in script[:200] for script in code) == charts


def test_hostile_texts_make_no_element_no_attribute_and_no_link() -> None:
    run, texts = hostile_run()
    page = Page(run_html(run, show_examples=True))
    assert {tag for tag, _ in page.elements} <= ALLOWED
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")], attributes
        assert "src" not in attributes
        assert "srcdoc" not in attributes
        assert (attributes.get("href") or "#").startswith("#"), (tag, attributes)
    shown = " ".join(words for _, words in page.words)
    assert "alert(1)" in shown
    assert "{{ 7 * 7 }}" in shown
    assert "\u202e" not in shown
    assert len(texts) > 20


def test_the_hostile_page_has_the_same_elements_as_the_plain_one(text: str) -> None:
    run, _ = hostile_run()
    plain, attacked = ([tag for tag, _ in Page(page).elements] for page in (text, run_html(run)))
    assert plain == attacked


def test_the_worst_comes_first_on_the_cover(text: str) -> None:
    cover = text.partition("</header>")[0]
    worst = [
        cover.index("Neutral comments about"),
        cover.index("heads look at one"),
        cover.index("are labelled as biased"),
    ]
    assert worst == sorted(worst)
    for words in ("1 fail", "2 concern", "2 pass", "1 not enough evidence", "1 not applicable", "1 error"):
        assert words in cover


def test_what_could_not_be_checked_stands_before_the_contents_and_the_findings(text: str) -> None:
    left_open, contents, findings = (text.index(f'id="{name}"') for name in ("unchecked", "contents", "findings"))
    assert left_open < contents < findings
    section = text[left_open:contents]
    for words in ("could not be seen", "Attention was not audited", "The audit stopped", "Group not stated"):
        assert words in section


def test_a_run_that_left_nothing_open_says_so(run: Run) -> None:
    checked = tuple(f.model_copy(update={"evidence": ()}) for f in run.findings if f.verdict.checked)
    assert "Nothing was left open" in run_html(run.model_copy(update={"findings": checked}))


def test_a_run_without_findings_is_a_report_too(run: Run) -> None:
    assert "No findings" in run_html(run.model_copy(update={"findings": ()}))


def test_every_finding_has_its_section_within_its_area_worst_first(run: Run, text: str) -> None:
    body = text[text.index('id="findings"') :]
    names = re.findall(r'<p class="eyebrow">.*?<code><bdi>(.*?)</bdi>', body, re.DOTALL)
    assert sorted(names) == sorted(finding.name for finding in run.findings)
    fairness = [run.finding(name).verdict for name in names if area_of(run.finding(name).audit) == "Fairness"]
    assert fairness == [Verdict.FAIL, Verdict.INSUFFICIENT, Verdict.PASS]


def test_every_link_leads_to_a_place_on_the_page(text: str) -> None:
    page = Page(text)
    targets = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    links = [attributes["href"] or "" for tag, attributes in page.elements if tag == "a"]
    assert links
    assert {link.removeprefix("#") for link in links} <= targets
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_an_audit_that_is_not_installed_is_placed_by_its_name() -> None:
    assert area_of("bias.of-a-plugin") == "Fairness"
    assert area_of("data.of-a-plugin") == "Data"
    assert area_of("attention.of-a-plugin") == "Explanations"


def test_example_texts_stand_behind_a_click_by_default(run: Run, text: str) -> None:
    assert text.count('<details class="texts">') == 3
    assert run_html(run, show_examples=True).count('<details class="texts" open>') == 3
    assert "neighbour" not in re.sub(r'<details class="texts">.*?</details>', "", text, flags=re.DOTALL)


class Marked:
    """A language whose every message is marked: what reaches a reader unmarked has bypassed translation."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"


def test_every_word_of_ours_can_be_translated(run: Run) -> None:
    with speaking(Marked()):
        page = Page(run_html(run, show_examples=True))
    bypassed = []
    depth = 0
    for path, words in page.words:
        theirs = {"bdi", "code", "pre", "style", "title"} & set(path)
        for letter in words:
            depth += (letter == "⟦") - (letter == "⟧")
            if letter.isalpha() and depth == 0 and not theirs:
                bypassed.append(words)
                break
    symbols = re.compile(r"Evenlight|p [=<] [\d.]+|[\d.]+ (s|min|h)")
    assert [words for words in bypassed if not symbols.fullmatch(words.strip())] == []

"""Words on a page: what is ours is worded, what is theirs is harmless, visible and unchanged."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.speech import Count, Name, Names, Number, Share, say
from reports.look.wording import chart_label, fragment, prose, untrusted, visible
from tests.reports.hostile import ATTACKS

texts = st.text() | st.sampled_from(ATTACKS)


@given(texts)
def test_untrusted_text_holds_no_element_but_its_own_isolation(text: str) -> None:
    markup = str(untrusted(text))
    assert re.findall(r"<[^>]*>", markup) == ["<bdi>", "</bdi>"]
    assert html.unescape(markup.removeprefix("<bdi>").removesuffix("</bdi>")) == visible(text)


@given(texts)
def test_no_text_can_turn_the_reading_direction_or_hide_itself(text: str) -> None:
    assert not set(visible(text)) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\x1b")
    assert visible(visible(text)) == visible(text)


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == text


@given(texts, st.none() | st.integers(5, 40))
def test_a_chart_label_has_no_tag_but_line_breaks_and_no_latex(text: str, width: int | None) -> None:
    label = chart_label(text, width)
    assert "$" not in label
    assert "<" not in label.replace("<br>", "")
    assert re.sub(r"\s", "", html.unescape(label.replace("<br>", ""))) == re.sub(r"\s", "", visible(text))


@given(texts, texts)
def test_a_sentence_says_its_names_and_nothing_in_them_is_read(first: str, second: str) -> None:
    markup = str(prose(say("Between {a} and {b} lie {n} rows.", a=first, b=Names(texts=(second, "x")), n=3)))
    assert set(re.findall(r"<[^>]*>", markup)) == {"<bdi>", "</bdi>"}
    assert str(untrusted(first)) in markup
    assert str(untrusted(second)) in markup


def test_a_sentence_begins_with_a_capital_also_where_a_name_stands_first() -> None:
    assert str(prose(say("{group} is small.", group="muslims"))) == "<bdi>Muslims</bdi> is small."


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (fragment("n = {n}", n=61), "n = 61"),
        (fragment("{rate} of all", rate=Share(value=0.36)), "36 % of all"),
        (fragment("{name}: {x}", name="élan", x=Number(value=None)), "élan: undefined"),
        (fragment("{name}", name=Name(text="iPhone")), "iPhone"),
        (fragment("everybody: {n}", n=Count(value=1000)), "everybody: 1,000"),
    ],
)
def test_a_fragment_keeps_its_first_letter(made: str, wanted: str) -> None:
    assert made == wanted


def test_a_number_and_its_percent_sign_stay_on_one_line() -> None:
    assert "36\u00a0%" in prose(say("{rate} of them", rate=Share(value=0.36)))

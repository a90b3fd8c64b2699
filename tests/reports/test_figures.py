"""Every kind of evidence has exactly one drawing, and every drawing keeps the house's rules."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.evidence import Evidence, GroupRates, Spreads, TokenScores
from reports.figures import drawn, figures
from reports.figures.drawing import draws
from reports.figures.strip import scale
from reports.look.palette import THEMES
from tests.reports.sample_run import every_evidence, sample_run

KINDS = get_args(get_args(Evidence)[0])
SAMPLES = every_evidence(sample_run())
CHARTED = [evidence for evidence in SAMPLES if drawn(evidence).chart]


def test_every_kind_of_evidence_has_a_drawing_and_no_drawing_lacks_a_kind() -> None:
    assert set(figures()) == set(KINDS)


def test_the_sample_run_has_every_kind() -> None:
    assert {type(evidence) for evidence in SAMPLES} == set(KINDS)


def test_a_second_drawing_of_a_kind_is_refused() -> None:
    figures()
    with pytest.raises(TypeError, match="two drawings"):
        draws(GroupRates)(lambda evidence, colours: drawn(evidence, colours))


@pytest.mark.parametrize("evidence", SAMPLES, ids=lambda evidence: evidence.kind)
def test_a_drawing_has_a_title_a_readable_still_and_its_data_frame(evidence: Evidence) -> None:
    drawing = drawn(evidence)
    assert drawing.title.text()
    assert re.sub(r"<[^>]*>", "", drawing.still).strip()
    assert not re.search(r"<(img|script|link|iframe|object)\b", drawing.still)
    assert drawing.frame().height > 0


@pytest.mark.parametrize("evidence", CHARTED, ids=lambda evidence: evidence.kind)
def test_a_chart_comes_with_a_reading_aid_axis_title_and_its_numbers(evidence: Evidence) -> None:
    drawing = drawn(evidence)
    assert drawing.chart
    assert drawing.hint
    assert drawing.numbers
    assert drawing.numbers.rows
    for theme in THEMES:
        figure = drawing.chart(theme)
        assert figure.layout.xaxis.title.text
        assert figure.layout.template.layout.paper_bgcolor == theme.ground


def test_a_forest_plot_shows_every_group_its_n_its_interval_and_the_reference() -> None:
    rates = next(e for e in SAMPLES if isinstance(e, GroupRates))
    drawing = drawn(rates)
    for group in rates.groups:
        assert group.label in drawing.still
        assert f"n = {group.n:.0f}" in drawing.still
    assert "everybody: 24 %" in drawing.still
    assert drawing.still.count('class="dot"') == sum(group.rate is not None for group in rates.groups)
    assert drawing.chart
    figure = drawing.chart(THEMES[0])
    assert len(figure.data) == sum(group.rate is not None for group in rates.groups)
    assert any("everybody" in note.text for note in figure.layout.annotations)


def test_rates_without_groups_reference_or_tolerance_still_draw() -> None:
    rates = next(e for e in SAMPLES if isinstance(e, GroupRates))
    bare = rates.model_copy(update={"groups": (), "reference": None, "tolerance": None})
    drawing = drawn(bare)
    assert drawing.chart
    assert drawing.chart(THEMES[0]).data == ()
    nothing = next(e for e in SAMPLES if isinstance(e, Spreads)).model_copy(update={"groups": ()})
    assert "<table" in drawn(nothing).still


def test_words_for_and_against_are_coloured_symmetrically() -> None:
    scores = next(e for e in SAMPLES if isinstance(e, TokenScores))
    first = scores.texts[0]
    mirrored = first.model_copy(update={"scores": tuple(-score for score in first.scores)})
    swap = {"towards": "against", "against": "towards", "neither": "neither"}

    def sides(text: object) -> list[tuple[str, str]]:
        still = drawn(scores.model_copy(update={"texts": (text,)})).still
        return re.findall(r'class="word (\w+)" style="--v:([\d.]+)"', still)

    assert [(swap[side], v) for side, v in sides(first)] == sides(mirrored)


@given(
    st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), max_size=8),
    st.sampled_from([0.0, 0.01]),
)
def test_an_axis_covers_its_values_with_few_rising_ticks(values: list[float], least: float) -> None:
    axis = scale(values, least)
    assert 2 <= len(axis.ticks) <= 9
    assert list(axis.ticks) == sorted(set(axis.ticks))
    slack = 1e-6 * (axis.high - axis.low)
    assert all(axis.low - slack <= value <= axis.high + slack for value in values)
    assert all(0 <= axis.percent(value) <= 100 for value in values)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_an_axis_of_rates_stays_between_none_and_all(values: list[float]) -> None:
    axis = scale(values, 0.01, (0.0, 1.0))
    assert axis.low >= 0
    assert axis.high <= 1

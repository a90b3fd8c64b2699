"""Waterfalls, swarms and dependences: nothing is lost on the way to the page, and what is drawn adds up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.column_evidence import ColumnScores, Dependences, Swarms, Waterfalls
from audits.evidence import Example
from probes.speech import say
from reports.figures import drawn
from reports.figures.strip import scale
from reports.figures.swarm import HEIGHT, settle
from reports.figures.waterfalls import STEPS, _steps, waterfall_html
from reports.look.palette import THEMES
from tests.reports.hostile import ATTACKS
from tests.reports.sample_run import every_evidence, sample_run

SAMPLES = every_evidence(sample_run())


def the(kind: type) -> Waterfalls | Swarms | Dependences:
    return next(e for e in SAMPLES if isinstance(e, kind))  # type: ignore[return-value]


def row(scores: list[float], base: float = 0.5, cells: dict[str, str] | None = None) -> ColumnScores:
    names = tuple(cells or ()) or tuple(f"column {at}" for at in range(len(scores)))
    words = tuple((cells or {}).values()) or tuple(map(str, range(len(scores))))
    example = Example(key="1", words=words, predicted="a", probability=0.5, chosen=say("Random"))
    return ColumnScores(example=example, columns=names, target="a", scale="log-odds", base=base,
                        output=base + sum(scores), scores=tuple(scores), error=0.0, adds_up=True)  # fmt: skip


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=40), st.floats(-9, 9))
def test_bars_lead_from_the_mean_to_the_rows_score_without_a_gap(scores: list[float], base: float) -> None:
    steps = _steps(row(scores, base))
    assert len(steps) <= STEPS + 1
    level = base
    for step in steps:
        assert step.start == pytest.approx(level)
        level = step.end
    assert level == pytest.approx(base + sum(scores), abs=1e-9)
    sizes = [abs(step.end - step.start) for step in steps if step.cell is not None]
    assert sizes == pytest.approx(sorted(sizes, reverse=True), abs=1e-9)


def test_a_mirrored_row_is_drawn_in_mirrored_colours() -> None:
    def sides(one: ColumnScores) -> list[str]:
        return re.findall(r'class="bar (\w+)"', waterfall_html(one))

    swap = {"towards": "against", "against": "towards", "neither": "neither"}
    scores = [1.0, -0.5, 0.25, 0.0]
    assert sides(row(scores)) == ["towards", "against", "towards", "neither"]
    assert [swap[side] for side in sides(row(scores))] == sides(row([-score for score in scores]))


def test_log_odds_are_told_as_probabilities_too_and_empty_cells_as_empty() -> None:
    html = waterfall_html(row([1.0, -1.0], 0.0, {"age": "", "town": "north"}))
    assert "0 (50 %)" in html
    assert "Empty" in html
    assert "north" in html


def test_hostile_names_and_cells_are_only_text() -> None:
    cells = {f"{attack} {at}": attack for at, attack in enumerate(ATTACKS)}
    html = waterfall_html(row([1.0 / (at + 1) for at in range(len(cells))], 0.0, cells))
    assert not re.search(r"<(script|img|a|iframe|svg|b)\b", html)
    assert "&lt;script&gt;" in html


@given(st.lists(st.tuples(st.floats(-5, 5), st.none() | st.floats(0, 1)), max_size=200))
def test_every_dot_of_a_swarm_stands_inside_its_row_at_its_score(dots: list[tuple[float, float | None]]) -> None:
    scores, shades = [score for score, _ in dots], [shade for _, shade in dots]
    axis = scale([0.0, *scores])
    settled = settle(scores, shades, axis)
    assert [dot.x for dot in settled] == [axis.percent(score) for score in scores]
    assert [dot.shade for dot in settled] == shades
    assert all(0 <= dot.y <= HEIGHT for dot in settled)


def test_a_swarm_and_its_chart_hold_every_row() -> None:
    evidence = the(Swarms)
    assert isinstance(evidence, Swarms)
    drawing = drawn(evidence)
    dots = sum(len(column.scores) for column in evidence.columns)
    assert drawing.still.count("<circle") == dots
    assert drawing.chart
    for theme in THEMES:
        assert sum(len(trace.x) for trace in drawing.chart(theme).data) == dots


def test_dependences_draw_every_point_and_strip() -> None:
    evidence = the(Dependences)
    assert isinstance(evidence, Dependences)
    still = drawn(evidence).still
    points = sum(len(c.points) + sum(len(strip.scores) for strip in c.strips) for c in evidence.columns)
    assert still.count("<circle") == points
    assert all(strip.value in still for column in evidence.columns for strip in column.strips)


def test_rows_beyond_the_first_wait_behind_a_click() -> None:
    evidence = the(Waterfalls)
    assert isinstance(evidence, Waterfalls)
    still = drawn(evidence).still
    assert still.count('<table class="strip waterfall"') == len(evidence.rows)
    assert still.index("<details") > still.index('<table class="strip waterfall"')

"""Contributions of columns brought into the shapes that are drawn: row by row, column by column, value by value."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np

from audits.column_evidence import ColumnScores, ColumnSwarm, Dependence, Dependences, Swarms, ValueStrip, Waterfalls
from probes.speech import Interval, Phrase, Sentence, say

MOST_DRAWN: Final = 400
"""Rows drawn in a swarm; means are over all."""

TOP: Final = 6
"""Columns whose dependence on values is drawn."""

MOST_STRIPS: Final = 12
"""Values that have a strip of their own; the rarest others share one."""

FEW_NUMBERS: Final = 5
"""A column of numbers with no more values than this is drawn in strips, like one of texts."""

T = TypeVar("T")


def spread_out(items: Sequence[T], most: int) -> tuple[T, ...]:
    """Evenly through the sample, so that every group and every part of the rule is seen."""
    if len(items) <= most:
        return tuple(items)
    return tuple(items[round(i * (len(items) - 1) / max(1, most - 1))] for i in range(most))


def waterfalls(rows: Sequence[ColumnScores], method: str) -> Waterfalls:
    """Each row's score, built up column by column."""
    return Waterfalls(
        name="attribution.rows",
        title=say("How single answers come about, column by column"),
        hint=say(
            "From the background's mean score at the top to the row's own at the bottom: orange columns raise the "
            "score, blue ones lower it."
        ),
        method=method,
        rows=tuple(rows),
    )


def swarms(rows: Sequence[ColumnScores], items: str) -> Swarms:
    """Columns by their mean size, the strongest first."""
    scores = np.array([row.scores for row in rows])
    drawn = spread_out(range(len(rows)), MOST_DRAWN)
    columns = []
    for at, column in enumerate(rows[0].columns):
        cells = [row.example.words[at] for row in rows]
        places = _places(cells)
        mean, interval = _mean_size(scores[:, at])
        columns.append(
            ColumnSwarm(
                column=column,
                n=len(rows),
                mean=mean,
                interval=interval,
                scores=tuple(float(scores[i, at]) for i in drawn),
                values=tuple(cells[i] for i in drawn),
                places=tuple(places[i] for i in drawn),
            )
        )
    return Swarms(
        name="attribution.columns",
        title=say(
            "What each column did to the score of {target}, over {n} {items}",
            target=rows[0].target,
            n=len(rows),
            items=items,
        ),
        axis=_axis(rows[0]),
        hint=say(
            "One dot is one row; right of 0 the column raised the score. The stronger a dot's blue, the higher the "
            "number in its column; grey dots hold a text or nothing. The sample leans towards mistakes and close "
            "calls, so the means are not those of everybody."
        ),
        columns=tuple(sorted(columns, key=lambda column: (-column.mean, column.column))),
    )


def dependences(rows: Sequence[ColumnScores], ranked: Sequence[str]) -> Dependences:
    """The strongest columns: contribution against value."""
    places = {column: at for at, column in enumerate(rows[0].columns)}
    return Dependences(
        name="attribution.dependence",
        title=say("How the strongest columns' contributions depend on their values"),
        axis=_axis(rows[0]),
        hint=say(
            "One dot is one row. Dots of one value at different heights mean that the column's effect depends on other "
            "columns too."
        ),
        columns=tuple(_dependence(column, rows, places[column]) for column in ranked[:TOP]),
    )


def _dependence(column: str, rows: Sequence[ColumnScores], at: int) -> Dependence:
    drawn = spread_out(rows, MOST_DRAWN)
    cells = [(row.example.words[at], row.scores[at]) for row in rows]
    numbers = [_number(cell) for cell, _ in cells if cell.strip()]
    if numbers and None not in numbers and len(set(numbers)) > FEW_NUMBERS:
        pairs = [(_number(row.example.words[at]), row.scores[at]) for row in drawn]
        points = tuple((number, score) for number, score in pairs if number is not None)
        return Dependence(column=column, points=points, strips=_strips([each for each in cells if not each[0].strip()]))
    return Dependence(column=column, strips=_strips(cells))


def _strips(cells: Sequence[tuple[str, float]]) -> tuple[ValueStrip, ...]:
    """Texts by their mean, the highest first, numbers in their order; the rarest together where there are too many."""
    held: dict[str, list[float]] = defaultdict(list)
    for value, score in cells:
        held[value.strip()].append(score)
    common = sorted(held, key=lambda value: (-len(held[value]), value))
    strips = [_strip(value, held[value]) for value in common[:MOST_STRIPS]]
    numbers = {strip.value: _number(strip.value) for strip in strips}
    if None in numbers.values():
        strips.sort(key=lambda strip: (-strip.mean, strip.value))
    else:
        strips.sort(key=lambda strip: numbers[strip.value] or 0.0)
    rest = [score for value in common[MOST_STRIPS:] for score in held[value]]
    others = [_strip(OTHERS, rest)] if rest else []
    return (*strips, *others)


OTHERS: Final = "(other values)"
"""The strip of the rarest values."""


def _strip(value: str, scores: Sequence[float]) -> ValueStrip:
    return ValueStrip(
        value=value, n=len(scores), mean=float(np.mean(scores)), scores=tuple(map(float, scores[:MOST_DRAWN]))
    )


def _axis(row: ColumnScores) -> Sentence:
    unit = "log-odds" if row.scale == "log-odds" else "probability"
    return say("Contribution to the score of {target} ({unit})", target=row.target, unit=Phrase(text=unit))


def _mean_size(scores: np.ndarray) -> tuple[float, Interval | None]:
    """Mean |score| with its 95 % t interval; the lower bound of a size is no less than 0."""
    from scipy.special import stdtrit

    sizes = np.abs(scores)
    mean, n = float(sizes.mean()), len(sizes)
    if n < 2:
        return mean, None
    half = float(stdtrit(n - 1, 0.975)) * float(sizes.std(ddof=1)) / math.sqrt(n)
    return mean, Interval(low=max(0.0, mean - half), high=mean + half)


def _places(cells: Sequence[str]) -> list[float | None]:
    """Mid-ranks from 0 to 1 in a column of numbers; None everywhere in a column that holds any text."""
    numbers = [_number(cell) for cell in cells]
    if any(number is None and cell.strip() for number, cell in zip(numbers, cells, strict=True)):
        return [None] * len(cells)
    known = np.array(sorted(number for number in numbers if number is not None))
    if len(known) < 2 or known[0] == known[-1]:
        return [None if number is None else 0.5 for number in numbers]
    below, upto = (np.searchsorted(known, known, side=side) for side in ("left", "right"))
    middle = dict(zip(known, (below + upto - 1) / 2 / (len(known) - 1), strict=True))
    return [None if number is None else round(float(middle[number]), 3) for number in numbers]


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None

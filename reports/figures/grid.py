"""A grid of magnitudes as an HTML table: shaded cells whose values are read on hover, aloud, or on paper in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from probes.speech import Number, Sentence
from reports.figures.pieces import piece
from reports.look.wording import fragment, shown

WIDEST_LABEL = 11.0
"""Labels of rows are at most so wide, in letters' heights; longer ones are wrapped, then cut."""

Values = Sequence[Sequence[float | None]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: how dark, what is said of it, and whether it is pointed out."""

    shade: float | None
    """0 to 1; None where undefined."""
    words: str
    hover: str
    chosen: bool = False


def grid(
    title: Sentence,
    row_axis: Sentence,
    column_axis: Sentence,
    unit: Sentence,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Values,
    chosen: tuple[int, int] | None = None,
    act: str | None = None,
) -> Markup:
    """The grid with its legend; shades run from zero, or the least value where that is negative, to the greatest.

    Where `act` names what a click does, each cell is a button that says its row and column, counted from 1.
    """
    known = [value for row in values for value in row if value is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    cells = [
        [
            _cell(value, low, high, rows[i], columns[j], chosen == (i, j))
            for j, value in enumerate(row)
        ]
        for i, row in enumerate(values)
    ]  # fmt: skip
    return piece(
        "grid.html",
        title=title,
        row_axis=row_axis,
        column_axis=column_axis,
        unit=unit,
        rows=rows,
        columns=columns,
        cells=cells,
        low=_words(low),
        high=_words(high),
        upright=all(len(column) <= 3 for column in columns),
        act=act,
        margin=min(2 + 0.5 * max(map(len, rows), default=0), WIDEST_LABEL),
    )


def _cell(value: float | None, low: float, high: float, row: str, column: str, chosen: bool) -> Cell:
    words = _words(value)
    hover = fragment("{row}, {column}: {value}", row=row, column=column, value=words)
    if value is None:
        return Cell(None, words, hover, chosen)
    return Cell(round((value - low) / (high - low), 3) if high > low else 0.0, words, hover, chosen)


def _words(value: float | None) -> str:
    return shown(Number(value=value, digits=2))

"""Contribution against value for the strongest columns: points for numbers, strips for texts and empty cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from audits.column_evidence import Dependence, Dependences, ValueStrip
from audits.column_pictures import OTHERS
from audits.evidence import Column, Table
from probes.speech import Count, Name, Number, Phrase, Quantity, Sentence, say
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.figures.strip import Scale, scale
from reports.figures.swarm import SwarmRow, number, settle, signed, swarm_html
from reports.look.palette import GroupColours
from reports.look.wording import fragment, plain, shown


@draws(Dependences)
def dependences(evidence: Dependences, _: GroupColours) -> Drawing:
    """One panel a column; all share the scale of contributions."""
    scores = [score for column in evidence.columns for score in _scores(column)]
    axis = scale([0.0, *scores])
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=piece(
            "dependences.html",
            panels=[(column.column, _panel(column, axis, evidence.axis)) for column in evidence.columns],
        ),
        hint=evidence.hint,
        numbers=_numbers(evidence),
    )


def _scores(column: Dependence) -> Iterator[float]:
    yield from (score for _, score in column.points)
    yield from (score for strip in column.strips for score in strip.scores)


def _panel(column: Dependence, axis: Scale, title: Sentence) -> Markup:
    parts = []
    if column.points:
        across = scale(at for at, _ in column.points)
        dots = [(across.percent(at), round(100 - axis.percent(score), 3)) for at, score in column.points]
        parts.append(
            piece(
                "scatter.html", dots=dots, across=across, up=axis, column=column.column, axis=title, tick_label=number
            )
        )
    if column.strips:
        heads = (plain(say("Value")), plain(say("Mean")))
        parts.append(swarm_html(heads, [_row(s, axis) for s in column.strips], axis, title, number, legend=False))
    return Markup("").join(parts)


def _row(strip: ValueStrip, axis: Scale) -> SwarmRow:
    dots = settle(strip.scores, [None] * len(strip.scores), axis)
    n = fragment("n = {n}", n=Count(value=strip.n))
    return SwarmRow(_named(strip.value), n, signed(strip.mean), dots, mean=strip.mean)


def _named(value: str) -> str:
    return shown(_value(value))


def _value(value: str) -> Quantity:
    if not value:
        return Phrase(text="empty")
    return Phrase(text="other values") if value == OTHERS else Name(text=value)


def _numbers(evidence: Dependences) -> Table:
    def cells(column: str, values: str | Quantity, scores: Sequence[float]) -> tuple[Quantity | None, ...]:
        ends = (min(scores), sum(scores) / len(scores), max(scores))
        shown_values = Name(text=values) if isinstance(values, str) else values
        return (Name(text=column), shown_values, Count(value=len(scores)),
                *(Number(value=end, digits=3) for end in ends))  # fmt: skip

    rows = []
    for column in evidence.columns:
        for low, high, scores in _fifths(column.points):
            rows.append(cells(column.column, fragment("{low} to {high}", low=Number(value=low, digits=3),
                                                      high=Number(value=high, digits=3)), scores))  # fmt: skip
        rows += [cells(column.column, _value(strip.value), strip.scores) for strip in column.strips]
    numbers = (say("Rows drawn"), say("Least"), say("Mean"), say("Greatest"))
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(
            Column(heading=say("Column")),
            Column(heading=say("Values")),
            *(Column(heading=heading, numeric=True) for heading in numbers),
        ),
        rows=tuple(rows),
    )


def _fifths(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float, list[float]]]:
    """Points in the order of their values, in five parts, for a table that can be read."""
    ordered = sorted(points)
    for part in range(5):
        chunk = ordered[len(ordered) * part // 5 : len(ordered) * (part + 1) // 5]
        if chunk:
            yield chunk[0][0], chunk[-1][0], [score for _, score in chunk]

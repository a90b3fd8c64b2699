"""Cells of crossed attributes: two attributes as a heat map with rate and n in every square, more as a table."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from audits.cell_evidence import Cell, Cells
from audits.evidence import Column, Table
from probes.speech import Count, Name, Number, Phrase, Quantity, Range, Sentence, Share, say
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.figures.table import table_html
from reports.look.palette import GroupColours
from reports.look.wording import fragment, shown, visible


@dataclass(frozen=True, slots=True)
class Square:
    """One cell as it is drawn."""

    shade: float
    """0 to 1; 0 where nobody counts."""
    rate: str
    n: str
    hover: str
    tested: bool


@draws(Cells)
def cells(evidence: Cells, _: GroupColours) -> Drawing:
    """Two attributes as a heat map, hatched where too few to test; one attribute, or more than two, as a table."""
    numbers = _numbers(evidence)
    if len(evidence.attributes) != 2:
        return Drawing(evidence=evidence, title=evidence.title, still=table_html(numbers), hint=_table_hint(evidence))
    return Drawing(evidence=evidence, title=evidence.title, still=_map(evidence), hint=evidence.hint, numbers=numbers)


def _map(evidence: Cells) -> Markup:
    """The attribute of more values runs downwards: pages are longer than they are wide."""
    values = [_values(evidence, place) for place in (0, 1)]
    down, across = (0, 1) if len(values[0]) >= len(values[1]) else (1, 0)
    tested = [cell for cell in evidence.cells if cell.tested] or evidence.cells
    rates = [cell.rate for cell in tested if cell.rate is not None]
    low, high = min(rates, default=0.0), max(rates, default=1.0)
    found = {(cell.groups[down], cell.groups[across]): _square(cell, low, high) for cell in evidence.cells}
    return piece(
        "cells.html",
        title=evidence.title,
        down=evidence.attributes[down],
        across=evidence.attributes[across],
        rows=list(values[down].values()),
        columns=list(values[across].values()),
        squares=[[found.get((row, column)) for column in values[across]] for row in values[down]],
        low=shown(Share(value=low)),
        high=shown(Share(value=high)),
        unit=evidence.axis,
    )


def _values(evidence: Cells, place: int) -> dict[str, str]:
    """An attribute's values and their names, in the order of the evidence."""
    labels = {cell.groups[place]: cell.labels[place] for cell in evidence.cells}
    return {value: labels[value] for value in evidence.values[place] if value in labels}


def _square(cell: Cell, low: float, high: float) -> Square:
    n = fragment("n = {n}", n=_amount(cell.n))
    names = ", ".join(map(visible, cell.labels))
    if cell.rate is None:
        return Square(0.0, "–", n, fragment("{names}: nobody to count", names=names), tested=False)
    hover = [fragment("{names}: {rate} of {n}", names=names, rate=Share(value=cell.rate), n=_amount(cell.n))]
    if cell.interval is not None:
        hover.append(fragment("95 % interval {range}", range=Range(low=cell.interval.low, high=cell.interval.high)))
    if cell.shrunk is not None and cell.shrunk_interval is not None:
        bounds = Range(low=cell.shrunk_interval.low, high=cell.shrunk_interval.high)
        hover.append(fragment("empirical Bayes {rate} ({range})", rate=Share(value=cell.shrunk), range=bounds))
    if not cell.tested:
        hover.append(fragment("too few to test, or not recorded"))
    shade = round(min(max((cell.rate - low) / (high - low), 0.0), 1.0), 3) if high > low else 0.0
    return Square(shade, shown(Share(value=cell.rate)), n, "; ".join(hover), cell.tested)


def _amount(n: float) -> Quantity:
    """Weighted cells have effective counts, which need not be whole."""
    return Count(value=int(n)) if n == int(n) else Number(value=n, digits=3)


def _table_hint(evidence: Cells) -> Sentence:
    return say(
        "The highest rates come first; those too few to test, or not recorded, last. Everybody's rate: {rate}.",
        rate=Share(value=evidence.reference),
    )


def _numbers(evidence: Cells) -> Table:
    """Every cell, the highest rate first, those that are not tested last."""
    ordered = sorted(evidence.cells, key=lambda cell: (not cell.tested, -(cell.rate or 0.0)))
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(
            *(Column(heading=say("{attribute}", attribute=name)) for name in evidence.attributes),
            Column(heading=say("Counted"), numeric=True),
            Column(heading=say("Of (n)"), numeric=True),
            Column(heading=say("Rate"), numeric=True),
            Column(heading=say("95 % interval, in %"), numeric=True),
            Column(heading=say("Empirical Bayes"), numeric=True),
            Column(heading=say("Its interval, in %"), numeric=True),
            Column(heading=say("Tested")),
        ),
        rows=tuple(_row(cell) for cell in ordered),
    )


def _row(cell: Cell) -> tuple[Quantity | None, ...]:
    raw, drawn = cell.interval, cell.shrunk_interval
    return (
        *(Name(text=label) for label in cell.labels),
        _amount(cell.events),
        _amount(cell.n),
        Share(value=cell.rate),
        Range(low=raw.low, high=raw.high) if raw else None,
        None if cell.shrunk is None else Share(value=cell.shrunk),
        Range(low=drawn.low, high=drawn.high) if drawn else None,
        Phrase(text="yes") if cell.tested else Phrase(text="no"),
    )

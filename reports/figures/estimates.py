"""Named numbers with their intervals as a forest plot around the value they are compared with."""

from __future__ import annotations

from audits.estimate_evidence import Estimate, Estimates, Unit
from audits.evidence import Column, Table
from probes.speech import Count, Number, Points, Quantity, Range, Share, say
from reports.figures.drawing import Drawing, draws
from reports.figures.strip import Strip, StripRow, Whisker, scale
from reports.look.palette import GroupColours
from reports.look.wording import fragment, plain, shown


@draws(Estimates)
def estimates(evidence: Estimates, colours: GroupColours) -> Drawing:
    """One row a number; what decides nothing is hollow, what is undefined is listed with its reason."""
    strip = _strip(evidence)
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=strip.still(colours),
        hint=evidence.hint,
        chart=strip.chart(colours),
        numbers=_numbers(evidence),
    )


def _strip(evidence: Estimates) -> Strip:
    rows = tuple(_row(row, evidence.unit) for row in evidence.rows)
    inside = [place for row in rows if row.mark for place in row.mark.places]
    if evidence.line is not None:
        # A line at the edge would read as an axis.
        room = max(0.01, (max([*inside, evidence.line]) - min([*inside, evidence.line])) / 10)
        inside += [evidence.line - room, evidence.line + room]
    return Strip(
        heads=("", plain(say("Value (interval)"))),
        axis=evidence.axis,
        rows=rows,
        scale=scale(inside, least_step=0.01),
        tick=lambda value: _tick(value, evidence.unit),
        line=evidence.line,
        line_label="" if evidence.line_label is None else plain(evidence.line_label),
    )


def _row(row: Estimate, unit: Unit) -> StripRow:
    aside = "" if row.n is None else fragment("n = {n}", n=_amount(row.n))
    label = shown(row.label)
    reason = "" if row.reason is None else plain(row.reason)
    if row.value is None:
        return StripRow(label=label, aside=aside, value=reason or fragment("undefined"), mark=None, hollow=True)
    value, mark = shown(_quantity(row.value, unit)), Whisker(row.value, row.value, row.value)
    if row.interval is not None:
        low, high = row.interval.low, row.interval.high
        value = fragment("{value} ({range})", value=value, range=_range(low, high, unit))
        mark = Whisker(low, row.value, high)
    if reason:
        value = fragment("{value}, {reason}", value=value, reason=reason[:1].lower() + reason[1:])
    return StripRow(label=label, aside=aside, value=value, mark=mark, hollow=not row.firm)


def _quantity(value: float, unit: Unit) -> Quantity:
    match unit:
        case "share":
            return Share(value=value)
        case "points":
            return Points(value=value)
        case "ratio":
            return Number(value=value, digits=3)


def _range(low: float, high: float, unit: Unit) -> Range | str:
    if unit != "ratio":
        return Range(low=low, high=high)
    return fragment("{low} to {high}", low=_quantity(low, unit), high=_quantity(high, unit))


def _tick(value: float, unit: Unit) -> str:
    return f"{100 * value:.0f}" if unit == "points" else shown(_quantity(value, unit))


def _amount(n: float) -> Quantity:
    """Weighted rows have effective counts, which need not be whole."""
    return Count(value=int(n)) if n == int(n) else Number(value=n, digits=3)


def _numbers(evidence: Estimates) -> Table:
    def cells(row: Estimate) -> tuple[Quantity | None, ...]:
        bounds = row.interval
        return (
            row.label,
            None if row.n is None else _amount(row.n),
            None if row.value is None else _quantity(row.value, evidence.unit),
            _quantity(bounds.low, evidence.unit) if bounds else None,
            _quantity(bounds.high, evidence.unit) if bounds else None,
        )

    level = next((row.interval.level for row in evidence.rows if row.interval), 0.95)
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(
            Column(heading=say("What")),
            Column(heading=say("n"), numeric=True),
            Column(heading=say("Value"), numeric=True),
            Column(heading=say("{level} interval from", level=Share(value=level)), numeric=True),
            Column(heading=say("To"), numeric=True),
        ),
        rows=tuple(cells(row) for row in evidence.rows),
    )

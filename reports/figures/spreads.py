"""How a quantity is spread in each group: boxes over half of the rows, whiskers from the 5 % to the 95 % quantile."""

from __future__ import annotations

from audits.evidence import Column, Spread, Spreads, Table
from probes.speech import Count, Name, Number, Quantity, say
from reports.figures.drawing import Drawing, draws
from reports.figures.strip import Box, Strip, StripRow, scale
from reports.look.palette import GroupColours
from reports.look.wording import fragment, plain


@draws(Spreads)
def spreads(evidence: Spreads, colours: GroupColours) -> Drawing:
    """One box a group; groups without a value are listed without a box."""
    rows = tuple(_row(group) for group in evidence.groups)
    strip = Strip(
        heads=(plain(say("Group")), plain(say("Median (middle half)"))),
        axis=evidence.axis,
        rows=rows,
        scale=scale(place for row in rows if row.mark for place in row.mark.places),
        tick=lambda value: f"{value:,.6g}",
    )
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=strip.still(colours),
        hint=evidence.hint,
        chart=strip.chart(colours),
        numbers=_numbers(evidence),
    )


def _number(value: float) -> Quantity:
    return Number(value=value, digits=3)


def _row(group: Spread) -> StripRow:
    if group.quantiles is None:
        return StripRow(label=group.label, aside=fragment("n = {n}", n=group.n), value=fragment("no values"), mark=None)
    _, low, middle, high, _ = (_number(quantile) for quantile in group.quantiles)
    return StripRow(
        label=group.label,
        aside=fragment("n = {n}", n=group.n),
        value=fragment("{median} ({low} to {high})", median=middle, low=low, high=high),
        mark=Box(group.quantiles),
    )


def _numbers(evidence: Spreads) -> Table:
    def cells(group: Spread) -> tuple[Quantity | None, ...]:
        quantiles = [_number(q) for q in group.quantiles] if group.quantiles else [None] * 5
        return (Name(text=group.label), Name(text=group.group), Count(value=group.n), *quantiles)

    words = (say("Group"), say("In the data"))
    numbers = (
        say("Number (n)"),
        say("5 % lie below"),
        say("25 % lie below"),
        say("Median"),
        say("75 % lie below"),
        say("95 % lie below"),
    )
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(
            *(Column(heading=heading) for heading in words),
            *(Column(heading=heading, numeric=True) for heading in numbers),
        ),
        rows=tuple(cells(group) for group in evidence.groups),
    )

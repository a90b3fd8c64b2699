"""Slices found by a search as a forest plot: how much more often the model errs in each than in the other rows."""

from __future__ import annotations

from audits.cell_evidence import SliceRate, Slices
from audits.evidence import Column, Table
from probes.speech import Count, Name, Names, Points, Probability, Quantity, Range, Share, reader, say
from reports.figures.drawing import Drawing, draws
from reports.figures.strip import Strip, StripRow, Whisker, scale
from reports.look.palette import GroupColours
from reports.look.wording import fragment, plain, shown


@draws(Slices)
def slices(evidence: Slices, colours: GroupColours) -> Drawing:
    """One row a slice: its rule, its n, both rates and the difference with its interval; hollow where not certain."""
    strip = _strip(evidence)
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=strip.still(colours),
        hint=evidence.hint,
        chart=strip.chart(colours),
        numbers=_numbers(evidence),
    )


def rule(one: SliceRate) -> str:
    """The conditions in one breath: "relationship is Husband and age is 45 to 90"."""
    return Names(texts=tuple(condition.words for condition in one.conditions)).show(reader().gettext)


def _strip(evidence: Slices) -> Strip:
    rows = tuple(_row(one) for one in evidence.slices)
    places = [place for row in rows if row.mark for place in row.mark.places]
    return Strip(
        heads=(plain(say("Slice")), plain(say("Rate in it and elsewhere"))),
        axis=evidence.axis,
        rows=rows,
        scale=scale([0.0, *places], least_step=0.01, bounds=(-1.0, 1.0)),
        tick=lambda value: shown(Points(value=value)).split()[0],
        line=0.0,
        line_label=fragment("as elsewhere"),
    )


def _row(one: SliceRate) -> StripRow:
    n = fragment("n = {n}", n=one.n)
    if one.difference is None or one.interval is None:
        return StripRow(label=rule(one), aside=n, value=fragment("too few to test"), mark=None, hollow=True)
    value = fragment("{rate} against {rest}", rate=Share(value=one.rate), rest=Share(value=one.rest))
    mark = Whisker(one.interval.low, one.difference, one.interval.high)
    uncertain = one.adjusted is None or one.adjusted >= 0.05
    return StripRow(label=rule(one), aside=n, value=value, mark=mark, hollow=uncertain)


def _numbers(evidence: Slices) -> Table:
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(
            Column(heading=say("Slice")),
            Column(heading=say("Rows in all"), numeric=True),
            Column(heading=say("Judged by (n)"), numeric=True),
            Column(heading=say("Rate"), numeric=True),
            Column(heading=say("Elsewhere"), numeric=True),
            Column(heading=say("Difference"), numeric=True),
            Column(heading=say("95 % interval, in points"), numeric=True),
            Column(heading=say("Corrected p"), numeric=True),
        ),
        rows=tuple(_cells(one) for one in evidence.slices),
    )


def _cells(one: SliceRate) -> tuple[Quantity | None, ...]:
    return (
        Name(text=rule(one)),
        Count(value=one.rows),
        Count(value=one.n),
        Share(value=one.rate),
        Share(value=one.rest),
        Points(value=one.difference),
        Range(low=one.interval.low, high=one.interval.high) if one.interval else None,
        None if one.adjusted is None else Probability(value=one.adjusted),
    )

"""Rates by group as a forest plot: one row a group, its interval, everybody's rate and the tolerance around it."""

from __future__ import annotations

from audits.evidence import Column, GroupRate, GroupRates, Table
from probes.speech import Count, Name, Number, Phrase, Points, Quantity, Range, Share, say
from reports.figures.drawing import Drawing, draws
from reports.figures.strip import Strip, StripRow, Whisker, scale
from reports.look.palette import GroupColours
from reports.look.wording import fragment, plain, shown


@draws(GroupRates)
def group_rates(evidence: GroupRates, colours: GroupColours) -> Drawing:
    """A forest plot; groups that are too small to test are hollow, undefined ones are listed without a mark."""
    strip = _strip(evidence)
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=strip.still(colours),
        hint=evidence.hint,
        chart=strip.chart(colours),
        numbers=_numbers(evidence),
    )


def _strip(evidence: GroupRates) -> Strip:
    rows = tuple(_row(group) for group in evidence.groups)
    inside = [place for row in rows if row.mark for place in row.mark.places]
    band = None
    if evidence.reference is not None:
        inside.append(evidence.reference)
        if evidence.tolerance is not None:
            low, high = evidence.reference - evidence.tolerance, evidence.reference + evidence.tolerance
            band = (max(low, 0.0), min(high, 1.0))
            inside.extend(band)
    if inside and min(inside) < 0.25:
        inside.append(0.0)
    return Strip(
        heads=(plain(say("Group")), plain(say("Rate (interval)"))),
        axis=evidence.axis,
        rows=rows,
        scale=scale(inside, least_step=0.01, bounds=(0.0, 1.0)),
        tick=lambda value: shown(Share(value=value)),
        line=evidence.reference,
        line_label=fragment("everybody: {rate}", rate=Share(value=evidence.reference)),
        band=band,
        band_label=plain(say("Shaded: within {tolerance} of everybody", tolerance=Points(value=evidence.tolerance))),
    )


def _row(group: GroupRate) -> StripRow:
    if group.rate is None:
        value, mark = fragment("undefined: nobody to count"), None
    else:
        rate, bounds = Share(value=group.rate), group.interval
        value, mark = shown(rate), Whisker(group.rate, group.rate, group.rate)
        if bounds is not None:
            value = fragment("{rate} ({range})", rate=rate, range=Range(low=bounds.low, high=bounds.high))
            mark = Whisker(bounds.low, group.rate, bounds.high)
        if not group.tested:
            value = fragment("{value}, too few to test", value=value)
    n = fragment("n = {n}", n=_amount(group.n))
    return StripRow(label=group.label, aside=n, value=value, mark=mark, hollow=not group.tested)


def _amount(n: float) -> Quantity:
    """Weighted groups have effective counts, which need not be whole."""
    return Count(value=int(n)) if n == int(n) else Number(value=n, digits=3)


def _numbers(evidence: GroupRates) -> Table:
    def cells(group: GroupRate) -> tuple[Quantity | None, ...]:
        bounds = group.interval
        return (
            Name(text=group.label),
            Name(text=group.group),
            _amount(group.events),
            _amount(group.n),
            Share(value=group.rate),
            Share(value=bounds.low) if bounds else None,
            Share(value=bounds.high) if bounds else None,
            Phrase(text="yes" if group.tested else "too few"),
        )

    level = next((g.interval.level for g in evidence.groups if g.interval), 0.95)
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(
            Column(heading=say("Group")),
            Column(heading=say("In the data")),
            Column(heading=say("Counted"), numeric=True),
            Column(heading=say("Of (n)"), numeric=True),
            Column(heading=say("Rate"), numeric=True),
            Column(heading=say("{level} interval from", level=Share(value=level)), numeric=True),
            Column(heading=say("To"), numeric=True),
            Column(heading=say("Tested")),
        ),
        rows=tuple(cells(group) for group in evidence.groups),
    )

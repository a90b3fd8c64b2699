"""Curves by group as small panels: each shows its group's line with its interval, the others' lines in grey."""

from __future__ import annotations

from dataclasses import dataclass

from audits.evidence import Column, Table
from audits.score_evidence import Curve, CurvePoint, Curves
from probes.speech import Count, Name, Number, Quantity, Range, Share, say
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.figures.strip import Scale, scale
from reports.look.palette import GroupColours
from reports.look.wording import fragment, plain, shown

MOST_PANELS = 24
"""More groups stand in the table only."""

BAR = 16
"""Height of the tallest bar of rows, in percent of a panel."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of the line, and its numbers in words."""

    x: float
    y: float
    told: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One group's line in percent of the panel, upwards turned down as SVG has it."""

    label: str
    aside: str
    line: str
    band: str
    dots: tuple[Dot, ...]
    """Places that tell their numbers when pointed at; every one where there are few, or some of them unseen."""
    seen: bool
    bars: tuple[tuple[float, float, float], ...]
    """Left end, width and height of the rows behind each point, where they differ."""


@draws(Curves)
def curves(evidence: Curves, colours: GroupColours) -> Drawing:
    """One panel a group, all on the same axes."""
    across = axis_of(evidence)
    drawn = [curve for curve in evidence.curves if curve.points][:MOST_PANELS]
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=piece(
            "curves.html",
            evidence=evidence,
            panels=[_panel(curve, across, evidence.percent) for curve in drawn],
            across=across,
            up=UP,
            colours=colours,
            x_tick=lambda at: shown(Share(value=at)) if evidence.percent else f"{at:,.6g}",
            y_tick=lambda at: shown(Share(value=at)),
            mark_label="" if evidence.mark_label is None else plain(evidence.mark_label),
        ),
        hint=evidence.hint,
        numbers=_numbers(evidence),
    )


UP = Scale(0.0, 1.0, (0.0, 0.5, 1.0))


def axis_of(evidence: Curves) -> Scale:
    """The x axis that all panels share."""
    if evidence.percent:
        return UP
    places = [point.x for curve in evidence.curves for point in curve.points]
    whole = scale(places if evidence.mark is None else [*places, evidence.mark])
    return Scale(whole.low, whole.high, (whole.ticks[0], whole.ticks[-1]))


def _panel(curve: Curve, across: Scale, percent: bool) -> Panel:
    at = [(across.percent(point.x), _down(point.y)) for point in curve.points]
    bounded = [point for point in curve.points if point.low is not None and point.high is not None]
    upper = [(across.percent(p.x), _down(p.high or 0.0)) for p in bounded]
    lower = [(across.percent(p.x), _down(p.low or 0.0)) for p in reversed(bounded)]
    few = len(at) <= 25
    most = max((point.n for point in curve.points), default=0)
    differ = few and any(point.n != most for point in curve.points)
    width = 90 / max(1, len(at)) if len(at) > 1 else 6
    n = fragment("n = {n}", n=amount(curve.n))
    return Panel(
        label=curve.label,
        aside=n if curve.compared else fragment("{n}, too few to compare", n=n),
        line=path(at),
        band=path([*upper, *lower]) if len(bounded) > 1 else "",
        dots=tuple(
            Dot(x, y, _told(point, percent))
            for place, ((x, y), point) in enumerate(zip(at, curve.points, strict=True))
            if few or place % 5 == 0
        ),
        seen=few,
        bars=tuple(
            (round(x - min(width, 8) / 2, 2), min(width, 8), round(BAR * point.n / most, 2))
            for (x, _), point in zip(at, curve.points, strict=True)
        )
        if differ and most > 0
        else (),
    )


def _told(point: CurvePoint, percent: bool) -> str:
    at: Quantity = Share(value=point.x) if percent else Number(value=point.x, digits=4)
    bounds = "" if point.low is None or point.high is None else shown(Range(low=point.low, high=point.high))
    template = "at {at}: {rate} ({bounds}), n = {n}" if bounds else "at {at}: {rate}, n = {n}"
    values = {"bounds": bounds} if bounds else {}
    return fragment(template, at=at, rate=Share(value=point.y), n=amount(point.n), **values)


def path(points: list[tuple[float, float]]) -> str:
    """Points as SVG wants them."""
    return " ".join(f"{x:g},{y:g}" for x, y in points)


def amount(n: float) -> Quantity:
    """Weighted groups have effective counts, which need not be whole."""
    return Count(value=int(n)) if n == int(n) else Number(value=n, digits=3)


def _down(y: float) -> float:
    return round(100 - UP.percent(y), 3)


def _numbers(evidence: Curves) -> Table:
    def x(value: float) -> Quantity:
        return Share(value=value) if evidence.percent else Number(value=value, digits=4)

    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(
            Column(heading=say("Group")),
            Column(heading=evidence.x_axis, numeric=True),
            Column(heading=evidence.y_axis, numeric=True),
            Column(heading=say("95 % interval, in %"), numeric=True),
            Column(heading=say("Number (n)"), numeric=True),
        ),
        rows=tuple(
            (
                Name(text=curve.label),
                x(point.x),
                Share(value=point.y),
                None if point.low is None or point.high is None else Range(low=point.low, high=point.high),
                amount(point.n),
            )
            for curve in evidence.curves
            for point in curve.points
        ),
    )

"""How often each score occurs, one panel a group: rows of the positive class stand on the others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from audits.evidence import Column, Table
from audits.score_evidence import GroupScores, ScoreHistograms
from probes.speech import Name, Number, Quantity, Share, say
from reports.figures.curves import MOST_PANELS, UP, amount
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.figures.strip import Scale
from reports.look.palette import GroupColours
from reports.look.wording import fragment, shown

BARS = 25
"""Bars drawn; the table holds a line for each too."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in percent of the panel: left end, width, and the heights of its two parts."""

    left: float
    width: float
    others: float
    positives: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """One group's panel."""

    label: str
    aside: str
    bars: tuple[Bar, ...]


@draws(ScoreHistograms)
def histograms(evidence: ScoreHistograms, colours: GroupColours) -> Drawing:
    """One panel a group; heights are shares of the group's own rows, so that small groups can be compared."""
    low, high = evidence.edges[0], evidence.edges[-1]
    across = UP if evidence.percent else Scale(low, high, (low, high))
    groups = [group for group in evidence.groups if _n(group) > 0][:MOST_PANELS]
    coarse = {group.group: _coarse(evidence, group) for group in groups}
    highest = max((sum(counts) / _n(group) for group in groups for _, _, *counts in coarse[group.group]), default=1.0)
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=piece(
            "histograms.html",
            evidence=evidence,
            panels=[_panel(group, coarse[group.group], across, highest) for group in groups],
            across=across,
            colours=colours,
            threshold_label=fragment("threshold: {at}", at=_bound(evidence.threshold or 0.0, evidence.percent)),
            tick_label=lambda at: shown(Share(value=at)) if evidence.percent else f"{at:,.6g}",
        ),
        hint=evidence.hint,
        numbers=_numbers(evidence, groups, coarse),
    )


def _n(group: GroupScores) -> float:
    return sum(group.positives) + sum(group.negatives) + sum(group.unlabelled)


def _coarse(evidence: ScoreHistograms, group: GroupScores) -> list[tuple[float, float, float, float]]:
    """Bounds and counts (positive, others) of BARS equal stretches of the scores."""
    low, high = evidence.edges[0], evidence.edges[-1]
    step = (high - low) / BARS
    sums = [[0.0, 0.0] for _ in range(BARS)]
    others = (a + b for a, b in zip(group.negatives, group.unlabelled, strict=True))
    for (start, end), positive, other in zip(pairwise(evidence.edges), group.positives, others, strict=True):
        place = min(BARS - 1, max(0, int(((start + end) / 2 - low) / step)))
        sums[place][0] += positive
        sums[place][1] += other
    return [(low + at * step, low + (at + 1) * step, *counts) for at, counts in enumerate(sums)]  # type: ignore[misc]


def _panel(
    group: GroupScores, coarse: list[tuple[float, float, float, float]], across: Scale, highest: float
) -> Histogram:
    whole = _n(group) * highest / 100
    return Histogram(
        label=group.label,
        aside=fragment("n = {n}", n=amount(_n(group))),
        bars=tuple(
            Bar(
                across.percent(start),
                round(across.percent(end) - across.percent(start), 3),
                round(other / whole, 3),
                round(positive / whole, 3),
            )
            for start, end, positive, other in coarse
            if positive or other
        ),
    )


def _numbers(
    evidence: ScoreHistograms, groups: list[GroupScores], coarse: dict[str, list[tuple[float, float, float, float]]]
) -> Table:
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(
            Column(heading=say("Group")),
            Column(heading=say("Score from"), numeric=True),
            Column(heading=say("To"), numeric=True),
            Column(heading=say("Labelled {label}", label=evidence.positive), numeric=True),
            Column(heading=say("Others"), numeric=True),
        ),
        rows=tuple(
            (
                Name(text=group.label),
                _bound(start, evidence.percent),
                _bound(end, evidence.percent),
                amount(positive),
                amount(other),
            )
            for group in groups
            for start, end, positive, other in coarse[group.group]
            if positive or other
        ),
    )


def _bound(value: float, percent: bool) -> Quantity:
    return Share(value=value) if percent else Number(value=value, digits=4)

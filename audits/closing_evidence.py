"""Thresholds by group as evidence: the gap before and after, the thresholds, and every group's rates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from audits.estimate_evidence import Estimate, Estimates
from audits.evidence import Column, Table
from audits.statistics.closing_sentences import GOALS
from probes.speech import Count, Interval, Name, Number, Phrase, Quantity, Share, say

if TYPE_CHECKING:
    from audits.closed_gap import ClosedGap, Gap


def before_and_after(closed: ClosedGap, now: Gap, then: Gap) -> Estimates:
    """The largest gap as it is and as it would be, and what happens to accuracy."""
    change = closed.accuracy
    rows = (
        ("Largest gap now", now.size, now.range),
        ("Largest gap with thresholds by group", then.size, then.range),
        ("Change in accuracy", change.change, (change.low, change.high)),
    )
    return Estimates(
        name="before-and-after",
        title=closed.say(GOALS[closed.constraint].title),
        axis=say("Percentage points"),
        hint=say(
            "The two upper lines: a gap on the dashed line is closed. The lowest line: left of it accuracy is lost."
        ),
        unit="points",
        line=0.0,
        line_label=say("None"),
        rows=tuple(
            Estimate(label=Phrase(text=text), value=value, interval=Interval(low=span[0], high=span[1]))
            for text, value, span in rows
        ),
    )


def cuts_table(closed: ClosedGap) -> Table:
    """Each group's thresholds; what no group needs has no column."""
    blind = any(cut.lot > 0 for cut in closed.cuts)
    lots = (
        Column(heading=say("Decided without looking at the score"), numeric=True),
        Column(heading=say("Chance of being selected then"), numeric=True),
    )
    return Table(
        name="thresholds",
        title=closed.say("Thresholds by {attribute} that would close the gap"),
        columns=(
            Column(heading=say("Group")),
            Column(heading=closed.say("{plural} they were found on"), numeric=True),
            Column(heading=say("Selected above"), numeric=True),
            Column(heading=say("By lot above"), numeric=True),
            Column(heading=say("Chance of that lot"), numeric=True),
            *(lots if blind else ()),
        ),
        rows=tuple(
            (
                Name(text=label),
                Count(value=n),
                _score(cut.high),
                _score(cut.low) if cut.low < cut.high else None,
                Share(value=cut.between) if cut.low < cut.high else None,
                *((Share(value=cut.lot), Share(value=cut.constant)) if blind else ()),
            )
            for label, cut, n in zip(closed.labels, closed.cuts, closed.fitted, strict=True)
        ),
    )


def rates_table(closed: ClosedGap) -> Table:
    """Every group's rates and accuracy, now and then."""
    headings = [(side.name, when) for side in closed.sides for when in ("now", "then")]
    headings += [("Accuracy", when) for when in ("now", "then")]

    def cells(at: int) -> Iterator[Quantity]:
        yield Name(text=closed.labels[at])
        for side in closed.sides:
            yield Share(value=float(side.now[at]))
            yield Share(value=float(side.then[at]))
        yield Share(value=closed.by_group[at].before)
        yield Share(value=closed.by_group[at].after)

    return Table(
        name="rates-before-and-after",
        title=closed.say("Rates by {attribute}, now and with thresholds by group"),
        columns=(
            Column(heading=say("Group")),
            *(
                Column(heading=say("{rate}, {when}", rate=Phrase(text=rate), when=Phrase(text=when)), numeric=True)
                for rate, when in headings
            ),
        ),
        rows=tuple(tuple(cells(at)) for at in range(len(closed.labels))),
    )


def _score(threshold: float) -> Quantity:
    if math.isinf(threshold):
        return Phrase(text="any score") if threshold < 0 else Phrase(text="no score")
    return Number(value=threshold, digits=3)

"""Named numbers, as the audits of impact ratios and of a gap's parts hand them over."""

from __future__ import annotations

from audits.estimate_evidence import Estimate, Estimates
from probes.speech import Interval, Name, Phrase, say
from tests.reports.sample_evidence import GROUPS, LABELS, Rewrite


def sample_estimates(data: Rewrite) -> tuple[Estimates, Estimates]:
    """Ratios to the best rate, and the parts of a gap."""
    best = max(events / n for events, n in GROUPS.values())
    ratios = tuple(
        Estimate(
            label=Name(text=data(LABELS[value])),
            n=n,
            value=events / n / best,
            interval=None
            if events / n == best
            else Interval(low=0.8 * events / n / best, high=1.3 * events / n / best),
            firm=n >= 10,
            reason=None if n >= 10 else say("Too few to test"),
        )
        for value, (events, n) in GROUPS.items()
    )
    none = Estimate(label=Name(text="Nobody"), n=0, value=None, firm=False, reason=say("Undefined: nobody to count"))
    parts = (("What their labels contribute", 0.09, 0.03), ("What their scores contribute", 0.12, 0.05))
    return (
        Estimates(
            name="impact-ratios.group",
            title=say("How often each group is flagged, as a ratio to the most flagged"),
            axis=say("Impact ratio: the group's rate divided by the highest"),
            hint=say("Left of the line: less than four fifths of the highest rate."),
            unit="ratio",
            line=0.8,
            line_label=say("Four fifths"),
            rows=(*ratios, none),
        ),
        Estimates(
            name="parts.group",
            title=say("What the gap between two groups is made of"),
            axis=say("Percentage points of the gap"),
            hint=say("Right of the line: this part makes the gap larger."),
            unit="points",
            line=0.0,
            line_label=say("No part"),
            rows=tuple(
                Estimate(label=Phrase(text=text), value=value, interval=Interval(low=value - half, high=value + half))
                for text, value, half in parts
            ),
        ),
    )

"""bias.threshold-sweep: would groups be treated alike at another threshold?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import Field, field_validator

from audits.audit import Area, Pending, audit
from audits.findings import Finding, Method
from audits.score_gaps import NO_LABELS, GapSentences
from audits.scored import ScoreAudit, Scored
from audits.statistics.score_counts import POSITIVE
from audits.statistics.sweep import SweptRate
from probes.speech import say
from probes.subjects.capabilities import Classifies

EVERY_RATE: tuple[SweptRate, ...] = ("selection-rate", "true-positive-rate", "false-positive-rate")

METHOD: Final = Method(
    text=say(
        "Scores are counted by group and answer in one pass; the rates at every threshold follow from the counts. "
        "The largest gap that two groups have at any threshold is Kolmogorov's and Smirnov's distance between their "
        "scores, and its test covers all thresholds at once. Intervals come from each group's simultaneous band "
        "(Massart) and are wide. Holm's correction runs over all pairs and rates of the attribute; verdicts follow the "
        "rule of bias.group-rates, so that a pass means: even at every threshold."
    ),
    sources=(
        "Hardt, Price and Srebro (2016), Equality of opportunity in supervised learning",
        "Jiang et al. (2020), Wasserstein fair classification",
        "Smirnov (1948), Table for estimating the goodness of fit of empirical distributions",
        "Massart (1990), The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
    ),
)

_AT: Final = " (at the threshold {at}: {high_value} against {low_value}; difference {gap}, 95 % interval {range})."

SENTENCES: Final[dict[SweptRate, GapSentences]] = {
    "selection-rate": GapSentences(
        title="How often {plural} are {positive}, at every threshold (selection rate)",
        more="At some threshold {plural} {relation} {high} would be {positive} more often than those {relation} {low}"
        + _AT,
        unsettled="Whether {plural} would be {positive} equally often in every group at every threshold (selection "
        "rate) cannot be told.",
    ),
    "true-positive-rate": GapSentences(
        title="How often {plural} labelled {label} are rightly {positive}, at every threshold (true positive rate)",
        more="At some threshold, of the {plural} labelled {label}, those {relation} {high} would be {positive} more "
        "often than those {relation} {low}" + _AT,
        unsettled="Whether {plural} labelled {label} would be rightly {positive} equally often in every group at every "
        "threshold (true positive rate) cannot be told.",
    ),
    "false-positive-rate": GapSentences(
        title="How often {plural} labelled {other} are wrongly {positive}, at every threshold (false positive rate)",
        more="At some threshold, of the {plural} labelled {other}, those {relation} {high} would be wrongly {positive} "
        "more often than those {relation} {low}" + _AT,
        unsettled="Whether {plural} labelled {other} would be wrongly {positive} equally often in every group at every "
        "threshold (false positive rate) cannot be told.",
    ),
}


@audit("bias.threshold-sweep", area=Area.FAIRNESS, needs=(Classifies,))
class ThresholdSweep(ScoreAudit):
    """Rates by group at every threshold (Hardt et al. 2016, Jiang et al. 2020); even at all of them is a lot to ask."""

    rates: tuple[SweptRate, ...] = Field(
        EVERY_RATE, min_length=1, description="Rates that are compared at every threshold, one finding each."
    )

    @field_validator("rates")
    @classmethod
    def _each_once(cls, rates: tuple[SweptRate, ...]) -> tuple[SweptRate, ...]:
        return tuple(dict.fromkeys(rates))

    def needs_labels(self) -> bool:
        """Selection rates need none."""
        return False

    def asked(self) -> Sequence[tuple[str, GapSentences, Method]]:
        """One finding a rate."""
        return [(rate, SENTENCES[rate], METHOD) for rate in self.rates]

    def judged(self, scored: Scored) -> Iterator[Finding | Pending]:
        """Every rate from the same counts; the first finding carries the counts for the dashboard's threshold."""
        from audits.sweep_gaps import judge

        labelled = scored.counts.rows[:, : POSITIVE + 1].sum() > 0
        for rate in self.rates:
            question = self.question(scored, rate, SENTENCES[rate], METHOD)
            if rate == "selection-rate" or labelled:
                yield judge(question, scored, rate, first=rate == self.rates[0])
            else:
                yield question.unasked(NO_LABELS)

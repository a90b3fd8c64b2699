"""bias.calibration: does a score mean the same in every group?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pydantic import Field, field_validator

from audits.audit import Area, Pending, audit
from audits.calibration_gaps import Measure
from audits.findings import Finding, Method
from audits.score_gaps import NO_PROBABILITIES, GapSentences
from audits.scored import ScoreAudit, Scored
from probes.speech import Number, say
from probes.subjects.capabilities import Classifies

EVERY_MEASURE: tuple[Measure, ...] = ("ece", "brier")

METHOD: Final = Method(
    text=say(
        "Scores are put into bins of equal width, the same for every group. The calibration error (ECE) is the "
        "distance between a bin's mean score and the share of its rows that carry the label, averaged over rows. "
        "Chance alone adds to it, most in small groups: what it would be if every score came true stands beside it, "
        "and a difference between groups counts only as far as it exceeds that. The Brier score is the mean squared "
        "distance between score and answer, split into reliability, resolution, uncertainty and what happens within "
        "bins. Groups are compared by a studentised bootstrap on counts; Holm's correction runs over all pairs and "
        "measures of the attribute, and verdicts follow the rule of bias.group-rates."
    ),
    sources=(
        "Pleiss et al. (2017), On fairness and calibration",
        "Brier (1950), Verification of forecasts expressed in terms of probability",
        "Murphy (1973), A new vector partition of the probability score",
        "Stephenson, Coelho and Jolliffe (2008), Two extra components in the Brier score decomposition",
        "Naeini, Cooper and Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian binning",
        "Wilson (1927), Probable inference, the law of succession, and statistical inference",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
    ),
)

SENTENCES: Final[dict[Measure, GapSentences]] = {
    "ece": GapSentences(
        title="How far scores of {plural} lie from how often {label} is the label (expected calibration error)",
        more="Scores mean less of what they say for {plural} {relation} {high} than for those {relation} {low}: they "
        "are off by {high_value} against {low_value} (expected calibration error; difference {gap}, 95 % interval "
        "{range}).",
        unsettled="Whether scores of {plural} mean the same in every group (expected calibration error) cannot be "
        "told.",
    ),
    "brier": GapSentences(
        title="How far scores of {plural} lie from the single answers (Brier score)",
        more="Scores lie further from the answers for {plural} {relation} {high} than for those {relation} {low} "
        "(Brier score, from 0 for perfect to 100 %: {high_value} against {low_value}; difference {gap}, 95 % interval "
        "{range}).",
        unsettled="Whether scores of {plural} lie equally near the answers in every group (Brier score) cannot be "
        "told.",
    ),
}


@audit("bias.calibration", area=Area.FAIRNESS, needs=(Classifies,))
class CalibrationByGroup(ScoreAudit):
    """Does a score mean the same in every group (Pleiss et al. 2017)? Equal errors may need unequal thresholds."""

    tolerance: float = Field(0.05, ge=0, le=1, description="Largest difference between two groups that counts as even.")
    bins: int = Field(10, ge=2, le=100, description="Bins of equal width that scores are put into.")
    measures: tuple[Measure, ...] = Field(
        EVERY_MEASURE, min_length=1, description="Errors that are compared, one finding each."
    )

    @field_validator("measures")
    @classmethod
    def _each_once(cls, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        return tuple(dict.fromkeys(measures))

    def asked(self) -> Sequence[tuple[str, GapSentences, Method]]:
        """One finding a measure."""
        return [(measure, SENTENCES[measure], METHOD) for measure in self.measures]

    def judged(self, scored: Scored) -> Iterator[Finding | Pending]:
        """Both measures from the same counts and the same bootstrap samples."""
        from audits.calibration_gaps import judge, of

        counts = scored.counts
        if not counts.probabilities:
            low, high = Number(value=float(counts.score[0]), digits=3), Number(value=counts.highest, digits=3)
            for measure in self.measures:
                question = self.question(scored, measure, SENTENCES[measure], METHOD)
                yield question.unasked(NO_PROBABILITIES, low=low, high=high)
            return
        found, draws = of(scored, self.bins)
        for measure in self.measures:
            question = self.question(scored, measure, SENTENCES[measure], METHOD)
            yield judge(question, scored, measure, self.bins, found, draws)

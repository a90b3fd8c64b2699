"""Calibration by group compared: the curve, the errors with their intervals, and every pair of groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from audits.evidence import Column, Table
from audits.findings import Finding
from audits.score_evidence import Curve, CurvePoint, Curves
from audits.score_gaps import Comparisons, ScoreGap, ScoreQuestion, amount
from audits.statistics.calibration import Calibration, Draws, calibration, resampled, standard_errors
from audits.statistics.disparity import LEAST
from audits.statistics.gap_sentences import spoken
from audits.statistics.intervals import Bounds, quantile, wilson
from probes.speech import Name, Number, Points, Quantity, Range, Sentence, Share, say

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy import ndarray

    from audits.scored import Scored
    from audits.statistics.score_counts import ScoreCounts

Measure = Literal["ece", "brier"]
"""What is compared: the expected calibration error, or the Brier score."""

TEST = "studentised bootstrap on counts"


@dataclass(frozen=True, slots=True)
class Errors:
    """One measure in every group, with what its intervals and tests are made of."""

    value: Float[ndarray, "group"]
    spread: Float[ndarray, "group"]
    """Standard error."""
    bias: Float[ndarray, "group"]
    """The most that chance adds to the estimate: nothing to a mean; to ECE, what calibrated scores would show."""
    draws: Float[ndarray, "draw group"]
    draw_spread: Float[ndarray, "draw group"]

    def bounds(self, level: float = 0.95) -> Bounds:
        """Every group's own interval."""
        middle, wide = _shape(self.draws - self.value, self.draw_spread)
        reach = quantile(level) * wide
        low = self.value - self.bias - self.spread * (middle + reach)
        return Bounds(np.clip(low, 0, 1), np.clip(self.value - self.spread * (middle - reach), 0, 1), level)


@dataclass(frozen=True, slots=True)
class ErrorPairs:
    """Every two of the chosen groups; a difference counts as far as chance alone cannot have added it."""

    errors: Errors
    chosen: Int[ndarray, "compared"]

    def comparisons(self) -> Comparisons:
        """Differences with p from the studentised draws' mean and spread, so that p may be small."""
        from scipy.special import ndtr

        first, second = np.triu_indices(len(self.chosen), k=1)
        difference, spread, middle, wide = self._parts()
        above, below = self.errors.bias[self.chosen[first]], self.errors.bias[self.chosen[second]]
        moved = difference - spread * middle
        certain = np.maximum(0, np.where(moved > 0, moved - above, -moved - below))
        z = np.divide(certain, spread * wide, out=np.where(certain > 0, np.inf, 0.0), where=spread > 0)
        return Comparisons(TEST, first, second, difference, np.minimum(1.0, 2 * ndtr(-z)), self.bounds)

    def bounds(self, level: float) -> Bounds:
        """Intervals of the first group's value minus the second's."""
        first, second = np.triu_indices(len(self.chosen), k=1)
        difference, spread, middle, wide = self._parts()
        moved, reach = difference - spread * middle, quantile(level) * wide * spread
        low = moved - self.errors.bias[self.chosen[first]] - reach
        high = moved + self.errors.bias[self.chosen[second]] + reach
        return Bounds(np.clip(low, -1, 1), np.clip(high, -1, 1), level)

    def _parts(self) -> tuple[ndarray, ndarray, ndarray, ndarray]:
        """Differences, their standard errors, and mean and spread of the studentised draws."""
        first, second = np.triu_indices(len(self.chosen), k=1)
        one, two, e = self.chosen[first], self.chosen[second], self.errors
        difference = e.value[one] - e.value[two]
        moved = e.draws[:, one] - e.draws[:, two] - difference
        return (
            difference,
            np.hypot(e.spread[one], e.spread[two]),
            *_shape(moved, np.hypot(e.draw_spread[:, one], e.draw_spread[:, two])),
        )


def judge(
    question: ScoreQuestion, scored: Scored, measure: Measure, bins: int, found: Calibration, draws: Draws
) -> ScoreGap | Finding:
    """The groups' errors in one measure, pending; at once a finding where fewer than two groups are large enough."""
    effective = found.effective.sum(-1)
    large = (effective >= LEAST) & np.array(scored.recorded)
    chosen = np.flatnonzero(large)
    errors = errors_of(scored.counts, measure, bins, found, draws)
    curve, table = curves(question, scored, found, large), _table(question, scored, measure, found, errors)
    evidence = (curve, table) if measure == "ece" else (table, curve)
    uncovered = tuple(
        label
        for label, there, is_large in zip(scored.labels, scored.recorded, large, strict=True)
        if there and not is_large
    )
    if len(chosen) < 2:
        return question.unsettled(evidence)
    compared = ErrorPairs(errors, chosen).comparisons()
    return ScoreGap(
        question=question,
        labels=[scored.labels[at] for at in chosen],
        values=np.column_stack([errors.value[chosen[compared.first]], errors.value[chosen[compared.second]]]),
        compared=compared,
        evidence=evidence,
        uncovered=uncovered,
        details=tuple(_details(question, scored, found, chosen)) if measure == "ece" else (),
    )


def of(scored: Scored, bins: int) -> tuple[Calibration, Draws]:
    """What both measures are made of."""
    return calibration(scored.counts, bins), resampled(scored.counts, bins)


def curves(question: ScoreQuestion, scored: Scored, found: Calibration, large: ndarray) -> Curves:
    """Mean score against observed rate in each bin, with Wilson's interval."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, rate = found.score / found.n, found.events / found.n
    bounds = wilson(np.nan_to_num(rate) * found.effective, found.effective)

    def points(group: int) -> tuple[CurvePoint, ...]:
        return tuple(
            CurvePoint(
                x=float(mean[group, at]),
                y=float(min(1.0, rate[group, at])),
                low=float(bounds.low[group, at]),
                high=float(bounds.high[group, at]),
                n=float(found.effective[group, at]),
            )
            for at in np.flatnonzero(found.effective[group] > 0)
        )

    return Curves(
        name="calibration",
        title=question.say("What scores mean: how often {plural} of each score are labelled {label} (calibration)"),
        x_axis=say("Mean score in the bin, in %"),
        y_axis=spoken("Share labelled {label}, in %", question.words),
        hint=say(
            "Dot: the rows in one bin of scores; shaded: 95 % intervals; grey bars: how many rows. "
            "Below the dashed line scores are too high."
        ),
        diagonal=say("calibrated: scores come true"),
        curves=tuple(
            Curve(group=group, label=scored.labels[at], n=float(found.effective[at].sum()), points=points(at),
                  compared=bool(large[at]))
            for at, group in enumerate(scored.counts.groups)
        ),
    )  # fmt: skip


def errors_of(scored: ScoreCounts, measure: Measure, bins: int, found: Calibration, draws: Draws) -> Errors:
    """One measure's errors; ECE's draws are set upon the estimate, as their own bias is in `bias` already."""
    error, brier = standard_errors(scored, bins)
    if measure == "ece":
        moved = draws.error - draws.error.mean(0) + found.error
        return Errors(found.error, error, found.expected_error, moved, draws.error_spread)
    return Errors(found.brier, brier, np.zeros_like(brier), draws.brier, draws.brier_spread)


def _details(
    question: ScoreQuestion, scored: Scored, found: Calibration, chosen: Int[ndarray, "compared"]
) -> list[Sentence]:
    """Which way the worst group's scores are off, and what the estimate would be if all were right."""
    worst = int(chosen[np.argmax(found.error[chosen])])
    offset = float(found.offset[worst])
    higher = "{plural} {relation} {group} score {offset} too high on average."
    lower = "{plural} {relation} {group} score {offset} too low on average."
    name = Name(text=scored.labels[worst])
    expected = say(
        "The calibration error is never estimated as 0: with so many rows it would be about {expected} for {group} if "
        "every score came true; {found} was found.",
        expected=Share(value=float(found.expected_error[worst])),
        found=Share(value=float(found.error[worst])),
        group=name,
    )
    said = question.say(higher if offset >= 0 else lower, group=name, offset=Points(value=abs(offset)))
    return [said, expected]


def _table(question: ScoreQuestion, scored: Scored, measure: Measure, found: Calibration, errors: Errors) -> Table:
    bounds, parts = errors.bounds(), found.murphy
    heading = say("Calibration error (ECE)") if measure == "ece" else say("Brier score")
    numbers = [say("Labelled rows"), say("Mean score"), say("Observed rate"), heading, say("95 % interval")]
    numbers += (
        [say("ECE if calibrated")]
        if measure == "ece"
        else [say("Reliability"), say("Resolution"), say("Uncertainty"), say("Within bins")]
    )

    def number(value: float, digits: int = 3) -> Number:
        return Number(value=float(value) if np.isfinite(value) else None, digits=digits)

    def cells(at: int) -> tuple[Quantity | None, ...]:
        n, there = found.rows[at], found.rows[at] > 0
        rest = (
            [Share(value=float(found.expected_error[at]) if there else None)]
            if measure == "ece"
            else [number(part[at]) for part in (parts.reliability, parts.resolution, parts.uncertainty, parts.within)]
        )
        value = errors.value[at]
        percent = measure == "ece"
        return (
            Name(text=scored.labels[at]),
            amount(float(found.effective[at].sum())),
            Share(value=float(found.score[at].sum() / n) if there else None),
            Share(value=float(found.events[at].sum() / n) if there else None),
            Share(value=float(value) if there else None) if percent else number(value),
            Range(low=float(bounds.low[at]), high=float(bounds.high[at]), percent=percent)
            if np.isfinite(bounds.low[at])
            else None,
            *rest,
        )

    return Table(
        name=measure,
        title=question.say(question.sentences.title),
        columns=(Column(heading=say("Group")), *(Column(heading=head, numeric=True) for head in numbers)),
        rows=tuple(cells(at) for at in range(len(scored.labels))),
    )


def _shape(
    moved: Float[ndarray, "draw some"], spread: Float[ndarray, "draw some"]
) -> tuple[Float[ndarray, "some"], Float[ndarray, "some"]]:
    """Mean and standard deviation of the studentised draws; at least the normal's own spread."""
    t = np.divide(moved, spread, out=np.zeros_like(moved), where=spread > 0)
    t = np.clip(np.nan_to_num(t), -10, 10)
    return t.mean(0), np.maximum(t.std(0), 1.0)

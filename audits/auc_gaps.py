"""AUCs by group compared: intervals, pairs and the drawing's record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audits.evidence import Column, GroupRate, GroupRates, Table
from audits.findings import Finding
from audits.score_gaps import Comparisons, ScoreGap, ScoreQuestion, amount
from audits.statistics.auc import Aucs, Setting, aucs, generalised_mean
from audits.statistics.disparity import LEAST
from audits.statistics.gap_sentences import spoken
from audits.statistics.intervals import Bounds
from audits.statistics.score_counts import NEGATIVE, POSITIVE
from probes.speech import Interval, Name, Number, Phrase, Quantity, Range, Sentence, Share, say

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy import ndarray

    from audits.scored import Scored

TEST = "DeLong's test on the logit scale"


def judge(question: ScoreQuestion, scored: Scored, setting: Setting) -> ScoreGap | Finding:
    """The groups' AUCs in one setting, pending; at once a finding where fewer than two groups are large enough."""
    counts = scored.counts.effective
    found = aucs(counts[:, POSITIVE], counts[:, NEGATIVE], setting)
    large = (found.least >= LEAST) & np.array(scored.recorded)
    chosen = np.flatnonzero(large)
    evidence = (_rates(question, scored, found, large), _table(question, scored, found, large))
    uncovered = tuple(
        label for label, there, is_large in zip(scored.labels, scored.recorded, large, strict=True)
        if there and not is_large
    )  # fmt: skip
    if len(chosen) < 2:
        return question.unsettled(evidence)
    compared = AucPairs(found, chosen)
    mean = generalised_mean(found.value[chosen])
    return ScoreGap(
        question=question,
        labels=[scored.labels[at] for at in chosen],
        values=np.column_stack([found.value[compared.left], found.value[compared.right]]),
        compared=compared.comparisons(),
        evidence=evidence,
        uncovered=uncovered,
        details=(
            say(
                "The generalised mean over these groups, in which low values weigh most (power -5), is {mean}.",
                mean=Share(value=mean),
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class AucPairs:
    """Every two of the chosen groups."""

    found: Aucs
    chosen: Int[ndarray, "compared"]

    @property
    def left(self) -> Int[ndarray, "pair"]:
        """First group of each pair, among all groups."""
        return np.asarray(self.chosen[np.triu_indices(len(self.chosen), k=1)[0]])

    @property
    def right(self) -> Int[ndarray, "pair"]:
        """Second group of each pair, among all groups."""
        return np.asarray(self.chosen[np.triu_indices(len(self.chosen), k=1)[1]])

    def comparisons(self) -> Comparisons:
        """Tests on the logit scale and intervals by MOVER, both with the covariance of the two."""
        from scipy.special import ndtr

        first, second = np.triu_indices(len(self.chosen), k=1)
        logit, covariance = self.found.on_logits
        left, right = self.left, self.right
        spread = np.diag(covariance)
        between = np.sqrt(np.maximum(spread[left] + spread[right] - 2 * covariance[left, right], 1e-300))
        p = 2 * ndtr(-np.abs(logit[left] - logit[right]) / between)
        value = self.found.value
        return Comparisons(TEST, first, second, value[left] - value[right], np.minimum(1.0, p), self.bounds)

    def bounds(self, level: float) -> Bounds:
        """Zou and Donner's interval for the first AUC minus the second (MOVER), with their correlation."""
        alone, left, right = self.found.bounds(level), self.left, self.right
        _, covariance = self.found.on_logits
        spread = np.sqrt(np.diag(covariance))
        together = np.clip(covariance[left, right] / (spread[left] * spread[right]), -1, 1)
        one, two = self.found.value[left], self.found.value[right]

        def reach(a: Float[ndarray, "pair"], b: Float[ndarray, "pair"]) -> Float[ndarray, "pair"]:
            return np.asarray(np.sqrt(np.maximum(a**2 + b**2 - 2 * together * a * b, 0)))

        low = one - two - reach(one - alone.low[left], alone.high[right] - two)
        high = one - two + reach(alone.high[left] - one, two - alone.low[right])
        return Bounds(np.clip(low, -1, 1), np.clip(high, -1, 1), level)


def _everybody(scored: Scored) -> float | None:
    counts = scored.counts.effective.sum(0, keepdims=True)
    value = aucs(counts[:, POSITIVE], counts[:, NEGATIVE]).value[0]
    return float(value) if np.isfinite(value) else None


def _interval(bounds: Bounds, at: int) -> Interval | None:
    return bounds.at(at) if np.isfinite(bounds.low[at]) else None


def _rates(question: ScoreQuestion, scored: Scored, found: Aucs, large: ndarray) -> GroupRates:
    bounds, value = found.bounds(), found.value
    return GroupRates(
        name="auc",
        title=question.say(question.sentences.title),
        axis=spoken("Share of pairs in which the one labelled {label} scores higher, in %", question.words),
        hint=say(
            "Dot: the share of pairs ranked rightly (50 % is chance); bar: its 95 % interval; dashed: everybody's; "
            "shaded: within the tolerance. n counts pairs."
        ),
        reference=_everybody(scored),
        tolerance=question.tolerance,
        groups=tuple(
            GroupRate(
                group=group,
                label=scored.labels[at],
                events=float(found.wins[at]) if np.isfinite(value[at]) else 0.0,
                n=float(found.positives[at] * found.negatives[at]),
                rate=float(min(1.0, value[at])) if np.isfinite(value[at]) else None,
                interval=_interval(bounds, at),
                tested=bool(large[at]),
            )
            for at, group in enumerate(scored.counts.groups)
        ),
    )


def _table(question: ScoreQuestion, scored: Scored, found: Aucs, large: ndarray) -> Table:
    bounds, value = found.bounds(), found.value

    def cells(at: int) -> tuple[Quantity | None, ...]:
        interval = _interval(bounds, at)
        return (
            Name(text=scored.labels[at]),
            amount(found.positives[at]),
            amount(found.negatives[at]),
            Number(value=float(value[at]) if np.isfinite(value[at]) else None, digits=3),
            Range(low=interval.low, high=interval.high, percent=False) if interval else None,
            Phrase(text="yes" if large[at] else "no"),
        )

    numbers: tuple[Sentence, ...] = (
        spoken("Rows labelled {label}", question.words),
        say("Other rows"),
        say("AUC"),
        say("95 % interval"),
    )
    return Table(
        name="counts",
        title=say("Rows behind the AUCs"),
        columns=(
            Column(heading=say("Group")),
            *(Column(heading=heading, numeric=True) for heading in numbers),
            Column(heading=say("Compared")),
        ),
        rows=tuple(cells(at) for at in range(len(scored.labels))),
    )

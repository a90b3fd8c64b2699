"""Do scores mean what they say? Calibration curves, expected calibration error and the Brier score, all from counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.statistics.score_counts import NEGATIVE, POSITIVE

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray

    from audits.statistics.score_counts import ScoreCounts

DRAWS: Final = 400
"""Bootstrap samples; p comes from the studentised mean and spread, so that it is not bound to 1/400."""

CELLS: Final = 1_000
"""The bootstrap draws from cells of a thousandth; within one, scores count as their mean."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scores against what happened, in bins of equal width from 0 to 1."""

    n: Float[ndarray, "group bin"]
    """Labelled rows, weighted."""
    effective: Float[ndarray, "group bin"]
    score: Float[ndarray, "group bin"]
    """Sum of the scores."""
    squares: Float[ndarray, "group bin"]
    events: Float[ndarray, "group bin"]
    """Rows of the positive class."""
    product: Float[ndarray, "group bin"]
    """Sum of the scores of the positive class."""

    @property
    def rows(self) -> Float[ndarray, "group"]:
        """Labelled rows of each group."""
        return np.asarray(self.n.sum(-1))

    @property
    def error(self) -> Float[ndarray, "group"]:
        """ECE: how far mean score and observed rate lie apart, averaged over rows (Naeini et al. 2015)."""
        return _mean(np.abs(self.score - self.events).sum(-1), self.rows)

    @property
    def expected_error(self) -> Float[ndarray, "group"]:
        """The ECE that so few rows would show on average if every score were right: the estimate is never below 0."""
        spread = np.maximum(self.score - self.squares, 0)
        worth = np.divide(self.n, self.effective, out=np.ones_like(self.n), where=self.effective > 0)
        return _mean(np.sqrt(2 / math.pi * spread * worth).sum(-1), self.rows)

    @property
    def brier(self) -> Float[ndarray, "group"]:
        """Mean squared difference between score and answer (Brier 1950): 0 is perfect."""
        return _mean((self.squares - 2 * self.product + self.events).sum(-1), self.rows)

    @property
    def offset(self) -> Float[ndarray, "group"]:
        """Mean score minus observed rate: above 0 the scores are too high."""
        return _mean((self.score - self.events).sum(-1), self.rows)

    @property
    def murphy(self) -> Murphy:
        """The Brier score's parts."""
        with np.errstate(divide="ignore", invalid="ignore"):
            mean, rate = self.score / self.n, self.events / self.n
        mean, rate = np.nan_to_num(mean), np.nan_to_num(rate)
        base = _mean(self.events.sum(-1), self.rows)
        spread = self.squares - self.score * mean
        along = self.product - self.score * rate
        return Murphy(
            reliability=_mean((self.n * (mean - rate) ** 2).sum(-1), self.rows),
            resolution=_mean((self.n * (rate - base[:, None]) ** 2).sum(-1), self.rows),
            uncertainty=base * (1 - base),
            within=_mean((spread - 2 * along).sum(-1), self.rows),
        )


@dataclass(frozen=True, slots=True)
class Murphy:
    """Brier = reliability - resolution + uncertainty + within (Murphy 1973; within bins: Stephenson et al. 2008)."""

    reliability: Float[ndarray, "group"]
    """Squared distance of the curve from the diagonal; 0 is calibrated."""
    resolution: Float[ndarray, "group"]
    """How far the bins' rates differ from the overall rate; high is informative."""
    uncertainty: Float[ndarray, "group"]
    """What anybody faces who knows only the overall rate."""
    within: Float[ndarray, "group"]
    """What scores do inside the bins; 0 where each bin holds one score."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Bootstrap samples of both errors and of their standard errors; the estimates from the same cells."""

    error: Float[ndarray, "draw group"]
    error_spread: Float[ndarray, "draw group"]
    brier: Float[ndarray, "draw group"]
    brier_spread: Float[ndarray, "draw group"]


def calibration(counts: ScoreCounts, bins: int) -> Calibration:
    """Counts of labelled rows in equal bins of the score; the last one includes 1."""
    which = bin_of(counts.score, bins)

    def summed(values: Float[ndarray, "group bin"]) -> Float[ndarray, "group calibration_bin"]:
        out = np.zeros((len(counts.groups), bins))
        np.add.at(out.T, which, values.T)
        return out

    labelled = [NEGATIVE, POSITIVE]
    weight, squared = summed(counts.weight[:, labelled].sum(1)), summed(counts.squared[:, labelled].sum(1))
    return Calibration(
        n=weight,
        effective=np.divide(weight**2, squared, out=np.zeros_like(weight), where=squared > 0),
        score=summed(counts.total[:, labelled].sum(1)),
        squares=summed(counts.squares[:, labelled].sum(1)),
        events=summed(counts.weight[:, POSITIVE]),
        product=summed(counts.total[:, POSITIVE]),
    )


def edges(bins: int) -> Float[ndarray, "edge"]:
    """Where bins of equal width begin and end."""
    return np.arange(bins + 1) / bins


def bin_of(score: Float[ndarray, "score"], bins: int) -> ndarray:
    """The bin of each score; a score on an edge belongs to the bin above it, 1 to the last."""
    return np.clip(np.searchsorted(edges(bins), score, side="right") - 1, 0, bins - 1)


def resampled(counts: ScoreCounts, bins: int, draws: int = DRAWS, seed: int = 0) -> Draws:
    """The bootstrap on counts: each group's cells are drawn anew, as many rows as it effectively has."""
    samples = [_group_draws(counts, group, bins, draws, seed) for group in range(len(counts.groups))]
    return Draws(*(np.column_stack(parts) for parts in zip(*samples, strict=True)))


def spreads(error: ndarray, brier: ndarray, fourth: ndarray, n: ndarray) -> tuple[ndarray, ndarray]:
    """Standard errors of ECE and Brier score; `fourth` is the mean squared loss.

    While no bin crosses the diagonal, ECE is a mean of +-(score - answer), whose squares are the losses.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sqrt(np.maximum(brier - error**2, 0) / n), np.sqrt(np.maximum(fourth - brier**2, 0) / n)


def standard_errors(counts: ScoreCounts, bins: int) -> tuple[Float[ndarray, "group"], Float[ndarray, "group"]]:
    """Standard errors of every group's ECE and Brier score."""
    cells = [_cells(counts, group, bins) for group in range(len(counts.groups))]
    sums = [(share @ features, n) for share, features, n in cells]
    parts = [spreads(np.abs(s[:bins]).sum(), s[bins], s[bins + 1], np.asarray(n)) for s, n in sums]
    return np.array([float(one) for one, _ in parts]), np.array([float(two) for _, two in parts])


def _group_draws(counts: ScoreCounts, group: int, bins: int, draws: int, seed: int) -> tuple[ndarray, ...]:
    share, features, n = _cells(counts, group, bins)
    size = round(n)
    if size < 1:
        return tuple(np.full(draws, np.nan) for _ in range(4))
    # A stream for each group's own numbers: independent of the others, whatever the groups are called.
    own = blake2b(share.tobytes() + features.tobytes(), digest_size=8).digest()
    generator = np.random.default_rng([seed, int.from_bytes(own, "little")])
    sums = generator.multinomial(size, share, size=draws) @ features / size
    error, brier = np.abs(sums[:, :bins]).sum(1), sums[:, bins]
    error_spread, brier_spread = spreads(error, brier, sums[:, bins + 1], np.asarray(size))
    return error, error_spread, brier, brier_spread


def _cells(counts: ScoreCounts, group: int, bins: int) -> tuple[ndarray, ndarray, float]:
    """Shares of a group's cells, what a row of each adds to (score - answer in each bin, loss, squared loss), and n."""
    coarse, place = np.unique(
        np.floor(np.clip(counts.score, 0, 1) * CELLS) if len(counts.score) > CELLS else counts.score,
        return_inverse=True,
    )
    labelled = (NEGATIVE, POSITIVE)
    weight, total = np.zeros((2, len(coarse))), np.zeros((2, len(coarse)))
    for answer in labelled:
        np.add.at(weight[answer], place, counts.weight[group, answer])
        np.add.at(total[answer], place, counts.total[group, answer])
    there = weight > 0
    score, weight = total[there] / weight[there], weight[there]
    difference = score - np.where(there)[0]
    features = np.zeros((len(weight), bins + 2))
    features[np.arange(len(weight)), bin_of(score, bins)] = difference
    features[:, bins], features[:, bins + 1] = difference**2, difference**4
    squared = float(counts.squared[group, labelled].sum())
    n = float(weight.sum()) ** 2 / squared if squared > 0 else 0.0
    return weight / max(weight.sum(), 1e-300), features, n


def _mean(sums: ndarray, n: Float[ndarray, "group"]) -> Float[ndarray, "group"]:
    """Sums over rows as means; NaN in a group without rows."""
    return np.asarray(np.divide(sums, n, out=np.full(len(n), np.nan), where=n > 0))

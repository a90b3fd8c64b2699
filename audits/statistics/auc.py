"""The area under the ROC curve from counts: how often a positive row outscores a negative one, ties counted half.

Variances and covariances are DeLong's (1988), from placements, which counts give as exactly as rows do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from audits.statistics.intervals import Bounds, quantile, wilson

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray

Setting = Literal["subgroup", "bpsn", "bnsp"]
"""Whose positives and whose negatives are told apart (Borkan et al. 2019).

subgroup: both of the group; bpsn: positives of everybody else and negatives of the group; bnsp: the reverse.
"""

POWER_MEAN: Final = -5
"""Exponent of the generalised mean over groups (Borkan et al. 2019): low values weigh most."""


@dataclass(frozen=True, slots=True)
class Aucs:
    """One AUC for each group in one setting; NaN where there is no positive or no negative row."""

    positives: Float[ndarray, "group"]
    negatives: Float[ndarray, "group"]
    """Effective numbers of rows on either side."""
    wins: Float[ndarray, "group"]
    """Pairs of a positive and a negative row in which the positive one scores higher; ties are half a pair."""
    covariance: Float[ndarray, "group group"]
    """Groups that share a background are not independent."""

    @property
    def value(self) -> Float[ndarray, "group"]:
        """Wins among all pairs."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.wins / (self.positives * self.negatives))

    @property
    def least(self) -> Float[ndarray, "group"]:
        """The smaller of the two sides."""
        return np.asarray(np.minimum(self.positives, self.negatives))

    @property
    def on_logits(self) -> tuple[Float[ndarray, "group"], Float[ndarray, "group group"]]:
        """logit(AUC) and its covariance by the delta method; half a row is added where every pair is won or lost."""
        value, least = self.value, self.least
        flat = ~(np.diag(self.covariance) > 0) | (value <= 0) | (value >= 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            eased = np.where(flat, (value * least + 0.5) / (least + 1), value)
            slope = 1 / (eased * (1 - eased))
            covariance = self.covariance * slope[:, None] * slope[None, :]
            alone = slope / least
        covariance[flat, :] = covariance[:, flat] = 0.0
        covariance[flat, flat] = alone[flat]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(eased / (1 - eased)), covariance

    def bounds(self, level: float = 0.95) -> Bounds:
        """Intervals on the logit scale; Wilson's over the smaller side where DeLong's variance is 0."""
        logit, covariance = self.on_logits
        half = quantile(level) * np.sqrt(np.diag(covariance))
        with np.errstate(over="ignore"):
            low, high = 1 / (1 + np.exp(half - logit)), 1 / (1 + np.exp(-half - logit))
        spare = wilson(self.value * self.least, self.least, level)
        flat = ~(np.diag(self.covariance) > 0)
        return Bounds(np.where(flat, spare.low, low), np.where(flat, spare.high, high), level)


def aucs(
    positives: Float[ndarray, "group bin"], negatives: Float[ndarray, "group bin"], setting: Setting = "subgroup"
) -> Aucs:
    """Every group's AUC in one setting, from counts of its positive and negative rows in bins of ascending score."""
    ours = {"subgroup": (True, True), "bpsn": (False, True), "bnsp": (True, False)}[setting]
    above = positives if ours[0] else positives.sum(0) - positives
    below = negatives if ours[1] else negatives.sum(0) - negatives
    m, n = above.sum(-1), below.sum(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        # The share of the other side that a row of this bin outscores (is outscored by): DeLong's placements.
        won = (np.cumsum(below, -1) - below / 2) / n[:, None]
        lost = (m[:, None] - np.cumsum(above, -1) + above / 2) / m[:, None]
        value = (above * won).sum(-1) / m
        up, down = won - value[:, None], lost - value[:, None]
        covariance = _shared(positives, up, m, ours[0]) + _shared(negatives, down, n, ours[1])
    return Aucs(m, n, value * m * n, covariance)


def generalised_mean(values: Float[ndarray, "group"], power: float = POWER_MEAN) -> float | None:
    """(mean of v^p)^(1/p): between the mean and the minimum for p below 1; None without a value."""
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    if (values <= 0).any():
        return 0.0
    return float(np.mean(values**power) ** (1 / power))


def _shared(
    counts: Float[ndarray, "group bin"], placed: Float[ndarray, "group bin"], n: Float[ndarray, "group"], own: bool
) -> Float[ndarray, "group group"]:
    """What the rows of one side add to the covariance of every two groups' AUC: they share the rows they both use."""
    placed = np.nan_to_num(placed)
    size = len(counts)
    if own:
        out = np.diag((counts * placed**2).sum(-1))
    else:
        everybody = (placed * counts.sum(0)) @ placed.T
        # In row g and column h: what the rows of h would add.
        without = placed @ (placed * counts).T
        out = everybody - without - without.T
        np.fill_diagonal(out, (placed**2 * (counts.sum(0) - counts)).sum(-1))
    degrees = np.sqrt(np.outer(n, n)) * np.sqrt(np.outer(np.maximum(n - 1, 0), np.maximum(n - 1, 0)))
    return np.asarray(np.divide(out, degrees, out=np.full((size, size), np.nan), where=degrees > 0))

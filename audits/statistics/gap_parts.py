"""The gap between two groups' rates, split exactly into what labels, scores and thresholds contribute.

A group's selection rate is a product of three factors: how often each label occurs (base), how scores are spread
within a label (scores), and who is selected at a score (decisions). Each factor of one group is exchanged for the
other's in every order, and its part is its mean contribution (Shapley; Shorrocks 2013). With two factors this is
Kitagawa's (1955) and Oaxaca's and Blinder's (1973) decomposition with averaged weights. The parts add up to the gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from audits.statistics.intervals import Bounds

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray

BASE, SCORES, DECISIONS = range(3)
"""The three parts, in their order."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What a group's rates follow from; leading axes are bootstrap replicates."""

    base: Float[ndarray, "*replicate label"]
    """Share of each label."""
    scores: Float[ndarray, "*replicate label score"]
    """Share of each score within a label."""
    decisions: Float[ndarray, "*replicate label score"]
    """Share selected at a score, within a label."""


def rate(
    base: Float[ndarray, "*replicate label"],
    scores: Float[ndarray, "*replicate label score"],
    decisions: Float[ndarray, "*replicate label score"],
) -> Float[ndarray, "*replicate"]:
    """The selection rate that these factors make together."""
    return np.asarray((base * (scores * decisions).sum(-1)).sum(-1))


def factors(
    cells: Float[ndarray, "*replicate label score decision"],
    other: Float[ndarray, "*replicate label score decision"],
    within: int | None = None,
) -> Factors:
    """A group's factors from its counts; `within` a label only, where that is given.

    Where the group has nobody at a score, the decisions there are the other group's: nothing is known to differ.
    """
    by_score = cells.sum(-1)
    by_label = by_score.sum(-1)
    base = by_label if within is None else np.where(np.arange(cells.shape[-3]) == within, by_label, 0.0)
    both = by_score + other.sum(-1)
    pooled = _share(cells[..., 1] + other[..., 1], both)
    own = _share(cells[..., 1], by_score)
    return Factors(
        base=_share(base, base.sum(-1, keepdims=True)),
        scores=_share(by_score, by_label[..., None]),
        decisions=np.where(by_score > 0, own, pooled),
    )


def parts(first: Factors, second: Factors) -> Float[ndarray, "*replicate part"]:
    """What base, scores and decisions contribute to the first rate minus the second; they add up to it exactly."""
    both = (
        (second.base, first.base),
        (second.scores, first.scores),
        (second.decisions, first.decisions),
    )
    value = {
        chosen: rate(*(pair[part in chosen] for part, pair in enumerate(both)))
        for size in range(4)
        for chosen in combinations(range(3), size)
    }
    shares = []
    for part in range(3):
        others = [p for p in range(3) if p != part]
        share = np.zeros_like(value[()])
        for size in range(3):
            weight = factorial(size) * factorial(2 - size) / factorial(3)
            for chosen in combinations(others, size):
                share = share + weight * (value[tuple(sorted((*chosen, part)))] - value[chosen])
        shares.append(share)
    return np.stack(shares, axis=-1)


@dataclass(frozen=True, slots=True)
class GapParts:
    """The parts of one pair's gap with bootstrap intervals; `first` has the higher rate."""

    first: int
    second: int
    rates: tuple[float, float]
    parts: Float[ndarray, "part"]
    bounds: Bounds
    """95 % percentile intervals of the parts."""
    left: float
    """What the labels do not account for: scores and decisions together."""
    left_bounds: Bounds
    """Its 95 % interval."""
    left_even: Bounds
    """Its 90 % interval: inside the tolerance means nothing of weight is left."""
    p: float
    """Two-sided: whether anything is left at all, by the bootstrap's standard error."""

    @property
    def gap(self) -> float:
        """The first group's rate minus the second's."""
        return self.rates[0] - self.rates[1]


def replicates(
    cells: Float[ndarray, "label score decision"], n: float, draws: int, rng: np.random.Generator
) -> Float[ndarray, "draw label score decision"]:
    """The counts resampled: rows drawn with replacement are a multinomial draw of the counts.

    Weighted rows are drawn as their effective number. A label that a draw misses keeps its observed counts.
    """
    shares = cells / cells.sum()
    drawn = rng.multinomial(max(1, round(n)), shares.ravel(), size=draws).reshape(draws, *cells.shape).astype(float)
    missed = drawn.sum((-1, -2), keepdims=True) == 0
    return np.where(missed, 1e-9 * shares, drawn)


Group = tuple["Float[ndarray, 'label score decision']", "Float[ndarray, 'draw label score decision']"]
"""A group's counts and their replicates."""


def gap_parts(groups: list[Group], first: int, second: int, within: int | None = None) -> GapParts:
    """The gap of two groups, the higher rate first."""
    from scipy.special import ndtr

    (cells_1, drawn_1), (cells_2, drawn_2) = groups[first], groups[second]
    one, two = factors(cells_1, cells_2, within), factors(cells_2, cells_1, within)
    rates = float(rate(one.base, one.scores, one.decisions)), float(rate(two.base, two.scores, two.decisions))
    if rates[0] < rates[1]:
        return gap_parts(groups, second, first, within)
    seen = parts(one, two)
    drawn = parts(factors(drawn_1, drawn_2, within), factors(drawn_2, drawn_1, within))
    left, left_drawn = float(seen[SCORES:].sum()), drawn[:, SCORES:].sum(-1)
    spread = float(left_drawn.std(ddof=1))
    p = float(2 * ndtr(-abs(left) / spread)) if spread > 1e-12 else float(abs(left) < 1e-12)
    return GapParts(
        first, second, rates, seen, _percentiles(drawn, 0.95), left,
        _percentiles(left_drawn, 0.95), _percentiles(left_drawn, 0.90), p,
    )  # fmt: skip


def _share(part: Float[ndarray, "..."], whole: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    part, whole = np.broadcast_arrays(part, whole)
    return np.asarray(np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0))


def _percentiles(drawn: Float[ndarray, "draw *part"], level: float) -> Bounds:
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return Bounds(np.asarray(low), np.asarray(high), level)

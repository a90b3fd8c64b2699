"""Impact ratios: every category's rate divided by the highest, as New York's rule on bias audits counts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.statistics.disparity import LEAST, LEVEL
from audits.statistics.intervals import Bounds, quantile
from audits.statistics.pairs import Pairs, all_pairs

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
    from numpy import ndarray
    from numpy.typing import ArrayLike

FOUR_FIFTHS: Final = 0.8
"""Below this ratio the Uniform Guidelines (1978) speak of adverse impact; the rule itself sets no limit."""


def ratio_bounds(
    events_1: ArrayLike, n_1: ArrayLike, events_2: ArrayLike, n_2: ArrayLike, level: float = 0.95
) -> Bounds:
    """Katz's interval (1978) of the first rate divided by the second, on the log scale; NaN where either n is 0.

    Half an event is added to every count where one of the two is 0.
    """
    x1, n1, x2, n2 = np.broadcast_arrays(*(np.asarray(a, float) for a in (events_1, n_1, events_2, n_2)))
    more = np.where((x1 == 0) | (x2 == 0), 0.5, 0.0)
    y1, m1, y2, m2 = x1 + more, n1 + more, x2 + more, n2 + more
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = np.log(y1 / m1) - np.log(y2 / m2)
        half = quantile(level) * np.sqrt(np.maximum(0, 1 / y1 - 1 / m1 + 1 / y2 - 1 / m2))
        low, high = np.exp(centre - half), np.exp(centre + half)
    none = (n1 <= 0) | (n2 <= 0)
    return Bounds(np.where(none, np.nan, np.where(x1 == 0, 0.0, low)), np.where(none, np.nan, high), level)


@dataclass(frozen=True, slots=True)
class Impact:
    """The rates of all categories, which of them have an impact ratio, and to whom it relates."""

    events: Float[ndarray, "category"]
    n: Float[ndarray, "category"]
    counted: Bool[ndarray, "category"]
    """Large enough a share of the data for an impact ratio."""
    best: int
    """The counted category with the highest rate; of several, the largest."""
    pairs: Pairs
    """All pairs of `tested` categories."""
    tested: Int[ndarray, "tested"]
    """The counted categories that are large enough to test."""

    @property
    def rate(self) -> Float[ndarray, "category"]:
        """Events per person; every category has somebody."""
        return np.asarray(self.events / self.n)

    @property
    def ratio(self) -> Float[ndarray, "category"]:
        """Rate divided by the highest; NaN where a category is not counted or the highest rate is 0."""
        rate = self.rate
        highest = rate[self.best]
        return np.where(self.counted & (highest > 0), rate / (highest if highest > 0 else 1.0), np.nan)

    @property
    def against_best(self) -> dict[int, int]:
        """Tested category -> the pair that compares it with the best one; empty where that one is too small."""
        first, second = self.tested[self.pairs.first], self.tested[self.pairs.second]
        ends = zip(first.tolist(), second.tolist(), strict=True)
        return {a if b == self.best else b: at for at, (a, b) in enumerate(ends) if self.best in (a, b)}

    def bounds(self, level: float = 1 - LEVEL) -> Bounds:
        """Every category against the best one."""
        return ratio_bounds(self.events, self.n, self.events[self.best], self.n[self.best], level)


def impact(events: ArrayLike, n: ArrayLike, least_share: float) -> Impact | None:
    """Categories of at least `least_share` of everybody counted get a ratio; None where fewer than two do.

    Every n is at least 1.
    """
    events, n = np.asarray(events, float), np.asarray(n, float)
    counted = n >= least_share * n.sum()
    if counted.sum() < 2:
        return None
    rate = np.where(counted, events / n, -1.0)
    best = max(range(len(n)), key=lambda at: (rate[at], n[at]))
    tested = np.flatnonzero(counted & (n >= LEAST))
    return Impact(events, n, counted, best, all_pairs(events[tested], n[tested]), tested)

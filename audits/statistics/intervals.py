"""Intervals of a proportion and of the difference of two; fractional (effective) counts are welcome."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from probes.speech import Interval

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy import ndarray
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lower and upper bounds of many intervals at one level; NaN where there is nothing to bound."""

    low: Float[ndarray, "..."]
    high: Float[ndarray, "..."]
    level: float

    def at(self, index: int | tuple[int, ...] = ()) -> Interval:
        """One of the intervals, as findings carry it; the only one where there is one."""
        return Interval(low=float(self.low[index]), high=float(self.high[index]), level=self.level)

    def of(self, places: Int[ndarray, "chosen"]) -> Bounds:
        """Some of the intervals."""
        return Bounds(self.low[places], self.high[places], self.level)


def quantile(level: float) -> float:
    """The standard normal deviate that a two-sided interval of this level reaches to."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(events: ArrayLike, n: ArrayLike, level: float = 0.95) -> Bounds:
    """Wilson's score interval (1927); NaN where n is 0. Coverage dips to .92 below 10 expected events."""
    events, n = np.broadcast_arrays(np.asarray(events, float), np.asarray(n, float))
    z2 = quantile(level) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = events / n
        half = np.sqrt(z2 * (rate * (1 - rate) + z2 / (4 * n)) / n)
        centre, scale = rate + z2 / (2 * n), 1 + z2 / n
        low, high = (centre - half) / scale, (centre + half) / scale
    # The formula gives exactly 0 and 1 at the ends; floating point does not.
    low = np.where(events == 0, np.where(n > 0, 0.0, np.nan), np.clip(low, 0, 1))
    high = np.where((events == n) & (n > 0), 1.0, np.clip(high, 0, 1))
    return Bounds(low, high, level)


def newcombe(events_1: ArrayLike, n_1: ArrayLike, events_2: ArrayLike, n_2: ArrayLike, level: float = 0.95) -> Bounds:
    """Newcombe's interval (1998, method 10) for the first rate minus the second; NaN where either n is 0."""
    x1, n1, x2, n2 = np.broadcast_arrays(*(np.asarray(a, float) for a in (events_1, n_1, events_2, n_2)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return mover(x1 / n1, wilson(x1, n1, level), x2 / n2, wilson(x2, n2, level))


def mover(value_1: Float[ndarray, "..."], one: Bounds, value_2: Float[ndarray, "..."], two: Bounds) -> Bounds:
    """The first value minus the second from the interval of each (Zou and Donner 2008); they must be independent."""
    low = value_1 - value_2 - np.hypot(value_1 - one.low, two.high - value_2)
    high = value_1 - value_2 + np.hypot(one.high - value_1, value_2 - two.low)
    return Bounds(np.clip(low, -1, 1), np.clip(high, -1, 1), one.level)

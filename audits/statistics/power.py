"""What a sample could have shown: the smallest detectable gap, and how many in each group would settle a tolerance."""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from audits.statistics.intervals import newcombe

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LEVEL, POWER = 0.05, 0.8
"""Two-sided level over the family, and the chance with which a gap counts as detectable."""


def shrunk_rate(events: float, n: float) -> float:
    """The rate with two events and two non-events added (Agresti and Coull 1998): never exactly 0 or 1."""
    return (events + 2) / (n + 4)


def smallest_gap(n: ArrayLike, rate: float, tests: int) -> float:
    """The gap that the worst pair of groups would show with 80 % power, after the correction over `tests`.

    At most 1: "could not be seen at all". Normal approximation, both groups at the common rate.
    """
    n = np.sort(np.asarray(n, float))
    normal = NormalDist()
    reach = normal.inv_cdf(1 - LEVEL / (2 * tests)) + normal.inv_cdf(POWER)
    return float(min(1.0, reach * math.sqrt(rate * (1 - rate) * (1 / n[0] + 1 / n[1]))))


def enough_per_group(groups: int, rate: float, tolerance: float) -> int | None:
    """How many in each of `groups` equal groups would let a truly even model pass with 80 % power; None at tolerance 0.

    All pairs must lie inside the tolerance, so the widest counts: the range of `groups` normal deviates.
    """
    if tolerance <= 0:
        return None
    range_ = _range_quantile(groups, POWER)

    def passes(n: int) -> bool:
        gap = range_ * math.sqrt(rate * (1 - rate) / n)
        low = min(max(0.0, rate - gap / 2), max(0.0, 1 - gap))
        # The verdict's own interval: near 0 and 1 it is wider than the normal approximation has it.
        return bool(newcombe(n * min(1.0, low + gap), n, n * low, n, 1 - 2 * LEVEL).high < tolerance)

    most = 1
    while not passes(most):
        most *= 2
    return 1 + bisect_left(range(1, most + 1), True, key=passes)


def in_round_figures(n: int) -> int:
    """Two significant digits: what stands behind the word "about"."""
    return round(n, 2 - len(str(n)))


@lru_cache(maxsize=256)
def _range_quantile(k: int, chance: float) -> float:
    """The value that the range of k independent standard normal deviates stays below with this chance."""
    from scipy.special import ndtr

    at = np.linspace(-9, 9, 2001)
    density = np.exp(-(at**2) / 2) / math.sqrt(2 * math.pi)
    low, high = 0.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        below = k * np.trapezoid(density * (ndtr(at) - ndtr(at - middle)) ** (k - 1), at)
        low, high = (middle, high) if below < chance else (low, middle)
    return high

"""What a sample could have shown: the smallest detectable gap, and how many in each group would settle a tolerance."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

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

    All pairs must lie inside the tolerance, so the widest of them counts: the range of `groups` normal deviates.
    """
    if tolerance <= 0:
        return None
    z = NormalDist().inv_cdf(1 - LEVEL)
    reach = z + _range_quantile(groups, POWER) / math.sqrt(2)
    # At rates near 0 the normal formula promises too much: Wilson's bound of 0 of n must fit into the tolerance, too.
    least = z**2 * (1 / tolerance - 1)
    return max(1, math.ceil(least), math.ceil(2 * rate * (1 - rate) * (reach / tolerance) ** 2))


def in_round_figures(n: int) -> int:
    """Two significant digits: what stands behind the word "about"."""
    return round(n, 2 - len(str(n)))


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

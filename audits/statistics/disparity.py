"""When a disparity passes, fails, is a concern or cannot be told: the one place where rates become a verdict.

In this order, with the tolerance t and m tests in the family:

    pass      every pair's 90 % interval lies inside (-t, t): two one-sided tests of every pair (Schuirmann 1987);
              all must hold, so no correction is needed (Berger 1982)
    fail      some pair has Holm's p < .05, a difference beyond t, and a Bonferroni-m 95 % interval outside [-t/2, t/2]
    concern   some pair has Holm's p < .05
    insufficient-evidence otherwise: no evidence of a gap is not evidence of none
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audits.findings import Verdict
from audits.statistics.intervals import Bounds, mover

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from numpy import ndarray

    from audits.statistics.metrics import Rates
    from audits.statistics.pairs import Pairs

LEAST = 10
"""Groups with fewer (effective) rows in a metric's denominator are listed and not compared."""

LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class PairBounds:
    """The three intervals of every pair's difference."""

    alone: Bounds
    """95 %, each pair for itself."""
    simultaneous: Bounds
    """95 % for all tests of the family at once."""
    equivalence: Bounds
    """90 %: two one-sided tests at 5 %."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the rule asks of every pair; leading axes, where there are any, are families of their own."""

    farthest: Float[ndarray, "... pair"]
    """With 95 % certainty the difference is no larger."""
    even: Bool[ndarray, "... pair"]
    """A pass, where it holds of all."""
    real: Bool[ndarray, "... pair"]
    """A concern, where it holds of any."""
    beyond: Bool[ndarray, "... pair"]
    """A fail, where it holds of any."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict, the pair that decided it, and what a pass promises."""

    verdict: Verdict
    pair: int
    """Index of the deciding pair: the largest difference among those that fulfil the verdict's condition."""
    bound: float
    """With 95 % certainty no difference is larger than this."""
    significant: bool
    """Whether some pair differs after the correction, however little."""


def bounds(rates: Rates, pairs: Pairs, tests: int) -> PairBounds:
    """Intervals of every pair by MOVER, for plain rates Newcombe's; simultaneous by Bonferroni over the `tests`."""
    value = rates.rate

    def spans(level: float) -> Bounds:
        each = rates.bounds(level)
        return mover(value[pairs.first], each.of(pairs.first), value[pairs.second], each.of(pairs.second))

    levels = 1 - LEVEL, 1 - LEVEL / max(1, tests), 1 - 2 * LEVEL
    alone, simultaneous, equivalence = map(spans, levels)
    return PairBounds(alone, Bounds(simultaneous.low, simultaneous.high, 1 - LEVEL), equivalence)


def conditions(
    difference: Float[ndarray, "... pair"], p: Float[ndarray, "... pair"], bounds: PairBounds, tolerance: float
) -> Conditions:
    """What holds of every pair; `p` are Holm's over the family."""
    farthest = np.maximum(np.abs(bounds.equivalence.low), np.abs(bounds.equivalence.high))
    real = p < LEVEL
    apart = (bounds.simultaneous.low > tolerance / 2) | (bounds.simultaneous.high < -tolerance / 2)
    return Conditions(farthest, farthest < tolerance, real, real & (np.abs(difference) > tolerance) & apart)


def rule(
    difference: Float[ndarray, "pair"], adjusted: Sequence[float | None], bounds: PairBounds, tolerance: float
) -> Ruling:
    """The verdict on one metric from its pairs, at least one; `adjusted` are Holm's p over the family."""
    p = np.array([1.0 if value is None else value for value in adjusted])
    holds, size = conditions(difference, p, bounds, tolerance), np.abs(difference)
    bound, significant, largest = float(holds.farthest.max()), bool(holds.real.any()), int(size.argmax())
    largest_real = int(np.where(holds.real, size, -1).argmax())
    if holds.even.all():
        return Ruling(Verdict.PASS, largest_real if significant else largest, bound, significant)
    if holds.beyond.any():
        return Ruling(Verdict.FAIL, int(np.where(holds.beyond, size, -1).argmax()), bound, significant)
    if significant:
        return Ruling(Verdict.CONCERN, largest_real, bound, significant)
    return Ruling(Verdict.INSUFFICIENT, largest, bound, significant)

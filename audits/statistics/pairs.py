"""Two groups compared: the pooled score test of two proportions, Fisher's mid-p where counts are small."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from audits.evidence import Test

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
    from numpy import ndarray
    from numpy.typing import ArrayLike

    from audits.statistics.metrics import Rates

SMALL = 5
"""Below this expected count in a cell the normal approximation is not trusted (Cochran 1954)."""

SCORE, FISHER = "score test", "Fisher mid-p"


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs of groups in one metric: who is compared, the difference of rates (first minus second), the test."""

    first: Int[ndarray, "pair"]
    second: Int[ndarray, "pair"]
    difference: Float[ndarray, "pair"]
    statistic: Float[ndarray, "pair"]
    p: Float[ndarray, "pair"]
    exact: Bool[ndarray, "pair"]
    name: str = SCORE
    """What the tests that are not exact are called."""

    def tests(self) -> tuple[Test, ...]:
        """The tests as findings carry them, uncorrected; an exact test has no statistic."""
        return tuple(
            Test(name=FISHER, p=float(p)) if exact else Test(name=self.name, p=float(p), statistic=float(z))
            for z, p, exact in zip(self.statistic, self.p, self.exact, strict=True)
        )


def all_pairs(events: ArrayLike, n: ArrayLike) -> Pairs:
    """Every group against every other; events of n in each group, n above 0."""
    events, n = np.asarray(events, float), np.asarray(n, float)
    first, second = np.triu_indices(len(n), k=1)
    x1, n1, x2, n2 = events[first], n[first], events[second], n[second]
    z, p, exact = compare(x1, n1, x2, n2)
    return Pairs(first, second, x1 / n1 - x2 / n2, z, p, exact)


def compared(rates: Rates) -> Pairs:
    """Every group against every other in one metric, by the test that fits it."""
    from audits.statistics.metrics import BalancedRates

    if isinstance(rates, BalancedRates):
        from audits.statistics.studentised import balanced_pairs

        return balanced_pairs(rates)
    pairs = all_pairs(rates.events, rates.n)
    return replace(pairs, difference=rates.rate[pairs.first] - rates.rate[pairs.second])


def compare(
    events_1: ArrayLike, n_1: ArrayLike, events_2: ArrayLike, n_2: ArrayLike
) -> tuple[Float[ndarray, "pair"], Float[ndarray, "pair"], Bool[ndarray, "pair"]]:
    """z, two-sided p, and whether p is Fisher's mid-p (an expected cell is below 5); n must be above 0."""
    from scipy.special import ndtr

    x1, n1, x2, n2 = np.broadcast_arrays(*(np.atleast_1d(np.asarray(a, float)) for a in (events_1, n_1, events_2, n_2)))
    pooled = (x1 + x2) / (n1 + n2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    flat = (x1 + x2 == 0) | (x1 + x2 == n1 + n2)
    z = np.where(flat, 0.0, (x1 / n1 - x2 / n2) / np.where(flat, 1.0, spread))
    p = np.minimum(1.0, 2 * ndtr(-np.abs(z)))
    # From whole numbers: a rate and its complement must fall on the same side of the limit.
    rarer = np.minimum(x1 + x2, n1 + n2 - (x1 + x2))
    expected = rarer * np.minimum(n1, n2) / (n1 + n2)
    exact = ~flat & (expected < SMALL)
    for i in np.flatnonzero(exact):
        p[i] = fisher_mid_p(x1[i], n1[i], x2[i], n2[i])
    return z, p, exact


def fisher_mid_p(events_1: float, n_1: float, events_2: float, n_2: float) -> float:
    """Two-sided mid-p of Fisher's exact test: tables less likely than this one, and half of the equally likely.

    Lancaster 1961. Fractional counts are rounded: the hypergeometric distribution knows whole ones only.
    """
    n1, n2 = round(n_1), round(n_2)
    x1 = min(round(events_1), n1)
    total = x1 + min(round(events_2), n2)
    low, high = max(0, total - n2), min(n1, total)
    k = np.arange(low, high, dtype=float)
    # Neighbouring probabilities by their ratio: no factorials, no cancellation in large tables.
    steps = np.log((total - k) * (n1 - k)) - np.log((k + 1) * (n2 - total + k + 1))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    chance = np.exp(logs - logs.max())
    chance /= chance.sum()
    seen = chance[x1 - low]
    same = np.isclose(chance, seen, rtol=1e-7, atol=0)
    return float(min(1.0, chance[(chance < seen) & ~same].sum() + chance[same].sum() / 2))

"""Two groups compared in what is no plain proportion: a studentised bootstrap on the counts."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.statistics.pairs import Pairs
from audits.statistics.resampling import DRAWS

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray

    from audits.statistics.metrics import BalancedRates, Rates

STUDENTISED: Final = "studentised bootstrap"

TAIL: Final = 0.005
"""Beyond the draws' own quantile of this p, the normal tail stands in, stretched to meet it there."""


def balanced_pairs(rates: BalancedRates, seed: int = 0) -> Pairs:
    """Differences of balanced accuracy and their two-sided p (Efron and Tibshirani 1993, bootstrap-t).

    The same counts draw the same samples whatever the groups are called. A p below what the draws can count comes from
    the normal tail, stretched to the draws' own spread there, so that it can survive a correction over many tests.
    """
    from scipy.special import ndtr

    # In an order of their own, so that renaming groups draws the same samples.
    order = np.lexsort((rates.negatives.events, rates.negatives.n, rates.positives.events, rates.positives.n))
    chosen = rates.of(order)
    random = np.random.default_rng(seed)
    drawn, spread = _drawn(chosen.positives, random), _drawn(chosen.negatives, random)
    back = np.argsort(order)
    off = ((drawn[0] + spread[0]) / 2)[:, back]
    variance = ((drawn[1] + spread[1]) / 4)[:, back]
    seen = ((_variance(chosen.positives) + _variance(chosen.negatives)) / 4)[back]
    value = rates.rate
    first, second = np.triu_indices(len(value), k=1)
    difference = value[first] - value[second]
    statistic = difference / np.sqrt(seen[first] + seen[second])
    normal = NormalDist()
    p = np.empty(len(first))
    for i, (one, two) in enumerate(zip(first, second, strict=True)):
        draws = np.abs((off[:, one] - off[:, two]) / np.sqrt(variance[:, one] + variance[:, two]))
        far = abs(statistic[i])
        p[i] = (1 + np.count_nonzero(draws >= far * (1 - 1e-12))) / (1 + DRAWS)
        if p[i] < TAIL:
            stretch = max(1.0, float(np.quantile(draws, 1 - TAIL)) / normal.inv_cdf(1 - TAIL / 2))
            p[i] = min(TAIL, 2 * float(ndtr(-far / stretch)))
    return Pairs(first, second, difference, statistic, p, np.zeros(len(first), bool), STUDENTISED)


def _drawn(
    part: Rates, random: np.random.Generator
) -> tuple[Float[ndarray, "draw group"], Float[ndarray, "draw group"]]:
    """How far each sample's rate is off, and its variance; half an event and half a non-event keep both from 0."""
    n = np.maximum(1, np.rint(part.n)).astype(np.int64)
    true = (part.events + 0.5) / (part.n + 1)
    share = (random.binomial(n, true, size=(DRAWS, len(n))) + 0.5) / (n + 1)
    centre = (n * true + 0.5) / (n + 1)
    return share - centre, share * (1 - share) / n


def _variance(part: Rates) -> Float[ndarray, "group"]:
    share = (part.events + 0.5) / (part.n + 1)
    return np.asarray(share * (1 - share) / part.n)

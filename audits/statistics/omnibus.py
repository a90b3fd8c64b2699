"""Are all groups' rates equal? Pearson's chi-square; by simulation with fixed margins where counts are small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audits.evidence import Test
from audits.statistics.pairs import SMALL

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray
    from numpy.typing import ArrayLike

CHI_SQUARE, SIMULATED = "chi-square", "chi-square, simulated"

DRAWS = 9_999
"""Tables drawn where counts are small; the smallest p is one in 10,000."""

MOST_DRAWN = 10**9
"""numpy draws from no larger urn."""


def equality(events: ArrayLike, n: ArrayLike, seed: int = 0) -> Test:
    """One test that all rates are equal (Pearson 1900; Patefield 1981); shown to the reader, decides nothing."""
    from scipy.special import chdtrc

    events, n = np.asarray(events, float), np.asarray(n, float)
    events, n = events[n > 0], n[n > 0]
    if len(n) < 2:
        return Test(name=CHI_SQUARE, p=None, reason="fewer than two groups")
    # In an order of their own, so that renaming groups draws the same tables.
    order = np.lexsort((events, n))
    events, n = events[order], n[order]
    freedom, pooled = len(n) - 1, events.sum() / n.sum()
    if pooled in (0, 1):
        return Test(name=CHI_SQUARE, p=1.0, statistic=0.0, freedom=freedom)
    statistic = float(_pearson(events, n))
    if min(pooled, 1 - pooled) * n.min() >= SMALL or n.sum() >= MOST_DRAWN:
        return Test(name=CHI_SQUARE, p=float(chdtrc(freedom, statistic)), statistic=statistic, freedom=freedom)
    whole = np.rint(n).astype(np.int64)
    seen = np.minimum(np.rint(events).astype(np.int64), whole)
    draws = np.random.default_rng(seed).multivariate_hypergeometric(whole, int(seen.sum()), size=DRAWS)
    if not 0 < seen.sum() < whole.sum():
        return Test(name=SIMULATED, p=1.0, statistic=statistic)
    as_far = _pearson(draws, whole) >= _pearson(seen, whole) * (1 - 1e-9)
    return Test(name=SIMULATED, p=float((1 + as_far.sum()) / (1 + DRAWS)), statistic=statistic)


def _pearson(events: Float[ndarray, "... group"], n: Float[ndarray, "group"]) -> Float[ndarray, "..."]:
    pooled = events.sum(-1, keepdims=True) / n.sum()
    terms = (events - n * pooled) ** 2 / (n * pooled * (1 - pooled))
    return np.asarray(terms.sum(-1))

"""Empirical Bayes: rates of many small cells, each drawn towards the common rate as far as its size asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audits.statistics.intervals import Bounds

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray
    from numpy.typing import ArrayLike

LOOSEST = 0.05
"""The prior's smallest worth in rows: rates that pile up at 0 and 1."""

GRID, ROUNDS = 41, 7
"""Places looked at along the prior's worth, and how often the look is narrowed around the best."""


@dataclass(frozen=True, slots=True)
class BetaPrior:
    """How rates are spread over cells: a beta distribution with this mean, worth so many rows."""

    mean: float
    worth: float

    def rate(self, events: ArrayLike, n: ArrayLike) -> Float[ndarray, "cell"]:
        """Each cell's rate given its counts: between its raw rate and the prior's mean."""
        events, n = np.asarray(events, float), np.asarray(n, float)
        return np.asarray((events + self.mean * self.worth) / (n + self.worth))

    def bounds(self, events: ArrayLike, n: ArrayLike, level: float = 0.95) -> Bounds:
        """Equal-tailed interval of each cell's rate. That the prior is itself estimated is not in its width."""
        from scipy.special import betaincinv

        events, n = np.asarray(events, float), np.asarray(n, float)
        a, b = events + self.mean * self.worth, n - events + (1 - self.mean) * self.worth
        low, high = (betaincinv(a, b, tail) for tail in ((1 - level) / 2, (1 + level) / 2))
        return Bounds(np.asarray(low), np.asarray(high), level)


def fit(events: ArrayLike, n: ArrayLike) -> BetaPrior | None:
    """The beta-binomial distribution of greatest likelihood (Griffiths 1973); None for fewer than two cells with rows.

    The prior is never worth more rows than were counted in all: cells that differ no more than chance has them share
    one rate, which is then as certain as all rows make it. The mean stays half an event away from 0 and 1.
    """
    events, n = np.asarray(events, float), np.asarray(n, float)
    events, n = events[n > 0], n[n > 0]
    if len(n) < 2:
        return None
    # In an order of their own, so that the order of cells changes no digit.
    order = np.lexsort((events, n))
    events, n = events[order], n[order]
    total = n.sum()
    if events.sum() in (0, total):
        return BetaPrior(mean=float((events.sum() + 0.5) / (total + 1)), worth=float(total))
    low, high = np.log(LOOSEST), np.log(max(total, 2 * LOOSEST))
    for _ in range(ROUNDS):
        grid = np.linspace(low, high, GRID)
        worths = np.exp(grid)
        means = _means(events, n, worths)
        best = int(np.argmax(likelihood(events, n, means, worths)))
        low, high = grid[max(0, best - 1)], grid[min(GRID - 1, best + 1)]
    return BetaPrior(mean=float(means[best]), worth=float(worths[best]))


def likelihood(
    events: Float[ndarray, "cell"], n: Float[ndarray, "cell"], mean: ArrayLike, worth: ArrayLike
) -> Float[ndarray, "candidate"]:
    """Log-likelihood of the counts without the binomial coefficients, which do not depend on the prior."""
    from scipy.special import betaln

    a, b = _shapes(mean, worth)
    return np.asarray((betaln(events + a, n - events + b) - betaln(a, b)).sum(-1))


def _shapes(mean: ArrayLike, worth: ArrayLike) -> tuple[Float[ndarray, "candidate 1"], Float[ndarray, "candidate 1"]]:
    mean, worth = np.asarray(mean, float)[..., None], np.asarray(worth, float)[..., None]
    return mean * worth, (1 - mean) * worth


def _means(
    events: Float[ndarray, "cell"], n: Float[ndarray, "cell"], worths: Float[ndarray, "candidate"]
) -> Float[ndarray, "candidate"]:
    """The likeliest mean for each worth: the likelihood is concave in it, so its slope is bisected."""
    from scipy.special import psi

    edge = 0.5 / (n.sum() + 1)
    low, high = np.full(len(worths), edge), np.full(len(worths), 1 - edge)
    for _ in range(50):
        middle = (low + high) / 2
        a, b = _shapes(middle, worths)
        slope = (psi(events + a) - psi(a) - psi(n - events + b) + psi(b)).sum(-1)
        low, high = np.where(slope > 0, middle, low), np.where(slope > 0, high, middle)
    return np.asarray((low + high) / 2)

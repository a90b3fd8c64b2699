"""Which cells are compared with which: every pair of a few, each of many with all the others together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.statistics.disparity import LEVEL, PairBounds
from audits.statistics.intervals import Bounds, newcombe
from audits.statistics.pairs import Pairs, all_pairs, compare

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray

MOST_IN_PAIRS: Final = 30
"""Of more cells each is tested against the rest: 30 cells make 435 pairs, 60 would make 1,770, and a correction over so
many would hide a single cell that is treated unlike all the others."""

REST: Final = -1
"""Stands for all other cells together where a pair's second cell would be."""


@dataclass(frozen=True, slots=True)
class Contrasts:
    """What is tested, over cells that are large enough: events of n in each."""

    events: Float[ndarray, "cell"]
    n: Float[ndarray, "cell"]
    pairs: Pairs
    """Where each cell is compared with the rest, `second` is REST throughout."""
    events_beside: Float[ndarray, "pair"]
    n_beside: Float[ndarray, "pair"]

    def bounds(self, tests: int) -> PairBounds:
        """Intervals of every contrast; those for evenness are of every pair of cells, however many there are.

        A pass needs no correction (Berger 1982), so it means the same for few and for many cells.
        """
        first = self.pairs.first
        counts = self.events[first], self.n[first], self.events_beside, self.n_beside
        alone, every = (newcombe(*counts, level) for level in (1 - LEVEL, 1 - LEVEL / max(1, tests)))
        one, two = np.triu_indices(len(self.n), k=1)
        even = newcombe(self.events[one], self.n[one], self.events[two], self.n[two], 1 - 2 * LEVEL)
        return PairBounds(alone, Bounds(every.low, every.high, 1 - LEVEL), even)


def contrasts(events: Float[ndarray, "cell"], n: Float[ndarray, "cell"]) -> Contrasts:
    """Pooled score tests (Fisher's mid-p where few are expected) of at least two cells; n above 0."""
    if len(n) <= MOST_IN_PAIRS:
        pairs = all_pairs(events, n)
        return Contrasts(events, n, pairs, events[pairs.second], n[pairs.second])
    others, beside = events.sum() - events, n.sum() - n
    z, p, exact = compare(events, n, others, beside)
    every = np.arange(len(n))
    difference = events / n - others / beside
    return Contrasts(events, n, Pairs(every, np.full(len(n), REST), difference, z, p, exact), others, beside)

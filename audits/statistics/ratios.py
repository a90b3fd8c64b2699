"""Ratios of two groups' rates, with intervals on the log scale, and what the four-fifths rule says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.statistics.disparity import LEVEL
from audits.statistics.intervals import Bounds, quantile

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
    from numpy import ndarray
    from numpy.typing import ArrayLike

    from audits.statistics.pairs import Pairs

FOUR_FIFTHS: Final = 0.8
"""The rule of thumb of the Uniform Guidelines on Employee Selection Procedures (1978)."""


@dataclass(frozen=True, slots=True)
class Ratios:
    """For every pair the lower rate over the higher one."""

    low: Int[ndarray, "pair"]
    """Which group has the lower rate."""
    high: Int[ndarray, "pair"]
    ratio: Float[ndarray, "pair"]
    """NaN where a rate is 0: undefined, never 0."""
    alone: Bounds
    """95 %, each pair for itself."""
    equivalence: Bounds
    """90 %: inside (4/5, 5/4) means even."""
    flagged: Bool[ndarray, "pair"]
    """What the four-fifths rule flags: by the estimate alone, however few rows it rests on."""

    @property
    def even(self) -> Bool[ndarray, "pair"]:
        """Shown to lie between 4/5 and 5/4 (two one-sided tests at 5 %)."""
        return np.asarray((self.equivalence.low > FOUR_FIFTHS) & (self.equivalence.high < 1 / FOUR_FIFTHS))


def all_ratios(
    events: Float[ndarray, "group"], n: Float[ndarray, "group"], pairs: Pairs, *, odds: bool = False
) -> Ratios:
    """The ratio of every pair; a group without any event is flagged beside one with some, though no ratio exists.

    With `odds` events are divided by non-events, such as misses by false alarms, and not by all.
    """
    turned = pairs.difference > 0
    low, high = np.where(turned, pairs.second, pairs.first), np.where(turned, pairs.first, pairs.second)
    counts = events[low], n[low], events[high], n[high]
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = n - events if odds else n
        ratio = np.where(events[low] > 0, (events[low] / whole[low]) / (events[high] / whole[high]), np.nan)
    flagged = (ratio < FOUR_FIFTHS) | ((events[low] == 0) & (events[high] > 0))
    alone, equivalence = (log_ratio(*counts, level, odds=odds) for level in (1 - LEVEL, 1 - 2 * LEVEL))
    return Ratios(low, high, ratio, alone, equivalence, flagged)


def log_ratio(
    events_1: ArrayLike,
    n_1: ArrayLike,
    events_2: ArrayLike,
    n_2: ArrayLike,
    level: float = 0.95,
    *,
    odds: bool = False,
) -> Bounds:
    """The interval of the first rate over the second on the log scale (Katz et al. 1978), of odds by Woolf (1955).

    Where nobody or everybody in a group is an event, half an event and half a non-event are added to both groups
    (Walter 1975), so that it is defined and not of width 0.
    """
    x1, n1, x2, n2 = np.broadcast_arrays(*(np.asarray(a, float) for a in (events_1, n_1, events_2, n_2)))
    edge = np.where((x1 == 0) | (x2 == 0) | (x1 == n1) | (x2 == n2), 0.5, 0.0)
    x1, n1, x2, n2 = x1 + edge, n1 + 2 * edge, x2 + edge, n2 + 2 * edge
    if odds:
        y1, y2 = n1 - x1, n2 - x2
        log, spread = np.log(x1 / y1) - np.log(x2 / y2), 1 / x1 + 1 / y1 + 1 / x2 + 1 / y2
    else:
        log, spread = np.log(x1 / n1) - np.log(x2 / n2), 1 / x1 - 1 / n1 + 1 / x2 - 1 / n2
    half = quantile(level) * np.sqrt(spread)
    return Bounds(np.exp(log - half), np.exp(log + half), level)

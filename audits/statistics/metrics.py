"""The metrics that groups are compared by, in every group: values, intervals, and how many rows they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audits.statistics.counts import Outcomes, in_order, outcomes, tally
from audits.statistics.definitions import DEFINITIONS, NEEDS_LABELS, NEEDS_POSITIVE, AnyMetric, Metric
from audits.statistics.intervals import Bounds, wilson

if TYPE_CHECKING:
    import polars as pl
    from jaxtyping import Float, Int
    from numpy import ndarray

__all__ = ["NEEDS_LABELS", "NEEDS_POSITIVE", "AnyMetric", "Metric", "Rates", "in_order", "measured", "rates", "tally"]


@dataclass(frozen=True, slots=True)
class Rates:
    """One metric in every group of an attribute; weighted rows count as Kish's effective number (1965)."""

    groups: tuple[str, ...]
    rows: Int[ndarray, "group"]
    """Rows in the metric's denominator."""
    events: Float[ndarray, "group"]
    """Effective events: rate x n."""
    n: Float[ndarray, "group"]
    """(sum of weights)^2 / sum of squared weights; the rows themselves where weights are equal."""
    everybody: float | None
    """The rate over all groups, weighted as the rows are; None where nobody counts."""

    @property
    def rate(self) -> Float[ndarray, "group"]:
        """The metric's value, here events per effective row; NaN in a group without any."""
        return _share(self)

    @property
    def fewest(self) -> Float[ndarray, "group"]:
        """The smallest of the denominators that the value rests on."""
        return self.n

    @property
    def worth(self) -> Float[ndarray, "group"]:
        """How many rows a plain rate of the same value and precision would rest on."""
        return self.n

    def bounds(self, level: float = 0.95) -> Bounds:
        """The interval of every group."""
        return wilson(self.events, self.n, level)

    def of(self, places: Sequence[int] | Int[ndarray, "chosen"]) -> Rates:
        """The same metric in some of the groups."""
        at = np.asarray(places, np.intp)
        return Rates(tuple(self.groups[i] for i in at), self.rows[at], self.events[at], self.n[at], self.everybody)


@dataclass(frozen=True, slots=True)
class HarmonicRates(Rates):
    """F1 = 2 J / (1 + J) through J = TP / (TP + FP + FN), which is a plain proportion: events of n."""

    @property
    def rate(self) -> Float[ndarray, "group"]:
        """F1; NaN where nobody is selected or labelled positive."""
        return harmonic(_share(self))

    @property
    def worth(self) -> Float[ndarray, "group"]:
        """By the delta method."""
        share = (self.events + 2) / (self.n + 4)
        value = harmonic(share)
        return np.asarray(self.n * value * (1 - value) / (share * (1 - share)) * (1 + share) ** 4 / 4)

    def bounds(self, level: float = 0.95) -> Bounds:
        """Wilson's bounds of J, carried over: the function rises."""
        plain = wilson(self.events, self.n, level)
        return Bounds(harmonic(plain.low), harmonic(plain.high), level)

    def of(self, places: Sequence[int] | Int[ndarray, "chosen"]) -> HarmonicRates:
        """F1 in some of the groups."""
        some = Rates.of(self, places)
        return HarmonicRates(some.groups, some.rows, some.events, some.n, some.everybody)


@dataclass(frozen=True, slots=True)
class BalancedRates(Rates):
    """The mean of two independent rates, those of positives and of negatives; events and n are those of both."""

    positives: Rates
    negatives: Rates

    @property
    def rate(self) -> Float[ndarray, "group"]:
        """The mean of both; NaN where either class is absent."""
        return np.asarray((self.positives.rate + self.negatives.rate) / 2)

    @property
    def fewest(self) -> Float[ndarray, "group"]:
        """The rarer class decides how well it is known."""
        return np.asarray(np.minimum(self.positives.n, self.negatives.n))

    @property
    def worth(self) -> Float[ndarray, "group"]:
        """From the variances of both rates, kept from 0 by two events and two non-events."""
        with np.errstate(divide="ignore", invalid="ignore"):
            one, two = ((part.events + 2) / (part.n + 4) for part in (self.positives, self.negatives))
            spread = one * (1 - one) / self.positives.n + two * (1 - two) / self.negatives.n
            return np.asarray((one + two) * (2 - one - two) / spread)

    def bounds(self, level: float = 0.95) -> Bounds:
        """MOVER: the distances to Wilson's bounds add up as variances do (Zou and Donner 2008)."""
        one, two = (part.bounds(level) for part in (self.positives, self.negatives))
        below = np.hypot(self.positives.rate - one.low, self.negatives.rate - two.low) / 2
        above = np.hypot(one.high - self.positives.rate, two.high - self.negatives.rate) / 2
        return Bounds(self.rate - below, self.rate + above, level)

    def of(self, places: Sequence[int] | Int[ndarray, "chosen"]) -> BalancedRates:
        """Balanced accuracy in some of the groups."""
        some = Rates.of(self, places)
        parts = self.positives.of(places), self.negatives.of(places)
        return BalancedRates(some.groups, some.rows, some.events, some.n, some.everybody, *parts)


def rates(tallied: pl.DataFrame, column: str, metric: AnyMetric) -> Rates:
    """One metric in every group of one column of the tally, in the order of `in_order`."""
    return measured(outcomes(tallied, column), metric)


def measured(found: Outcomes, metric: AnyMetric) -> Rates:
    """One metric in every group from its outcomes."""
    plain = _counted(found, metric)
    if metric == "f1":
        everybody = None if plain.everybody is None else float(harmonic(np.array(plain.everybody)))
        return HarmonicRates(plain.groups, plain.rows, plain.events, plain.n, everybody)
    if metric == "balanced-accuracy":
        positives, negatives = _counted(found, "true-positive-rate"), _counted(found, "true-negative-rate")
        both = positives.everybody, negatives.everybody
        everybody = None if both[0] is None or both[1] is None else (both[0] + both[1]) / 2
        return BalancedRates(plain.groups, plain.rows, plain.events, plain.n, everybody, positives, negatives)
    return plain


def harmonic(share: Float[ndarray, "..."]) -> Float[ndarray, "..."]:
    """F1 from J."""
    return np.asarray(2 * share / (1 + share))


def _share(rates: Rates) -> Float[ndarray, "group"]:
    with np.errstate(invalid="ignore"):
        return np.asarray(rates.events / rates.n)


def _counted(found: Outcomes, metric: AnyMetric) -> Rates:
    definition = DEFINITIONS[metric]
    counted, event = definition.counted, definition.counted & definition.event
    weight, squared = found.weight[:, counted].sum(1), found.squared[:, counted].sum(1)
    events = found.weight[:, event].sum(1)
    worth = np.divide(weight, squared, out=np.zeros_like(weight), where=squared > 0)
    total = weight.sum()
    return Rates(
        groups=found.groups,
        rows=found.rows[:, counted].sum(1),
        events=events * worth,
        n=weight * worth,
        everybody=float(min(1.0, events.sum() / total)) if total > 0 else None,
    )

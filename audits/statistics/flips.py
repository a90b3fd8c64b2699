"""Answers that change when a group is swapped: how many, by how much, and whether in one direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.evidence import Test
from audits.statistics.disparity import LEAST
from audits.statistics.intervals import wilson
from probes.speech import Interval

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray

    from audits.counterfactuals.answers import Answered

MCNEMAR: Final = "exact McNemar test"


@dataclass(frozen=True, slots=True)
class PairFlips:
    """Two groups in each other's place, over all texts that were swapped between them."""

    first: str
    second: str
    n: int
    """Texts."""
    flipped: int
    sided: int
    """Texts with a version about each group alone; the others name both."""
    only_first: int | None
    """Selected when about the first group and not when about the second; None without a positive class."""
    only_second: int | None
    change: float | None
    """Mean score as the first minus as the second."""
    interval: Interval | None
    largest: float

    @property
    def difference(self) -> float | None:
        """Selection rate as the first group minus as the second, over the same texts."""
        if self.only_first is None or self.only_second is None or not self.sided:
            return None
        return (self.only_first - self.only_second) / self.sided

    def test(self) -> Test:
        """Whether changes go both ways equally often (McNemar 1947, exact)."""
        if self.only_first is None or self.only_second is None:
            return Test(name=MCNEMAR, p=None, reason="no class is named positive")
        if self.sided < LEAST:
            return Test(name=MCNEMAR, p=None, reason="too few texts")
        return Test(name=MCNEMAR, p=mcnemar(self.only_first, self.only_second))


@dataclass(frozen=True, slots=True)
class Flips:
    """One attribute: texts, how many of them get another answer for at least one swap, and every pair of groups."""

    n: int
    flipped: int
    mean: float
    """Over texts: the mean size of the largest change of the score."""
    interval: Interval | None
    largest: float
    pairs: tuple[PairFlips, ...]


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p that both kinds of discordant pairs are equally likely; 1 where there is none."""
    from scipy.special import bdtr

    total = only_first + only_second
    return float(min(1.0, 2 * bdtr(min(only_first, only_second), total, 0.5))) if total else 1.0


def paired_difference(only_first: int, only_second: int, n: int, level: float) -> Interval:
    """Interval of a difference of paired rates: Wilson's of both kinds, joined with their correlation.

    Zou and Donner 2008. Of few discordant pairs, all of one kind, a plain interval covers 89 % where this covers 98.
    """
    share = np.array([only_first, only_second], float) / n
    bounds = wilson([only_first, only_second], [n, n], level)
    below, above = share - bounds.low, bounds.high - share
    # Two kinds of the same draw: the one is rarer where the other is more frequent.
    odds = share / np.maximum(1 - share, 1e-12)
    together = 2 * min(1.0, float(np.sqrt(odds.prod())))
    gap = float(share[0] - share[1])
    low = gap - np.sqrt(below[0] ** 2 + above[1] ** 2 + together * below[0] * above[1])
    high = gap + np.sqrt(above[0] ** 2 + below[1] ** 2 + together * above[0] * below[1])
    return Interval(low=max(-1.0, float(low)), high=min(1.0, float(high)), level=level)


def mean_interval(values: Float[ndarray, "unit"], level: float = 0.95) -> Interval | None:
    """Student's interval of a mean; None below two values."""
    from scipy.special import stdtrit

    if len(values) < 2:
        return None
    half = float(stdtrit(len(values) - 1, (1 + level) / 2)) * float(values.std(ddof=1)) / np.sqrt(len(values))
    mean = float(values.mean())
    return Interval(low=mean - float(half), high=mean + float(half), level=level)


def count_flips(answered: Answered, groups: Sequence[str]) -> Flips:
    """Counts by text, then by pair of groups in the order of `groups`; each text counts once in each."""
    place = {group: at for at, group in enumerate(groups)}
    size = np.abs(answered.after - answered.before)
    units: dict[str, list[int]] = {}
    pairs: dict[tuple[int, int], list[int]] = {}
    for at, contrast in enumerate(answered.contrasts):
        units.setdefault(contrast.unit, []).append(at)
        one, two = sorted((place[contrast.first], place[contrast.second]))
        pairs.setdefault((one, two), []).append(at)
    largest = np.array([size[at].max() for at in units.values()], float)
    return Flips(
        n=len(units),
        flipped=sum(bool(answered.flipped[at].any()) for at in units.values()),
        mean=float(largest.mean()) if len(largest) else 0.0,
        interval=mean_interval(largest),
        largest=float(largest.max()) if len(largest) else 0.0,
        pairs=tuple(_pair(answered, groups[one], groups[two], at) for (one, two), at in sorted(pairs.items())),
    )


def _pair(answered: Answered, first: str, second: str, at: list[int]) -> PairFlips:
    sided = np.array([i for i in at if answered.contrasts[i].sided], np.int64)
    forward = np.array([answered.contrasts[i].first == first for i in sided], bool)
    as_first = np.where(forward, answered.before[sided], answered.after[sided])
    as_second = np.where(forward, answered.after[sided], answered.before[sided])
    only_first = only_second = None
    if answered.selected_before is not None and answered.selected_after is not None:
        one = np.where(forward, answered.selected_before[sided], answered.selected_after[sided])
        two = np.where(forward, answered.selected_after[sided], answered.selected_before[sided])
        only_first, only_second = int((one & ~two).sum()), int((two & ~one).sum())
    change = as_first - as_second
    return PairFlips(
        first=first,
        second=second,
        n=len(at),
        flipped=int(answered.flipped[at].sum()),
        sided=len(sided),
        only_first=only_first,
        only_second=only_second,
        change=float(change.mean()) if len(change) else None,
        interval=mean_interval(change),
        largest=float(np.abs(answered.after[at] - answered.before[at]).max()),
    )

"""What thresholds by group would change, waiting for the correction over the gaps there are now."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from audits.closing_evidence import before_and_after, cuts_table, rates_table
from audits.evidence import Test
from audits.findings import Finding, Method, Verdict
from audits.statistics import closing_sentences as speech
from audits.statistics.closing import Change, Constraint, Cut
from audits.statistics.closing_sentences import GOALS, MORE
from audits.statistics.disparity import LEVEL
from audits.statistics.gap_sentences import spoken
from audits.statistics.intervals import Bounds, newcombe
from audits.statistics.pairs import Pairs, all_pairs
from probes.speech import Name, Names, Points, Quantity, Range, Sentence, Share, say

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from numpy import ndarray

METHOD: Final = Method(
    text=say(
        "fairlearn's ThresholdOptimizer finds for every group the threshold, or the lot between two of them, that "
        "makes the groups even at the least loss of accuracy, on rows that are not judged. On the judged rows "
        "rates are counted as they are and as they would be, a lot at its mean. Gaps get Newcombe's intervals, "
        "simultaneous over all pairs of groups; the change in accuracy is paired. The verdict is about the gap "
        "there is now. Pass: the 90 % interval of every pair lies inside the tolerance. Concern: some pair "
        "differs after Holm's correction. Anything else is not enough evidence."
    ),
    sources=(
        "Hardt, Price and Srebro (2016), Equality of opportunity in supervised learning",
        "Weerts et al. (2023), Fairlearn: assessing and improving fairness of AI systems",
        "Newcombe (1998), Interval estimation for the difference between independent proportions",
        "Agresti and Min (2005), Simple improved confidence intervals for comparing matched proportions",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
    ),
)

SHOWN: Final = 0.0005
"""What is shown as 0 is not called a change."""


@dataclass(frozen=True, slots=True)
class Side:
    """One rate in the compared groups, now and with thresholds by group."""

    name: str
    """What the rate is called: selection, true positive, false positive rate."""
    n: Float[ndarray, "group"]
    """Effective numbers in the rate's denominator."""
    now: Float[ndarray, "group"]
    then: Float[ndarray, "group"]

    @property
    def pairs(self) -> Pairs:
        """Every group against every other, as things are."""
        return all_pairs(self.now * self.n, self.n)

    def gaps(self, rate: Float[ndarray, "group"], level: float) -> tuple[Float[ndarray, "pair"], Bounds]:
        """Differences of all pairs, first minus second, with their intervals."""
        one, two = np.triu_indices(len(self.n), k=1)
        bounds = newcombe(rate[one] * self.n[one], self.n[one], rate[two] * self.n[two], self.n[two], level)
        return rate[one] - rate[two], bounds


@dataclass(frozen=True, slots=True)
class Gap:
    """The widest difference between two groups."""

    side: int
    """Which of the rates."""
    high: int
    low: int
    high_rate: float
    low_rate: float
    range: tuple[float, float]

    @property
    def size(self) -> float:
        """The higher rate minus the lower."""
        return self.high_rate - self.low_rate


@dataclass(frozen=True, slots=True)
class ClosedGap:
    """Thresholds by group under one constraint; Pending until the gaps of today are corrected."""

    audit: str
    attribute: str
    constraint: Constraint
    tolerance: float
    labels: tuple[str, ...]
    cuts: tuple[Cut, ...]
    fitted: tuple[int, ...]
    """Rows of each group that its thresholds were found on."""
    sides: tuple[Side, ...]
    accuracy: Change
    by_group: tuple[Change, ...]
    """Accuracy in each group."""
    words: Mapping[str, Quantity]
    notes: tuple[Sentence, ...]
    settings: Mapping[str, Any]

    @property
    def family(self) -> str:
        """The audit's own: what could be done decides nothing for other audits."""
        return f"disparity:{self.attribute}:exploratory:{self.audit}"

    @property
    def tests(self) -> Sequence[Test]:
        """All pairs in every rate of the constraint, as things are."""
        return tuple(test for side in self.sides for test in side.pairs.tests())

    def close(self, tests: Sequence[Test]) -> Finding:
        """The verdict about the gap of today, and what thresholds by group would make of it."""
        real = np.array([test.adjusted is not None and test.adjusted < LEVEL for test in tests])
        bound = max(self._farthest(side) for side in self.sides)
        verdict = Verdict.PASS if bound < self.tolerance else Verdict.CONCERN if real.any() else Verdict.INSUFFICIENT
        now = self._widest([side.now for side in self.sides], real if verdict is Verdict.CONCERN else None)
        then = self._widest([side.then for side in self.sides])
        goal = GOALS[self.constraint]
        begun = {
            Verdict.CONCERN: MORE[self.sides[now.side].name] + speech.GAP,
            Verdict.PASS: goal.even + speech.SMALL,
            Verdict.INSUFFICIENT: goal.unsettled + speech.SEEN,
        }[verdict]
        return Finding(
            audit=self.audit,
            name=f"closing-thresholds.{self.attribute}.{self.constraint}",
            verdict=verdict,
            summary=self.say(begun + speech.THEN + self._cost(), **self._values(now, then, bound)),
            details=(*self._details(), *self.notes),
            evidence=(before_and_after(self, now, then), cuts_table(self), rates_table(self)),
            method=METHOD,
            settings=dict(self.settings),
        )

    def say(self, template: str, **values: Quantity) -> Sentence:
        """A sentence with the plan's words in it."""
        return spoken(template, {**self.words, "attribute": Name(text=self.attribute), **values})

    def _widest(self, rates: Sequence[Float[ndarray, "group"]], among: Bool[ndarray, "test"] | None = None) -> Gap:
        """The largest difference over pairs and rates, or among some of them; its interval holds for all at once."""
        level = 1 - LEVEL / len(self.tests)
        found, start = [], 0
        for number, (side, rate) in enumerate(zip(self.sides, rates, strict=True)):
            gaps, bounds = side.gaps(rate, level)
            asked = np.ones(len(gaps), bool) if among is None else among[start : start + len(gaps)]
            start += len(gaps)
            if not asked.any():
                continue
            at = int(np.where(asked, np.abs(gaps), -1).argmax())
            one, two = (int(ends[at]) for ends in np.triu_indices(len(rate), k=1))
            low, high = float(bounds.low[at]), float(bounds.high[at])
            if gaps[at] < 0:
                one, two, low, high = two, one, -high, -low
            found.append(Gap(number, one, two, float(rate[one]), float(rate[two]), (low, high)))
        return max(found, key=lambda gap: gap.size)

    def _farthest(self, side: Side) -> float:
        _, bounds = side.gaps(side.now, 1 - 2 * LEVEL)
        return float(np.maximum(np.abs(bounds.low), np.abs(bounds.high)).max())

    def _cost(self) -> str:
        if self.accuracy.high < -SHOWN:
            return speech.COSTS
        return speech.GAINS if self.accuracy.low > SHOWN else speech.NO_COST

    def _values(self, now: Gap, then: Gap, bound: float) -> dict[str, Quantity]:
        change = self.accuracy
        return {
            "high": Name(text=self.labels[now.high]),
            "low": Name(text=self.labels[now.low]),
            "high_rate": Share(value=now.high_rate),
            "low_rate": Share(value=now.low_rate),
            "gap": Points(value=now.size),
            "range": Range(low=now.range[0], high=now.range[1]),
            "after": Points(value=then.size),
            "after_range": Range(low=then.range[0], high=then.range[1]),
            "bound": Points(value=math.ceil(1000 * bound) / 1000),
            "cost": Points(value=abs(change.change)),
            "accuracy": Share(value=change.before),
            "accuracy_then": Share(value=change.after),
            "change_range": Range(low=round(change.low, 3) + 0.0, high=round(change.high, 3) + 0.0),
        }

    def _details(self) -> tuple[Sentence, ...]:
        drawn = tuple(label for label, cut in zip(self.labels, self.cuts, strict=True) if cut.random)
        lot = (say(speech.BY_LOT, groups=Names(texts=drawn, most=20)),) if drawn else ()
        return (self.say(speech.NOT_LAWFUL), *lot, say(speech.AFTER))

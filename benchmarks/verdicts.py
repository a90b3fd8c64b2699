"""What the verdict rule reaches, by simulation: a trial is a whole family of 6 metrics and all pairs of groups.

python -m benchmarks.verdicts              20,000 trials a line
python -m benchmarks.verdicts --trials 500
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.statistics.disparity import LEVEL, PairBounds, conditions
from audits.statistics.holm import holm_array
from audits.statistics.intervals import Bounds, newcombe, wilson
from audits.statistics.pairs import compare

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from numpy import ndarray

METRICS: Final = 6
TOLERANCE: Final = 0.1
AT_ONCE: Final = 1000
"""Trials held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Which verdict every metric of every trial got."""

    passes: Bool[ndarray, "trial metric"]
    fails: Bool[ndarray, "trial metric"]
    concerns: Bool[ndarray, "trial metric"]

    @property
    def alarms(self) -> float:
        """Share of trials in which any metric fails or is a concern."""
        return float((self.fails | self.concerns).any(1).mean())

    @property
    def failing(self) -> float:
        """Share of trials in which any metric fails."""
        return float(self.fails.any(1).mean())


def judged(events: Float[ndarray, "trial metric group"], n: Float[ndarray, "... group"]) -> Verdicts:
    """The rule of audits.statistics.disparity over many families at once."""
    events, n = np.broadcast_arrays(events.astype(float), np.asarray(n, float))
    first, second = np.triu_indices(events.shape[-1], k=1)
    counts = events[..., first], n[..., first], events[..., second], n[..., second]
    shape = counts[0].shape
    p = compare(*(one.ravel() for one in counts))[1].reshape(len(events), -1)
    adjusted = holm_array(p).reshape(shape)
    tests = shape[1] * shape[2]
    alone, every, even = (newcombe(*counts, level) for level in (1 - LEVEL, 1 - LEVEL / tests, 1 - 2 * LEVEL))
    difference = counts[0] / counts[1] - counts[2] / counts[3]
    holds = conditions(difference, adjusted, PairBounds(alone, every, even), TOLERANCE)
    passes = np.asarray(holds.even.all(-1))
    fails = np.asarray(holds.beyond.any(-1)) & ~passes
    return Verdicts(passes, fails, np.asarray(holds.real.any(-1)) & ~fails & ~passes)


def trials(n: Sequence[int], rates: Sequence[Sequence[float]], how_many: int, random: np.random.Generator) -> Verdicts:
    """Families whose metrics have these true rates in groups of these denominators, independent of each other."""
    parts = [
        judged(
            random.binomial(np.asarray(n), np.asarray(rates), (min(AT_ONCE, how_many - at), METRICS, len(n))),
            np.asarray(n),
        )
        for at in range(0, how_many, AT_ONCE)
    ]
    return Verdicts(*(np.concatenate([getattr(one, name) for one in parts]) for name in Verdicts.__slots__))


def joint_null(n: Sequence[int], how_many: int, random: np.random.Generator) -> Verdicts:
    """Groups with equal confusion matrices; the six metrics are counted from the same people, as in a real run."""
    made = []
    for at in range(0, how_many, AT_ONCE):
        cells = random.multinomial(n, (0.21, 0.09, 0.07, 0.63), (min(AT_ONCE, how_many - at), len(n)))
        tp, fn, fp, tn = np.moveaxis(cells, -1, 0).astype(float)
        whole = tp + fn + fp + tn
        pairs = ((tp + fp, whole), (tp + tn, whole), (tp, tp + fn), (fp, fp + tn), (tp, tp + fp), (tp, tp + fp + fn))
        events, counted = (np.stack([pair[side] for pair in pairs], axis=1) for side in (0, 1))
        made.append(judged(events, np.maximum(counted, 1)))
    return Verdicts(*(np.concatenate([getattr(one, name) for one in made]) for name in Verdicts.__slots__))


def gap(groups: int, size: float, shape: str, base: float = 0.3) -> list[float]:
    """True rates whose largest difference is `size`: one group apart, or all evenly spread."""
    if shape == "outlier":
        return [base] * (groups - 1) + [base + size]
    return [base + size * at / (groups - 1) for at in range(groups)]


def family(first: Sequence[float], others: float = 0.3) -> list[list[float]]:
    """The first metric with these rates, the others even."""
    return [list(first), *([[others] * len(first)] * (METRICS - 1))]


def wilson_coverage(n: int, rate: float) -> float:
    """Exact: the chance that Wilson's 95 % interval holds the true rate."""
    bounds = wilson(np.arange(n + 1), n)
    return float(_chances(n, rate)[_holds(bounds, rate)].sum())


def newcombe_coverage(n_1: int, rate_1: float, n_2: int, rate_2: float) -> float:
    """Exact: the chance that Newcombe's 95 % interval holds the true difference."""
    one, two = np.arange(n_1 + 1)[:, None], np.arange(n_2 + 1)
    chances = _chances(n_1, rate_1)[:, None] * _chances(n_2, rate_2)
    return float(chances[_holds(newcombe(one, n_1, two, n_2), rate_1 - rate_2)].sum())


def _holds(bounds: Bounds, value: float) -> Bool[ndarray, "..."]:
    return np.asarray((bounds.low <= value + 1e-12) & (bounds.high >= value - 1e-12))


def _chances(n: int, rate: float) -> Float[ndarray, "event"]:
    from scipy.stats import binom

    return np.asarray(binom.pmf(np.arange(n + 1), n, rate))


@dataclass(frozen=True, slots=True)
class Claim:
    """A promise, what was found, and the limit on it."""

    what: str
    found: float
    aim: float
    least: bool = False

    @property
    def met(self) -> bool:
        """At least or at most so much."""
        return self.found >= self.aim if self.least else self.found <= self.aim


def claims(how_many: int, seed: int = 0) -> list[Claim]:
    """Everything that is promised of the rule."""
    random = np.random.default_rng(seed)
    uneven, small, large = (400, 300, 200, 100, 50), (60, 50, 40, 35, 30), (2000,) * 5
    even = [[0.3] * 5] * METRICS
    half = [gap(5, TOLERANCE / 2, shape) for shape in ("outlier", "spread")]
    rates = [half[at % 2] for at in range(METRICS)]
    found = [
        Claim("equal groups of 400 to 50: fail or concern", trials(uneven, even, how_many, random).alarms, 0.06),
        Claim("equal groups of 60 to 30: fail or concern", trials(small, even, how_many, random).alarms, 0.06),
        Claim("equal groups, metrics of the same people: fail or concern", _joint(how_many, random), 0.06),
    ]
    for n in (500, 2000, 10_000):
        fails = trials((n,) * 5, rates, how_many, random).failing
        found.append(Claim(f"all gaps half the tolerance, {n:,} in each denominator: fail", fails, 0.02))
    for shape, least in (("outlier", 0.95), ("spread", 0.9)):
        fails = trials(large, family(gap(5, 0.15, shape)), how_many, random).fails[:, 0].mean()
        found.append(Claim(f"gap of 15 points, 2,000 in each denominator, {shape}: fail", float(fails), least, True))
    for groups, n in ((2, 1500), (2, 20_000), (5, 2000)):
        one = trials((n,) * groups, family(gap(groups, TOLERANCE, "outlier")), how_many, random)
        passed = float(one.passes[:, 0].mean())
        found.append(Claim(f"gap at the tolerance, {groups} groups of {n:,}: false pass", passed, 0.06))
    return found


def _joint(how_many: int, random: np.random.Generator) -> float:
    return joint_null((4000, 3000, 2000, 1000, 500), how_many, random).alarms


def four_fifths_alarms(how_many: int, seed: int = 0) -> float:
    """How often the four-fifths rule flags five truly equal groups, for comparison."""
    n = np.array((400, 300, 200, 100, 50))
    rates = np.random.default_rng(seed).binomial(n, 0.3, (how_many, 5)) / n
    return float((rates.min(1) < 0.8 * rates.max(1)).mean())


def main() -> None:
    """Prints the promises with what was found, then the exact coverage of the intervals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=20_000)
    asked = parser.parse_args()
    begin = time.perf_counter()
    print(f"{asked.trials:,} trials a line, each a family of {METRICS} metrics, tolerance {TOLERANCE}\n")
    print("| what | found | aim | met |\n| --- | ---: | ---: | --- |")
    for claim in claims(asked.trials):
        sign = ">=" if claim.least else "<="
        met = "yes" if claim.met else "NO"
        print(f"| {claim.what} | {100 * claim.found:.2f} % | {sign} {100 * claim.aim:.0f} % | {met} |", flush=True)
    flagged = 100 * four_fifths_alarms(asked.trials)
    print(f"| for comparison: the four-fifths rule on equal groups of 400 to 50 flags | {flagged:.0f} % | | |")
    print("\nExact coverage of Wilson's 95 % interval\n")
    chosen = (0.01, 0.05, 0.1, 0.3, 0.5)
    print("| n | " + " | ".join(f"rate {rate}" for rate in chosen) + " |\n| ---: |" + " ---: |" * len(chosen))
    for n in (10, 30, 50, 100, 200, 500, 1000):
        print(f"| {n:,} | " + " | ".join(f"{100 * wilson_coverage(n, rate):.1f} %" for rate in chosen) + " |")
    print("\nExact coverage of Newcombe's 95 % interval of a difference\n")
    pairs = ((0.05, 0.05), (0.1, 0.1), (0.1, 0.2), (0.3, 0.3), (0.3, 0.45), (0.5, 0.5))
    print("| n | " + " | ".join(f"{a} and {b}" for a, b in pairs) + " |\n| --- |" + " ---: |" * len(pairs))
    for n_1, n_2 in ((10, 10), (30, 30), (50, 50), (50, 400), (100, 100), (200, 200)):
        cells = (f"{100 * newcombe_coverage(n_1, a, n_2, b):.1f} %" for a, b in pairs)
        print(f"| {n_1} and {n_2} | " + " | ".join(cells) + " |")
    print(f"\n{time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()

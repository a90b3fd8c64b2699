"""What the verdict rule promises, by a small seeded simulation; benchmarks/verdicts.py has the large one."""

from __future__ import annotations

import numpy as np
import pytest

from audits.statistics.disparity import bounds, rule
from audits.statistics.holm import holm_array
from audits.statistics.intervals import wilson
from audits.statistics.metrics import BalancedRates, Rates
from audits.statistics.pairs import all_pairs, compared
from benchmarks.verdicts import (
    TOLERANCE,
    claims,
    four_fifths_alarms,
    judged,
    newcombe_coverage,
    wilson_coverage,
)


def test_every_promise_is_kept() -> None:
    assert [claim.what for claim in claims(1500, seed=11) if not claim.met] == []


def test_many_families_at_once_are_judged_as_one_by_one() -> None:
    n, random = np.array([300, 120, 60]), np.random.default_rng(2)
    events = random.binomial(n, (0.3, 0.3, 0.5), (40, 6, 3))
    at_once = judged(events, n)
    for trial, family in enumerate(events):
        pairs = [all_pairs(row, n) for row in family]
        adjusted = holm_array(np.concatenate([pair.p for pair in pairs])).reshape(6, 3)
        for metric, (pair, p, row) in enumerate(zip(pairs, adjusted, family, strict=True)):
            rates = Rates(("a", "b", "c"), n, row.astype(float), n.astype(float), None)
            verdict = rule(pair.difference, p.tolist(), bounds(rates, pair, 18), TOLERANCE).verdict
            told = at_once.passes[trial, metric], at_once.fails[trial, metric], at_once.concerns[trial, metric]
            assert told == (verdict == "pass", verdict == "fail", verdict == "concern")


@pytest.mark.parametrize(("n", "rate"), [(200, 0.05), (200, 0.3), (1000, 0.1), (1000, 0.5)])
def test_wilson_covers_what_it_says(n: int, rate: float) -> None:
    assert 0.93 <= wilson_coverage(n, rate) <= 0.97


@pytest.mark.parametrize(("n", "rates"), [(50, (0.1, 0.2)), (100, (0.3, 0.45)), (200, (0.5, 0.5)), (100, (0.05, 0.05))])
def test_newcombe_covers_what_it_says(n: int, rates: tuple[float, float]) -> None:
    assert 0.94 <= newcombe_coverage(n, rates[0], n, rates[1]) <= 0.97


def test_the_four_fifths_rule_flags_most_samples_of_equal_groups() -> None:
    assert four_fifths_alarms(2000) > 0.7


def balanced(random: np.random.Generator, positive: tuple[float, ...], n: int) -> BalancedRates:
    names, size = tuple(f"{at}" for at in range(len(positive))), np.full(len(positive), n)
    parts = [
        Rates(names, size, random.binomial(size, rate).astype(float), size.astype(float), None)
        for rate in (positive, (0.8,) * len(positive))
    ]
    both = parts[0].events + parts[1].events
    return BalancedRates(names, 2 * size, both, 2.0 * size, None, *parts)


def test_balanced_accuracy_is_told_apart_as_often_as_the_level_says() -> None:
    random = np.random.default_rng(5)
    p = np.array([compared(balanced(random, (0.7, 0.7), 60)).p[0] for _ in range(250)])
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.03)
    assert (p < 0.5).mean() == pytest.approx(0.5, abs=0.08)


def test_balanced_accuracy_lies_in_its_interval_as_often_as_the_level_says() -> None:
    random, held = np.random.default_rng(6), []
    for _ in range(300):
        rates = balanced(random, (0.7,) * 4, 50)
        interval = rates.bounds()
        held += ((interval.low <= 0.75) & (interval.high >= 0.75)).tolist()
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)
    assert wilson(35, 50).low < 0.7 < wilson(35, 50).high


def test_a_large_gap_of_balanced_accuracy_survives_any_correction() -> None:
    rates = balanced(np.random.default_rng(7), (0.9, 0.3), 2000)
    assert compared(rates).p[0] < 1e-12

"""What a sample could have shown: the promises are kept in simulation."""

from __future__ import annotations

import numpy as np
import pytest

from audits.statistics.intervals import newcombe, quantile
from audits.statistics.pairs import compare
from audits.statistics.power import enough_per_group, in_round_figures, shrunk_rate, smallest_gap


def test_figures_of_fifty_against_four_hundred() -> None:
    assert smallest_gap([400, 50], 0.3, 60) == pytest.approx(0.29, abs=0.005)
    assert smallest_gap([50, 400], 0.3, 1) == pytest.approx(0.19, abs=0.005)
    assert in_round_figures(enough_per_group(5, 0.3, 0.1) or 0) == 600


@pytest.mark.parametrize(
    ("groups", "rate", "tolerance"), [(2, 0.3, 0.1), (5, 0.3, 0.1), (3, 0.5, 0.2), (2, 0.01, 0.05)]
)
def test_enough_lets_an_even_model_pass_four_times_in_five(groups: int, rate: float, tolerance: float) -> None:
    n = enough_per_group(groups, rate, tolerance)
    assert n is not None
    events = np.random.default_rng(1).binomial(n, rate, (4000, groups))
    first, second = np.triu_indices(groups, 1)
    bounds = newcombe(events[:, first], n, events[:, second], n, 0.9)
    passed = ((bounds.low > -tolerance) & (bounds.high < tolerance)).all(1).mean()
    assert 0.74 <= passed <= 0.9


@pytest.mark.parametrize("tests", [1, 50])
def test_smallest_gap_is_seen_four_times_in_five(tests: int) -> None:
    n = np.array([300, 300])
    gap = smallest_gap(n, 0.5, tests)
    events = np.random.default_rng(2).binomial(300, [0.5 - gap / 2, 0.5 + gap / 2], (4000, 2))
    z, _, _ = compare(events[:, 0], 300, events[:, 1], 300)
    assert (np.abs(z) > quantile(1 - 0.05 / tests)).mean() == pytest.approx(0.8, abs=0.05)


def test_more_tests_or_fewer_people_hide_larger_gaps() -> None:
    gaps = [smallest_gap([n, 500], 0.2, tests) for n, tests in ((500, 1), (500, 20), (100, 20), (1, 20))]
    assert gaps == sorted(gaps)
    assert gaps[-1] == 1


def test_no_sample_settles_a_tolerance_of_nothing_and_no_rate_is_certain() -> None:
    assert enough_per_group(2, 0.3, 0) is None
    assert enough_per_group(2, 0.3, 1) == pytest.approx(4, abs=3)
    assert 0 < shrunk_rate(0, 50) < shrunk_rate(50, 50) < 1

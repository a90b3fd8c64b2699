"""Samples drawn from counts spread as samples of rows do, at a cost that no row adds to."""

from __future__ import annotations

import numpy as np
import pytest

from audits.statistics.counts import OUTCOMES, Outcomes
from audits.statistics.definitions import AnyMetric
from audits.statistics.resampling import clusters, multinomial, poisson, replicates

DRAWS = 4000
ROWS = np.array([[50, 30, 0, 20], [5, 0, 10, 85]])


def test_multinomial_draws_are_a_bootstrap_of_rows() -> None:
    random = np.random.default_rng(0)
    drawn = multinomial(ROWS, DRAWS, random)
    rows = np.repeat(np.arange(4), ROWS[0])
    slow = np.array([np.bincount(random.choice(rows, len(rows)), minlength=4) for _ in range(DRAWS)])
    assert (drawn.sum(-1) == 100).all()
    assert (drawn[:, 0, 2] == 0).all()
    np.testing.assert_allclose(drawn.mean(0), ROWS, atol=0.4)
    np.testing.assert_allclose(drawn[:, 0].std(0), slow.std(0), atol=0.2)


def test_a_group_without_rows_stays_without() -> None:
    drawn = multinomial(np.array([[3, 1], [0, 0]]), 10, np.random.default_rng(0))
    assert (drawn[:, 1] == 0).all()


def test_poisson_draws_spread_as_weighted_rows_that_come_poisson_times() -> None:
    random = np.random.default_rng(1)
    weights = random.gamma(2, 1, 80)
    slow = random.poisson(1, (DRAWS, 80)) @ weights
    drawn = poisson(np.array([[weights.sum()]]), np.array([[(weights**2).sum()]]), DRAWS, random)[:, 0, 0]
    assert drawn.mean() == pytest.approx(weights.sum(), rel=0.02)
    assert drawn.std() == pytest.approx(slow.std(), rel=0.06)


def test_rows_of_the_same_person_spread_more_than_rows_of_different_ones() -> None:
    random = np.random.default_rng(2)
    # Two hundred persons with five rows each, all alike within a person.
    events = random.binomial(1, 0.3, 200)
    per_person = np.stack([5 * events, 5 * (1 - events)], axis=1).astype(float)
    together = clusters(per_person, DRAWS, random)
    alone = multinomial(per_person.sum(0, keepdims=True).astype(int), DRAWS, random)[:, 0]
    assert together.sum(-1).std() == 0
    assert together[:, 0].std() / alone[:, 0].std() == pytest.approx(np.sqrt(5), rel=0.06)


def test_replicates_spread_as_the_formula_of_a_proportion_says() -> None:
    rows = np.zeros((1, OUTCOMES), np.int64)
    # selected, actual, correct: hit, miss, false alarm, rightly left out
    rows[0, [9 + 3 + 1, 3, 9, 1]] = 140, 60, 80, 720
    found = Outcomes(("a",), rows, rows.astype(float), rows.astype(float))
    metrics: tuple[AnyMetric, ...] = ("true-positive-rate", "selection-rate", "f1", "balanced-accuracy", "accuracy")
    values = replicates(found, metrics, DRAWS, np.random.default_rng(3))[:, 0]
    np.testing.assert_allclose(values.mean(0), [0.7, 0.22, 2 / 3, (0.7 + 0.9) / 2, 0.86], atol=0.004)
    assert values[:, 0].std() == pytest.approx(np.sqrt(0.7 * 0.3 / 200), rel=0.06)
    assert values[:, 4].std() == pytest.approx(np.sqrt(0.86 * 0.14 / 1000), rel=0.06)

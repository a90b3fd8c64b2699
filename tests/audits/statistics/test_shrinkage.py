"""Empirical Bayes: the likeliest beta-binomial, as scipy finds it, and values between each rate and the common one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import beta, betabinom

from audits.statistics.shrinkage import BetaPrior, fit, likelihood


def by_scipy(events: np.ndarray, n: np.ndarray) -> tuple[float, float]:
    """Mean and worth, slowly, from the distribution as scipy has it."""

    def loss(shapes: np.ndarray) -> float:
        return -float(betabinom.logpmf(events, n, *np.exp(shapes)).sum())

    found = minimize(loss, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 5000})
    a, b = np.exp(found.x)
    return float(a / (a + b)), float(a + b)


@pytest.mark.parametrize("seed", range(5))
def test_the_fit_is_the_likeliest_that_scipy_finds(seed: int) -> None:
    draw = np.random.default_rng(seed)
    n = draw.integers(3, 300, 25)
    events = draw.binomial(n, draw.beta(3, 9, 25))
    prior = fit(events, n)
    assert prior is not None
    mean, worth = by_scipy(events, n)
    assert prior.mean == pytest.approx(mean, abs=1e-5)
    assert prior.worth == pytest.approx(worth, rel=1e-4)


def test_cells_that_differ_as_chance_has_them_share_one_rate() -> None:
    n = np.full(30, 200)
    events = np.full(30, 60)
    prior = fit(events, n)
    assert prior is not None
    assert prior.worth == pytest.approx(n.sum(), rel=1e-6)
    assert prior.rate(events, n) == pytest.approx(0.3, abs=1e-3)
    wide = prior.bounds(events, n)
    alone = beta.interval(0.95, 60, 140)
    assert float(wide.high[0] - wide.low[0]) < (alone[1] - alone[0]) / 3


@pytest.mark.parametrize("events", [0, 9])
def test_nothing_but_zeros_or_ones_is_not_certainty(events: int) -> None:
    prior = fit([events, events], [9, 9])
    assert prior is not None
    assert 0 < prior.mean < 1
    bounds = prior.bounds([events], [9])
    assert float(bounds.high[0] - bounds.low[0]) > 0.05


def test_a_single_cell_has_nothing_to_be_drawn_to() -> None:
    assert fit([3], [10]) is None
    assert fit([3, 0], [10, 0]) is None


CELLS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 200)), min_size=2, max_size=12).map(
    lambda cells: [(min(x, n), n) for x, n in cells]
)


@settings(max_examples=40, deadline=None)
@given(CELLS, st.randoms(use_true_random=False))
def test_the_order_of_cells_is_nothing_and_every_value_lies_between_its_rate_and_the_mean(
    cells: list[tuple[int, int]], chance: object
) -> None:
    events, n = (np.array(column, float) for column in zip(*cells, strict=True))
    prior = fit(events, n)
    if prior is None:
        return
    order = np.argsort([chance.random() for _ in cells])  # type: ignore[attr-defined]
    assert fit(events[order], n[order]) == prior
    drawn, some = prior.rate(events, n), n > 0
    low, high = np.minimum(events[some] / n[some], prior.mean), np.maximum(events[some] / n[some], prior.mean)
    assert (drawn[some] >= low - 1e-12).all()
    assert (drawn[some] <= high + 1e-12).all()
    bounds = prior.bounds(events, n)
    assert (bounds.low <= drawn).all()
    assert (drawn <= bounds.high).all()


def test_the_interval_is_that_of_the_beta_posterior() -> None:
    prior = BetaPrior(mean=0.25, worth=12.0)
    bounds = prior.bounds([7], [20])
    assert (float(bounds.low[0]), float(bounds.high[0])) == pytest.approx(beta.interval(0.95, 7 + 3, 13 + 9))


def test_the_likelihood_is_that_of_the_counts_but_for_a_constant() -> None:
    events, n = np.array([3.0, 10.0, 0.0]), np.array([10.0, 30.0, 4.0])
    ours = likelihood(events, n, np.array([0.3, 0.6]), np.array([5.0, 50.0]))
    theirs = [betabinom.logpmf(events, n, 0.3 * 5, 0.7 * 5).sum(), betabinom.logpmf(events, n, 30, 20).sum()]
    assert ours[1] - ours[0] == pytest.approx(theirs[1] - theirs[0])


def test_drawn_in_rates_are_nearer_to_the_truth_than_raw_ones() -> None:
    draw = np.random.default_rng(7)
    raw, drawn = [], []
    for _ in range(40):
        truth, n = draw.beta(6, 14, 40), draw.integers(4, 60, 40)
        events = draw.binomial(n, truth)
        prior = fit(events, n)
        assert prior is not None
        raw.append(((events / n - truth) ** 2).mean())
        drawn.append(((prior.rate(events, n) - truth) ** 2).mean())
    assert np.mean(drawn) < 0.6 * np.mean(raw)

"""Wilson and Newcombe: statsmodels agrees, and what must hold of any interval of a rate holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from audits.statistics.intervals import newcombe, wilson

LEVELS = st.sampled_from([0.5, 0.9, 0.95, 0.999])


@st.composite
def counts(draw: st.DrawFn, most: int = 5000) -> tuple[int, int]:
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


@given(counts(), LEVELS)
def test_wilson_is_statsmodels(count: tuple[int, int], level: float) -> None:
    low, high = proportion_confint(*count, alpha=1 - level, method="wilson")
    ours = wilson(*count, level).at()
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-9)


def test_wilson_of_the_published_figures() -> None:
    bounds = wilson([50, 70], [100, 100])
    assert bounds.low == pytest.approx([0.4038, 0.6042], abs=5e-5)
    assert bounds.high == pytest.approx([0.5962, 0.7811], abs=5e-5)


@given(counts(), counts(), LEVELS)
def test_newcombe_is_statsmodels(one: tuple[int, int], two: tuple[int, int], level: float) -> None:
    low, high = confint_proportions_2indep(*one, *two, method="newcomb", compare="diff", alpha=1 - level)
    ours = newcombe(*one, *two, level).at()
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-9)


@given(counts(), LEVELS)
def test_rate_and_complement_have_mirrored_intervals(count: tuple[int, int], level: float) -> None:
    events, n = count
    ours, mirrored = wilson(events, n, level).at(), wilson(n - events, n, level).at()
    assert (ours.low, ours.high) == pytest.approx((1 - mirrored.high, 1 - mirrored.low), abs=1e-12)


@given(counts(), counts())
def test_turning_a_pair_around_turns_its_interval_around(one: tuple[int, int], two: tuple[int, int]) -> None:
    ours, turned = newcombe(*one, *two).at(), newcombe(*two, *one).at()
    assert (ours.low, ours.high) == pytest.approx((-turned.high, -turned.low), abs=1e-12)


@given(counts(), st.integers(2, 50))
def test_interval_holds_the_rate_and_narrows_with_more_of_the_same(count: tuple[int, int], times: int) -> None:
    events, n = count
    few, many = wilson(events, n).at(), wilson(times * events, times * n).at()
    assert 0 <= few.low <= events / n <= few.high <= 1
    assert many.high - many.low < few.high - few.low


@given(counts(200), st.floats(0.01, 0.99))
def test_fractional_counts_lie_between_whole_ones(count: tuple[int, int], part: float) -> None:
    events, n = count[0], count[1] + 1
    low, between, high = (wilson(x, n).at() for x in (events, events + part, events + 1))
    assert low.low <= between.low <= high.low
    assert low.high <= between.high <= high.high


def test_nobody_counted_bounds_nothing() -> None:
    assert np.isnan([wilson(0, 0).low, wilson(0, 0).high, newcombe(0, 0, 1, 2).low]).all()


@pytest.mark.parametrize(("n", "rate"), [(50, 0.3), (200, 0.05), (400, 0.5)])
def test_exact_coverage_of_wilson(n: int, rate: float) -> None:
    from scipy.stats import binom

    events = np.arange(n + 1)
    bounds = wilson(events, n)
    covered = binom.pmf(events, n, rate)[(bounds.low <= rate) & (rate <= bounds.high)].sum()
    assert 0.93 <= covered <= 0.97

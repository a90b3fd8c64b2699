"""Ratios of rates against statsmodels and scipy, and the four-fifths rule beside the test."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.evidence import Test
from audits.statistics.pairs import all_pairs
from audits.statistics.ratio_evidence import four_fifths
from audits.statistics.ratios import all_ratios, log_ratio
from probes.speech import Name

INNER = st.tuples(st.integers(1, 60), st.integers(1, 60)).map(lambda pair: (pair[0], pair[0] + pair[1]))
WORDS = {name: Name(text=name) for name in ("plural", "relation", "positive")}


@settings(max_examples=60, deadline=None)
@given(INNER, INNER)
def test_intervals_of_ratios_and_of_odds_are_those_of_scipy_and_statsmodels(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    from scipy.stats.contingency import relative_risk
    from statsmodels.stats.contingency_tables import Table2x2

    ours, theirs = log_ratio(*one, *two), relative_risk(*one, *two).confidence_interval(0.95)
    assert (float(ours.low), float(ours.high)) == pytest.approx((theirs.low, theirs.high))
    table = Table2x2(np.array([[one[0], one[1] - one[0]], [two[0], two[1] - two[0]]]))
    odds = log_ratio(*one, *two, odds=True)
    assert (float(odds.low), float(odds.high)) == pytest.approx(table.oddsratio_confint())


@pytest.mark.parametrize("events", [(0, 5), (0, 0), (20, 20), (20, 5)])
def test_nobody_and_everybody_leave_an_interval_of_some_width(events: tuple[int, int]) -> None:
    bounds = log_ratio(events[0], 20, events[1], 20)
    assert 0 < bounds.low < bounds.high < np.inf


def test_a_rate_of_zero_has_no_ratio_and_is_flagged_beside_others() -> None:
    events, n = np.array([0.0, 30.0, 0.0]), np.array([50.0, 60.0, 40.0])
    ratios = all_ratios(events, n, all_pairs(events, n))
    assert np.isnan(ratios.ratio).all()
    assert ratios.flagged.tolist() == [True, False, True]


def test_equal_rates_of_many_are_shown_to_be_even_and_of_few_are_not() -> None:
    for n, even in ((5000.0, True), (40.0, False)):
        events, whole = np.array([0.5 * n, 0.5 * n]), np.array([n, n])
        assert all_ratios(events, whole, all_pairs(events, whole)).even.tolist() == [even]


@pytest.mark.parametrize(
    ("events", "n", "told"),
    [
        ((10, 15), (50, 50), "would flag this: {plural} {relation} {low} are {positive} {ratio} times"),
        ((6000, 6600), (9000, 9000), "would not flag this: {plural}"),
        ((0, 30), (60, 60), "none of the {plural}"),
        ((0, 0), (60, 60), "says nothing"),
    ],
)
def test_rule_and_test_are_set_side_by_side(events: tuple[int, int], n: tuple[int, int], told: str) -> None:
    pairs = all_pairs(events, n)
    ratios = all_ratios(np.array(events, float), np.array(n, float), pairs)
    tests = [Test(name="score test", p=float(p), adjusted=float(p)) for p in pairs.p]
    sentence = four_fifths(ratios, ("north", "south"), tests, WORDS)
    assert told in sentence.template


def test_where_rule_and_test_disagree_the_sentence_says_so_both_ways() -> None:
    def said(events: tuple[int, int], n: tuple[int, int]) -> str:
        pairs = all_pairs(events, n)
        tests = [Test(name="score test", p=float(p), adjusted=float(p)) for p in pairs.p]
        return four_fifths(all_ratios(np.array(events, float), np.array(n, float), pairs), "ab", tests, WORDS).template

    assert said((10, 15), (50, 50)).endswith("The test does not ({p}).")
    assert said((1000, 1500), (5000, 5000)).endswith("So does the test ({p}).")
    assert said((6000, 6600), (9000, 9000)).endswith("The test finds a difference all the same ({p}).")
    assert said((25, 26), (50, 50)).endswith("Neither does the test ({p}).")

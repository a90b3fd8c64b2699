"""The test of overall equality: scipy agrees where counts are large, enumeration where they are small."""

from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from audits.statistics.omnibus import CHI_SQUARE, SIMULATED, equality

GROUPS = st.lists(
    st.integers(40, 500).flatmap(lambda n: st.tuples(st.integers(15, n - 15), st.just(n))), min_size=2, max_size=6
)


@given(GROUPS)
def test_large_counts_give_pearsons_chi_square(groups: list[tuple[int, int]]) -> None:
    events, n = np.array(groups).T
    test = equality(events, n)
    expected = chi2_contingency(np.array([events, n - events]), correction=False)
    if expected.expected_freq.min() >= 5:
        assert (test.name, test.freedom) == (CHI_SQUARE, expected.dof)
        assert (test.statistic, test.p) == pytest.approx((expected.statistic, expected.pvalue), abs=1e-9)


def test_small_counts_give_the_permutation_p() -> None:
    events, n = np.array([5, 1, 0]), np.array([8, 7, 6])
    pooled = events.sum() / n.sum()
    tables = [t for t in product(*(range(k + 1) for k in n)) if sum(t) == events.sum()]
    chance = np.array([np.prod([comb(k, x) for k, x in zip(n.tolist(), t, strict=True)]) for t in tables], float)
    distance = np.array([((np.array(t) - n * pooled) ** 2 / n).sum() for t in tables])
    seen = ((events - n * pooled) ** 2 / n).sum()
    exact = chance[distance >= seen - 1e-12].sum() / chance.sum()
    test = equality(events, n)
    assert test.name == SIMULATED
    assert test.p == pytest.approx(exact, abs=4 * np.sqrt(exact / 10_000))


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(6, 12)), min_size=2, max_size=5), st.randoms())
def test_renaming_groups_draws_the_same_tables(groups: list[tuple[int, int]], chance: object) -> None:
    shuffled = sorted(groups, key=lambda group: (group[0] * 7919) % 13)
    assert equality(*np.array(groups).T).p == equality(*np.array(shuffled).T).p


def test_one_group_has_no_p_and_a_constant_outcome_has_no_difference() -> None:
    alone = equality([3, 0], [9, 0])
    assert alone.p is None
    assert alone.reason
    assert equality([0, 0], [9, 9]).p == 1
    assert equality([0.2, 0.1], [9, 9]).p == 1

"""Two proportions compared: scipy and full enumeration agree; names and complements do not matter."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from audits.statistics.pairs import FISHER, SCORE, all_pairs, compare, fisher_mid_p

PAIR = st.tuples(st.integers(1, 400), st.integers(1, 400)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)
SMALL_PAIR = st.tuples(st.integers(1, 25), st.integers(1, 25)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


def enumerated_mid_p(x1: int, n1: int, x2: int, n2: int) -> Fraction:
    total = x1 + x2
    chance = {
        k: Fraction(comb(n1, k) * comb(n2, total - k), comb(n1 + n2, total))
        for k in range(max(0, total - n2), min(n1, total) + 1)
    }
    seen = chance[x1]
    return (
        sum((c for c in chance.values() if c < seen), Fraction(0))
        + sum((c for c in chance.values() if c == seen), Fraction(0)) / 2
    )


@given(SMALL_PAIR)
def test_fisher_mid_p_is_the_sum_over_all_tables(pair: tuple[int, int, int, int]) -> None:
    assert fisher_mid_p(*pair) == pytest.approx(float(enumerated_mid_p(*pair)), abs=1e-9)


@given(PAIR)
def test_score_test_is_pearsons_chi_square(pair: tuple[int, int, int, int]) -> None:
    x1, n1, x2, n2 = pair
    assume(0 < x1 + x2 < n1 + n2)
    z, p, exact = compare(*pair)
    expected = chi2_contingency([[x1, n1 - x1], [x2, n2 - x2]], correction=False)
    assert z[0] ** 2 == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    least = expected.expected_freq.min()
    assert bool(exact[0]) == bool(least < 5) or least == pytest.approx(5)
    if not exact[0]:
        assert p[0] == pytest.approx(expected.pvalue, abs=1e-9)


@given(PAIR)
def test_order_and_complement_do_not_matter(pair: tuple[int, int, int, int]) -> None:
    x1, n1, x2, n2 = pair
    p = compare(x1, n1, x2, n2)[1]
    assert compare(x2, n2, x1, n1)[1] == pytest.approx(p, abs=1e-9)
    assert compare(n1 - x1, n1, n2 - x2, n2)[1] == pytest.approx(p, abs=1e-9)


@pytest.mark.parametrize(("x1", "x2"), [(0, 0), (40, 30)])
def test_nothing_happened_or_everything_did_is_no_difference(x1: int, x2: int) -> None:
    z, p, exact = compare(x1, 40, x2, 30)
    assert (z[0], p[0], exact[0]) == (0, 1, False)


def test_rare_events_in_large_groups_are_enumerated_without_overflow() -> None:
    # Three events that fall on either of two equal groups like fair coins: half of 2/8.
    assert fisher_mid_p(3, 1_000_000, 0, 1_000_000) == pytest.approx(1 / 8, abs=1e-5)


def test_every_pair_is_compared_once_first_minus_second() -> None:
    events, n = np.array([10, 30, 1]), np.array([100, 100, 10])
    pairs = all_pairs(events, n)
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2)]
    assert pairs.difference == pytest.approx([-0.2, 0, 0.2])
    assert [test.name for test in pairs.tests()] == [SCORE, FISHER, FISHER]

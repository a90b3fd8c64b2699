"""Holm's correction: statsmodels agrees, and undefined tests are no tests."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from audits.statistics.holm import holm, holm_array

PS = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@settings(max_examples=20)  # the oracle takes 70 ms a call
@given(PS)
def test_holm_is_statsmodels(p: list[float]) -> None:
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1].tolist(), abs=1e-9)


@given(PS)
def test_adjusted_is_never_below_raw_and_keeps_the_order(p: list[float]) -> None:
    adjusted = holm_array(np.array(p))
    assert (adjusted >= np.array(p)).all()
    assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()


@given(PS, st.integers(0, 40))
def test_undefined_tests_do_not_count(p: list[float], at: int) -> None:
    gaps: list[float | None] = [*p[:at], None, *p[at:]]
    adjusted = list(holm(gaps))
    assert adjusted.pop(min(at, len(p))) is None
    assert adjusted == list(holm(p))


def test_no_tests_are_corrected_to_none() -> None:
    assert holm([]) == ()
    assert holm([None]) == (None,)


def test_rows_are_families_of_their_own() -> None:
    p = np.random.default_rng(0).random((7, 5))
    assert holm_array(p).tolist() == [holm_array(row).tolist() for row in p]

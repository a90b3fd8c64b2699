"""The verdict rule: what it promises under the null, under planted gaps, and whatever groups are called."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audits.findings import Verdict
from audits.statistics.disparity import Ruling, bounds, rule
from audits.statistics.holm import holm_array
from audits.statistics.metrics import Rates
from audits.statistics.pairs import all_pairs

UNEVEN = np.array([400, 200, 150, 100, 50])
COUNTS = st.lists(
    st.integers(10, 600).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=5
)


def plain(events: NDArray[np.int64], n: NDArray[np.int64]) -> Rates:
    return Rates(tuple(map(str, range(len(n)))), n, events.astype(float), n.astype(float), None)


def rulings(events: NDArray[np.int64], n: NDArray[np.int64], tolerance: float = 0.1) -> list[Ruling]:
    """One ruling a row of `events`; the rows are the metrics of one family."""
    pairs = [all_pairs(row, n) for row in events]
    tests = sum(len(pair.p) for pair in pairs)
    adjusted = holm_array(np.concatenate([pair.p for pair in pairs])).reshape(len(pairs), -1)
    return [
        rule(pair.difference, p.tolist(), bounds(plain(row, n), pair, tests), tolerance)
        for pair, p, row in zip(pairs, adjusted, events, strict=True)
    ]


def one(events: NDArray[np.int64], n: NDArray[np.int64], tolerance: float = 0.1) -> Ruling:
    return rulings(events[None], n, tolerance)[0]


def test_equal_groups_raise_an_alarm_in_at_most_one_run_in_sixteen() -> None:
    chance = np.random.default_rng(3)
    alarms = 0
    for _ in range(300):
        events = chance.binomial(UNEVEN, 0.3, (5, 5))
        alarms += any(r.verdict in (Verdict.FAIL, Verdict.CONCERN) for r in rulings(events, UNEVEN))
    assert alarms / 300 <= 0.06


def test_gap_of_half_the_tolerance_hardly_ever_fails() -> None:
    n, chance = np.full(4, 3000), np.random.default_rng(4)
    runs = [one(chance.binomial(n, [0.3, 0.3, 0.3, 0.35]), n).verdict for _ in range(300)]
    assert runs.count(Verdict.FAIL) / 300 <= 0.02


def test_gap_at_the_tolerance_hardly_ever_passes() -> None:
    n, chance = np.full(2, 1500), np.random.default_rng(5)
    runs = [one(chance.binomial(n, [0.3, 0.4]), n).verdict for _ in range(400)]
    assert runs.count(Verdict.PASS) / 400 <= 0.08


def test_planted_gap_fails_and_its_clean_twin_passes() -> None:
    n, chance = np.full(5, 2000), np.random.default_rng(6)
    for _ in range(20):
        planted = one(chance.binomial(n, [0.3, 0.3, 0.3, 0.3, 0.48]), n)
        assert planted.verdict is Verdict.FAIL
        assert one(chance.binomial(n, 0.3), n).verdict is Verdict.PASS


@settings(max_examples=60)
@given(COUNTS, st.randoms(use_true_random=False), st.floats(0, 0.5))
def test_renaming_groups_and_turning_events_around_change_no_verdict(
    counts: list[tuple[int, int]], chance: object, tolerance: float
) -> None:
    events, n = np.array(counts).T
    order = np.argsort((events * 31 + n * 17) % 101, kind="stable")
    plain, renamed, turned = (
        one(events, n, tolerance),
        one(events[order], n[order], tolerance),
        one(n - events, n, tolerance),
    )
    assert plain.verdict == renamed.verdict == turned.verdict
    assert plain.bound == pytest.approx(renamed.bound) == pytest.approx(turned.bound)


@settings(max_examples=60)
@given(COUNTS, st.floats(0, 0.4), st.floats(0, 0.4))
def test_a_wider_tolerance_never_turns_a_pass_around_nor_makes_a_fail(
    counts: list[tuple[int, int]], first: float, second: float
) -> None:
    events, n = np.array(counts).T
    narrow, wide = (one(events, n, tolerance).verdict for tolerance in sorted((first, second)))
    assert not (narrow is Verdict.PASS and wide is not Verdict.PASS)
    assert not (wide is Verdict.FAIL and narrow is not Verdict.FAIL)


def test_more_of_the_same_rows_turns_doubt_into_certainty() -> None:
    even, gap, n = np.array([15, 15]), np.array([12, 19]), np.array([50, 50])
    assert one(even, n).verdict is Verdict.INSUFFICIENT
    assert one(40 * even, 40 * n).verdict is Verdict.PASS
    assert one(gap, n).verdict is Verdict.INSUFFICIENT
    assert one(40 * gap, 40 * n).verdict is Verdict.FAIL


def test_small_but_certain_gap_passes_and_is_told() -> None:
    ruling = one(np.array([6000, 6600]), np.array([20000, 20000]))
    assert (ruling.verdict, ruling.significant) == (Verdict.PASS, True)
    assert one(np.array([6000, 6010]), np.array([20000, 20000])).significant is False


def test_tolerance_of_nothing_is_never_passed() -> None:
    assert one(np.array([500, 500]), np.array([1000, 1000]), 0.0).verdict is Verdict.INSUFFICIENT
    assert one(np.array([100, 900]), np.array([1000, 1000]), 0.0).verdict is Verdict.FAIL

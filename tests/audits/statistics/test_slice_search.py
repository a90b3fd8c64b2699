"""The search counts what a slow group-by counts, finds what was planted, and does so fast."""

from __future__ import annotations

import time
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.statistics import slice_search
from audits.statistics.slice_search import PRICE, Features, Lattice, Rule, apart, permuted


def features(seed: int, rows: int, levels: tuple[int, ...]) -> Features:
    draw = np.random.default_rng(seed)
    codes = tuple(draw.integers(0, size, rows).astype(np.int16) for size in levels)
    return Features(codes, tuple(np.ones(size, bool) for size in levels))


def slowly(data: Features, wrong: np.ndarray, least: int, depth: int) -> dict[Rule, tuple[int, int, float]]:
    """Every slice with rows enough: errors, rows and score, written from the definition."""
    frame = pl.DataFrame({f"{at}": codes for at, codes in enumerate(data.codes)}).with_columns(wrong=wrong)
    rows, errors = frame.height, int(wrong.sum())
    found = {}
    for size in range(1, depth + 1):
        for chosen in combinations(range(len(data.codes)), size):
            grouped = frame.group_by([f"{at}" for at in chosen]).agg(pl.col("wrong").sum(), n=pl.len())
            for *levels, x, n in grouped.iter_rows():
                if not least <= n <= rows - least:
                    continue
                p = errors / rows
                z = (x / n - (errors - x) / (rows - n)) / (p * (1 - p) * (1 / n + 1 / (rows - n))) ** 0.5
                found[tuple(zip(chosen, levels, strict=True))] = (x, n, z * (1 - PRICE * (size - 1)))
    return found


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(60, 400), st.sampled_from([(2, 3, 4), (5, 2, 2, 3), (3, 3)]))
def test_every_slice_is_counted_as_a_group_by_counts_it(seed: int, rows: int, levels: tuple[int, ...]) -> None:
    data = features(seed, rows, levels)
    wrong = np.random.default_rng(seed + 1).random(rows) < 0.3
    if not 0 < wrong.sum() < rows:
        return
    twin = slowly(data, wrong, 10, 3)
    lattice = Lattice(data, 10, 3)
    found = lattice.search(np.flatnonzero(wrong), kept=10_000)
    assert lattice.searched == len(twin)
    assert {one.rule for one in found} == {rule for rule, (_, _, score) in twin.items() if score > 1e-12}
    for one in found:
        x, n, score = twin[one.rule]
        assert (one.events, one.n) == (x, n)
        assert one.score == pytest.approx(score)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert lattice.highest(np.flatnonzero(wrong)) == pytest.approx(max(0.0, *(score for *_, score in twin.values())))


def test_levels_that_nobody_would_state_are_no_conditions() -> None:
    data = features(0, 500, (3, 3))
    data = Features(data.codes, (np.array([True, False, True]), np.array([False, True, True])))
    found = Lattice(data, 5, 2).search(np.flatnonzero(data.codes[0] + data.codes[1] > 1), kept=100)
    assert found
    assert all((feature, level) not in ((0, 1), (1, 0)) for one in found for feature, level in one.rule)


def test_a_planted_slice_comes_first_and_its_parts_are_not_listed_again() -> None:
    data = features(1, 20_000, (4, 5, 3, 6))
    inside = (data.codes[1] == 2) & (data.codes[3] == 4)
    wrong = np.random.default_rng(2).random(20_000) < np.where(inside, 0.5, 0.1)
    listed = apart(Lattice(data, 100, 3).search(np.flatnonzero(wrong)), data, wrong, 10)
    assert listed[0].rule == ((1, 2), (3, 4))
    assert not any({(1, 2), (3, 4)} <= set(one.rule) for one in listed[1:])
    assert all(one.rule not in (((1, 2),), ((3, 4),)) for one in listed)


def test_a_search_that_must_be_short_extends_the_most_promising_crossings(monkeypatch: pytest.MonkeyPatch) -> None:
    data = features(3, 3_000, (3,) * 12)
    inside = (data.codes[2] == 1) & (data.codes[7] == 0) & (data.codes[9] == 2)
    wrong = np.random.default_rng(4).random(3_000) < np.where(inside, 0.8, 0.1)
    places = np.flatnonzero(wrong)
    whole = Lattice(data, 30, 3)
    best = whole.search(places)[0]
    monkeypatch.setattr(slice_search, "MOST_COUNTED", 3_000 * 70)
    short = Lattice(data, 30, 3)
    assert short.search(places)[0] == best
    assert best.rule == ((2, 1), (7, 0), (9, 2))
    assert short.searched < whole.searched


def test_rows_in_another_order_give_the_same_slices() -> None:
    data = features(5, 2_000, (4, 3, 5))
    wrong = np.random.default_rng(6).random(2_000) < 0.2
    order = np.random.default_rng(7).permutation(2_000)
    one = Lattice(data, 30, 3).search(np.flatnonzero(wrong))
    assert Lattice(data.of(order), 30, 3).search(np.flatnonzero(wrong[order])) == one


def test_shuffled_errors_stand_out_as_far_as_errors_at_random_do() -> None:
    """Under the null the rank of the best score among shuffled ones is even."""
    data = features(8, 400, (3, 4, 3))
    lattice, draw = Lattice(data, 30, 2), np.random.default_rng(9)
    chance = permuted(lattice, 80, 300, draw)
    fresh = np.array([lattice.highest(draw.choice(400, 80, replace=False)) for _ in range(300)])
    for share in (0.25, 0.5, 0.75):
        assert (fresh > np.quantile(chance, share)).mean() == pytest.approx(1 - share, abs=0.12)


def test_a_hundred_thousand_rows_of_twelve_columns_take_less_than_two_seconds() -> None:
    data = features(10, 100_000, (2, 5, 5, 8, 12, 6, 5, 5, 7, 3, 4, 10))
    wrong = np.flatnonzero(np.random.default_rng(11).random(100_000) < 0.1)
    lattice = Lattice(data, 1_000, 3)
    start = time.perf_counter()
    lattice.search(wrong)
    assert time.perf_counter() - start < 2
    assert lattice.searched > 3_000

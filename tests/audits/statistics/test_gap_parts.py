"""The parts of a gap: they add up, equal factors have none, and a slow twin walks through every order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from audits.statistics.gap_parts import BASE, DECISIONS, SCORES, Factors, factors, gap_parts, parts, rate, replicates

CELLS = (
    st.integers(1, 4)
    .flatmap(lambda bins: st.tuples(*[arrays(float, (2, bins, 2), elements=st.integers(0, 40).map(float))] * 2))
    .filter(lambda both: all((cells.sum((1, 2)) > 0).all() for cells in both))
)


def observed(cells: Any) -> float:
    return float(cells[..., 1].sum() / cells.sum())


@given(CELLS, st.sampled_from([None, 0, 1]))
def test_parts_add_up_to_the_gap_and_turn_over_with_the_groups(both: tuple[Any, Any], within: int | None) -> None:
    one, two = both
    seen = parts(factors(one, two, within), factors(two, one, within))
    kept = both if within is None else (one[within], two[within])
    assert seen.sum() == pytest.approx(observed(kept[0]) - observed(kept[1]), abs=1e-12)
    assert parts(factors(two, one, within), factors(one, two, within)) == pytest.approx(-seen, abs=1e-12)
    if within is not None:
        assert seen[BASE] == pytest.approx(0, abs=1e-15)


@given(CELLS)
def test_parts_are_the_mean_over_every_order_of_exchange(both: tuple[Any, Any]) -> None:
    one, two = (factors(a, b) for a, b in (both, both[::-1]))
    slow = np.zeros(3)
    orders = list(permutations(range(3)))
    for order in orders:
        now = [two.base, two.scores, two.decisions]
        for part in order:
            before = float(rate(*now))
            now[part] = (one.base, one.scores, one.decisions)[part]
            slow[part] += float(rate(*now)) - before
    assert parts(one, two) == pytest.approx(slow / len(orders), abs=1e-12)


@given(CELLS)
def test_a_factor_that_is_equal_in_both_groups_has_no_part(both: tuple[Any, Any]) -> None:
    one, two = (factors(a, b) for a, b in (both, both[::-1]))
    for part, name in ((BASE, "base"), (SCORES, "scores"), (DECISIONS, "decisions")):
        same = {field: getattr(one if field == name else two, field) for field in ("base", "scores", "decisions")}
        assert parts(one, Factors(**same))[part] == 0


@given(CELLS)
def test_two_factors_are_kitagawas_decomposition(both: tuple[Any, Any]) -> None:
    one, two = (cells.sum(1, keepdims=True) for cells in both)
    base, scores, decisions = parts(factors(one, two), factors(two, one))
    (share_1, rate_1), (share_2, rate_2) = (
        (cells.sum((1, 2)) / cells.sum(), cells[:, 0, 1] / cells.sum((1, 2))) for cells in (one, two)
    )
    assert base == pytest.approx(((share_1 - share_2) * (rate_1 + rate_2) / 2).sum(), abs=1e-12)
    assert decisions == pytest.approx(((share_1 + share_2) / 2 * (rate_1 - rate_2)).sum(), abs=1e-12)
    assert scores == 0


@given(CELLS)
def test_one_threshold_for_all_has_no_part(both: tuple[Any, Any]) -> None:
    split = [np.stack([np.stack([c[..., 0].sum(-1), 0 * c[..., 0].sum(-1)], -1),
                       np.stack([0 * c[..., 1].sum(-1), c[..., 1].sum(-1)], -1)], 1) for c in both]  # fmt: skip
    assert parts(factors(split[0], split[1]), factors(split[1], split[0]))[DECISIONS] == 0


def drawn(rng: np.random.Generator, n: int, base: float, scores: Any, decisions: Any) -> Any:
    chances = np.array([1 - base, base])[:, None, None] * np.array(scores)[..., None]
    chances = chances * np.stack([1 - np.array(decisions), np.array(decisions)], -1)
    return rng.multinomial(n, chances.ravel()).reshape(chances.shape).astype(float)


LOW, HIGH, LENIENT = [[0.6, 0.3, 0.1], [0.2, 0.3, 0.5]], [[0.4, 0.3, 0.3], [0.1, 0.2, 0.7]], [[0.0, 0.5, 1.0]] * 2
STRICT = [[0.0, 0.2, 0.9]] * 2


def test_bootstrap_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    truth = parts(
        Factors(np.array([0.5, 0.5]), np.array(HIGH), np.array(LENIENT)),
        Factors(np.array([0.7, 0.3]), np.array(LOW), np.array(STRICT)),
    )
    held, trials = np.zeros(3), 150
    for _ in range(trials):
        cells = drawn(rng, 500, 0.5, HIGH, LENIENT), drawn(rng, 700, 0.3, LOW, STRICT)
        found = gap_parts([(each, replicates(each, each.sum(), 300, rng)) for each in cells], 0, 1)
        held += (found.bounds.low <= truth) & (truth <= found.bounds.high)
    assert (held / trials >= 0.9).all()


def test_the_bootstraps_spread_of_a_gap_is_the_binomials() -> None:
    rng = np.random.default_rng(1)
    cells = drawn(rng, 800, 0.5, HIGH, LENIENT), drawn(rng, 500, 0.3, LOW, STRICT)
    one, two = (replicates(each, each.sum(), 4000, rng) for each in cells)
    gaps = parts(factors(one, two), factors(two, one)).sum(-1)
    p = [observed(each) for each in cells]
    assert gaps.std() == pytest.approx(np.sqrt(p[0] * (1 - p[0]) / 800 + p[1] * (1 - p[1]) / 500), rel=0.05)


def test_the_higher_rate_comes_first_and_weights_that_are_equal_change_nothing() -> None:
    rng = np.random.default_rng(2)
    cells = drawn(rng, 800, 0.3, LOW, STRICT), drawn(rng, 500, 0.5, HIGH, LENIENT)
    groups = [(each, replicates(each, each.sum(), 500, np.random.default_rng(5))) for each in cells]
    heavy = [(7 * each, replicates(7 * each, each.sum(), 500, np.random.default_rng(5))) for each in cells]
    found, weighted = gap_parts(groups, 0, 1), gap_parts(heavy, 0, 1)
    assert (found.first, found.second) == (1, 0)
    assert found.gap > 0
    assert weighted.parts == pytest.approx(found.parts)
    assert weighted.bounds.low == pytest.approx(found.bounds.low, abs=0.01)

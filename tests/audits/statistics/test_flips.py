"""Counts of flips against other libraries, exact coverage and laws that hold for any answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, t
from statsmodels.stats.contingency_tables import mcnemar as theirs

from audits.counterfactuals.answers import Answered
from audits.counterfactuals.contrasts import Contrast, Version
from audits.statistics.flips import count_flips, mcnemar, mean_interval, paired_difference

GROUPS = ("a", "b", "c")


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test(b: int, c: int) -> None:
    ours = mcnemar(b, c)
    if b + c:
        assert ours == pytest.approx(min(1.0, binomtest(b, b + c, 0.5).pvalue), abs=1e-12)
        assert ours == pytest.approx(min(1.0, theirs([[5, b], [c, 7]], exact=True).pvalue), abs=1e-12)
    else:
        assert ours == 1


@given(st.lists(st.floats(-1, 1, width=32), min_size=2, max_size=40))
def test_a_mean_has_students_interval(values: list[float]) -> None:
    found = mean_interval(np.array(values))
    assert found is not None
    spread = np.std(values, ddof=1) / np.sqrt(len(values))
    if spread > 1e-9:
        low, high = t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=spread)
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(
    ("up", "down", "n"), [(0.1, 0.02, 100), (0.05, 0.05, 60), (0.02, 0.0, 200), (0.3, 0.1, 40), (0.4, 0.4, 50)]
)
def test_a_paired_difference_is_covered_as_often_as_it_says(up: float, down: float, n: int) -> None:
    """Over 4,000 draws of the two kinds of discordant pairs."""
    draws = np.random.default_rng(3).multinomial(n, [up, down, 1 - up - down], size=4000)
    kinds, times = np.unique(draws[:, :2], axis=0, return_counts=True)
    inside = 0
    for (b, c), count in zip(kinds, times, strict=True):
        bounds = paired_difference(int(b), int(c), n, 0.95)
        inside += count * (bounds.low <= up - down <= bounds.high)
    assert 0.93 <= inside / 4000 <= 0.995


def answered(rows: list[tuple[int, int, int, float, float, bool]]) -> Answered:
    """(unit, first, second, score before, score after, sided); selected from 0.5 on."""
    before = np.array([row[3] for row in rows], float)
    after = np.array([row[4] for row in rows], float)
    blank = Version(("",), ())
    return Answered(
        contrasts=tuple(Contrast(str(r[0]), GROUPS[r[1]], GROUPS[r[2]], blank, blank, r[5]) for r in rows),
        before=before,
        after=after,
        flipped=(before >= 0.5) != (after >= 0.5),
        selected_before=before >= 0.5,
        selected_after=after >= 0.5,
        answers=(("", ""),) * len(rows),
        truncated=0,
    )


score = st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.9, 1.0])
contrast = st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 2), score, score, st.booleans()).filter(
    lambda row: row[1] != row[2]
)


@given(st.lists(contrast, min_size=1, max_size=25), st.randoms())
def test_order_does_not_matter_and_a_slow_count_agrees(
    rows: list[tuple[int, int, int, float, float, bool]], shuffle: object
) -> None:
    mixed = list(rows)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = count_flips(answered(rows), GROUPS), count_flips(answered(mixed), GROUPS)
    assert (one.n, one.flipped, one.largest) == (other.n, other.flipped, other.largest)
    assert one.mean == pytest.approx(other.mean)
    for pair, twin in zip(one.pairs, other.pairs, strict=True):
        assert (pair.first, pair.second, pair.n, pair.flipped) == (twin.first, twin.second, twin.n, twin.flipped)
    assert one.flipped == len({row[0] for row in rows if (row[3] >= 0.5) != (row[4] >= 0.5)})
    for pair in one.pairs:
        here = [row for row in rows if {GROUPS[row[1]], GROUPS[row[2]]} == {pair.first, pair.second} and row[5]]
        as_first = [row[3] if GROUPS[row[1]] == pair.first else row[4] for row in here]
        as_second = [row[4] if GROUPS[row[1]] == pair.first else row[3] for row in here]
        assert pair.only_first == sum(x >= 0.5 > y for x, y in zip(as_first, as_second, strict=True))
        assert pair.only_second == sum(y >= 0.5 > x for x, y in zip(as_first, as_second, strict=True))
        if here:
            assert pair.change == pytest.approx(np.mean(as_first) - np.mean(as_second))


@given(st.lists(contrast, min_size=1, max_size=25))
def test_trading_before_and_after_changes_nothing_but_sides(
    rows: list[tuple[int, int, int, float, float, bool]],
) -> None:
    traded = [(unit, two, one, after, before, sided) for unit, one, two, before, after, sided in rows]
    one, other = count_flips(answered(rows), GROUPS), count_flips(answered(traded), GROUPS)
    assert one == other

"""Thresholds by group: fairlearn's own predictions as oracle, and an even result on the rows they were found on."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

from audits.statistics.closing import FAIRLEARN, Constraint, Cut, closing_cuts, paired_change

CONSTRAINTS = get_args(Constraint)
every_constraint = pytest.mark.parametrize("constraint", CONSTRAINTS)


def rows(seed: int = 0, n: int = 600) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(seed)
    groups = np.array(["a", "b", "c"])[rng.integers(0, 3, n)]
    actual = rng.random(n) < np.where(groups == "a", 0.3, 0.5)
    return np.clip(rng.normal(0.3 + 0.3 * actual + 0.1 * (groups == "b"), 0.15), 0, 1).round(3), actual, groups


def chances(cuts: dict[str, Cut], scores: Any, groups: Any) -> Any:
    then = np.zeros(len(scores))
    for name, cut in cuts.items():
        then[groups == name] = cut.chance(scores[groups == name])
    return then


@every_constraint
def test_chances_are_those_that_fairlearn_draws_from(constraint: Constraint) -> None:
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.base import BaseEstimator

    class Scores(BaseEstimator):  # type: ignore[misc]
        def fit(self, x: Any, y: Any) -> Scores:
            return self

        def predict(self, x: Any) -> Any:
            return x[:, 0]

        def __sklearn_is_fitted__(self) -> bool:
            return True

    scores, actual, groups = rows()
    theirs = ThresholdOptimizer(
        estimator=Scores(), constraints=FAIRLEARN[constraint], prefit=True, predict_method="predict"
    ).fit(scores[:, None], actual.astype(int), sensitive_features=groups)
    ours = chances(closing_cuts(scores, actual, groups, constraint), scores, groups)
    draws = np.mean(
        [theirs.predict(scores[:, None], sensitive_features=groups, random_state=seed) for seed in range(300)], axis=0
    )
    assert np.abs(draws - ours).max() < 5 * 0.5 / np.sqrt(300)
    assert (draws[ours == 0] == 0).all()
    assert (draws[ours == 1] == 1).all()


@every_constraint
def test_on_the_rows_that_cuts_were_found_on_no_gap_is_left(constraint: Constraint) -> None:
    scores, actual, groups = rows(seed=1)
    then = chances(closing_cuts(scores, actual, groups, constraint), scores, groups)
    sides = {
        "demographic-parity": [np.ones(len(actual), bool)],
        "equal-opportunity": [actual],
        "equalised-odds": [actual, ~actual],
    }[constraint]
    for side in sides:
        rates = [then[side & (groups == name)].mean() for name in "abc"]
        assert max(rates) - min(rates) < 1e-9


@every_constraint
def test_renaming_groups_and_ordering_rows_change_nothing(constraint: Constraint) -> None:
    scores, actual, groups = rows(seed=2)
    order = np.random.default_rng(0).permutation(len(scores))
    new = {"a": "z", "b": "y", "c": "x"}
    cuts = closing_cuts(scores, actual, groups, constraint)
    renamed = closing_cuts(scores[order], actual[order], np.array([new[g] for g in groups[order]]), constraint)
    assert {new[name]: cut for name, cut in cuts.items()} == renamed


def test_a_paired_change_of_whole_decisions_is_agrestis_and_mins() -> None:
    before = np.array([1.0] * 60 + [0.0] * 40)
    after = np.array([1.0] * 50 + [0.0] * 10 + [1.0] * 4 + [0.0] * 36)
    found = paired_change(before, after, np.ones(100))
    b, c, n = 4.5, 10.5, 101
    half = 1.959964 * np.sqrt((b + c) - (b - c) ** 2 / n) / n
    assert found.before == 0.6
    assert found.after == pytest.approx(0.54)
    assert (found.low, found.high) == pytest.approx((-0.06 - half, -0.06 + half), rel=1e-6)
    weighted = paired_change(before, after, np.full(100, 3.0))
    assert (weighted.low, weighted.high) == pytest.approx((found.low, found.high))
    same = paired_change(before, before, np.ones(100))
    assert same.change == 0
    assert same.low < 0 < same.high


def test_intervals_of_a_paired_change_hold_the_truth() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(400):
        kind = rng.choice(4, p=[0.6, 0.1, 0.05, 0.25], size=200)
        found = paired_change(np.isin(kind, (0, 1)) * 1.0, np.isin(kind, (0, 2)) * 1.0, np.ones(200))
        held += found.low <= -0.05 <= found.high
    assert held >= 0.92 * 400

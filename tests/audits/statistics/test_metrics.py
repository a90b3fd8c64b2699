"""Every metric against fairlearn and scikit-learn on random rows; what permuting and merging must not change."""

from __future__ import annotations

import math
import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.data.columns import LABEL, WEIGHT
from audits.statistics.counts import Counts, Outcomes
from audits.statistics.definitions import DEFINITIONS, AnyMetric, hypotheses
from audits.statistics.disparity import bounds
from audits.statistics.metrics import Rates, measured
from audits.statistics.pairs import compared
from audits.statistics.summaries import SUMMARIES

GROUP = "@group.g"
ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans(), st.sampled_from([0.5, 1.0, 2.0, 3.25])),
    min_size=2,
    max_size=120,
)
Row = tuple[str, bool, bool, float]


def decisions(rows: list[Row], weighted: bool = False) -> pl.LazyFrame:
    group, actual, selected, weight = zip(*rows, strict=True)
    frame = pl.DataFrame({GROUP: group, "@actual": actual, "@selected": selected, WEIGHT: weight})
    weights = pl.col(WEIGHT) if weighted else pl.lit(1.0)
    correct = pl.col("@actual") == pl.col("@selected")
    label = pl.col("@actual").cast(pl.String).alias(LABEL)
    return frame.lazy().with_columns(label, weights.alias(WEIGHT), correct.alias("@correct"))


def counted(rows: list[Row], weighted: bool = False) -> Outcomes:
    return Counts.of(decisions(rows, weighted), [GROUP]).outcomes(GROUP)


def same(one: float, other: float) -> bool:
    return (math.isnan(one) and math.isnan(other)) or one == pytest.approx(other, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.booleans())
def test_rates_are_those_of_fairlearn(rows: list[Row], weighted: bool) -> None:
    from fairlearn.metrics import (
        MetricFrame,
        false_negative_rate,
        false_positive_rate,
        selection_rate,
        true_negative_rate,
        true_positive_rate,
    )
    from sklearn.metrics import accuracy_score

    theirs: dict[AnyMetric, object] = {
        "selection-rate": selection_rate,
        "accuracy": accuracy_score,
        "true-positive-rate": true_positive_rate,
        "false-positive-rate": false_positive_rate,
        "true-negative-rate": true_negative_rate,
        "false-negative-rate": false_negative_rate,
    }
    group, actual, selected, weight = (np.array(column) for column in zip(*rows, strict=True))
    weights = {name: {"sample_weight": weight} for name in theirs} if weighted else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = MetricFrame(
            metrics=theirs,
            y_true=actual.astype(int),
            y_pred=selected.astype(int),
            sensitive_features=group,
            sample_params=weights,
        )
    found = counted(rows, weighted)
    for name in theirs:
        rates = measured(found, name)
        for at, who in enumerate(found.groups):
            there = rates.n[at] > 0
            # fairlearn gives 0 where nobody counts; that is undefined here.
            assert not there or same(float(rates.rate[at]), float(frame.by_group[name][who]))
            assert there == bool(rates.rows[at])


@settings(max_examples=60, deadline=None)
@given(ROWS, st.booleans())
def test_the_other_metrics_are_those_of_scikit_learn(rows: list[Row], weighted: bool) -> None:
    from sklearn.metrics import confusion_matrix, f1_score, precision_score, recall_score

    found = counted(rows, weighted)
    for at, who in enumerate(found.groups):
        own = [row for row in rows if row[0] == who]
        _, actual, selected, weight = (np.array(column) for column in zip(*own, strict=True))
        some = {"sample_weight": weight if weighted else None, "zero_division": np.nan}

        def value(metric: AnyMetric, at: int = at) -> float:
            return float(measured(found, metric).rate[at])

        assert same(value("precision"), precision_score(actual, selected, **some))
        assert same(value("negative-predictive-value"), precision_score(~actual, ~selected, **some))
        assert same(value("f1"), f1_score(actual, selected, **some))
        recalls = [recall_score(actual, selected, pos_label=label, **some) for label in (True, False)]
        assert same(value("balanced-accuracy"), float(np.mean(recalls)))
        matrix = confusion_matrix(actual, selected, labels=[False, True], sample_weight=some["sample_weight"])
        misses, alarms = float(matrix[1, 0]), float(matrix[0, 1])
        share = value("treatment-equality")
        if alarms:
            assert share / (1 - share) == pytest.approx(misses / alarms)
        else:
            assert math.isnan(share) or share == 1


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_summaries_are_those_of_fairlearn(rows: list[Row]) -> None:
    from fairlearn import metrics as fair

    group, actual, selected, _ = (np.array(column) for column in zip(*rows, strict=True))
    found = counted(rows)
    values = {name: measured(found, name).rate for one in SUMMARIES.values() for name in one.metrics}
    if any(np.isnan(one).any() for one in values.values()) or len(found.groups) < 2:
        return
    theirs = {
        "demographic parity difference": fair.demographic_parity_difference,
        "demographic parity ratio": fair.demographic_parity_ratio,
        "equal opportunity difference": fair.equal_opportunity_difference,
        "equalised odds difference": fair.equalized_odds_difference,
        "equalised odds ratio": fair.equalized_odds_ratio,
    }
    for name, summary in SUMMARIES.items():
        ours = summary.of(values)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            other = theirs[name](actual.astype(int), selected.astype(int), sensitive_features=group)
        # Where all rates are 0 there is no ratio; fairlearn has 0 or NaN there.
        assert ours is None or same(ours, float(other))


@settings(max_examples=40, deadline=None)
@given(ROWS, st.integers(0, 120), st.booleans())
def test_parts_add_up_to_the_whole_whatever_their_order(rows: list[Row], cut: int, weighted: bool) -> None:
    whole = counted(rows, weighted)
    parts = [part for part in (rows[cut:], rows[:cut]) if part]
    merged = Counts.of(decisions(parts[0], weighted), [GROUP])
    for part in parts[1:]:
        merged = merged + Counts.of(decisions(part, weighted), [GROUP])
    found = merged.outcomes(GROUP)
    assert found.groups == whole.groups
    assert np.array_equal(found.rows, whole.rows)
    np.testing.assert_allclose(found.weight, whole.weight)
    np.testing.assert_allclose(found.squared, whole.squared)


def test_crossed_counts_marginalise_to_those_of_one_attribute() -> None:
    random = np.random.default_rng(0)
    rows = [("abc"[random.integers(3)], bool(random.integers(2)), bool(random.integers(2)), 1.0) for _ in range(300)]
    frame = decisions(rows).with_columns(pl.int_range(pl.len()).mod(7).cast(pl.String).alias("@group.h"))
    crossed = Counts.of(frame, [GROUP, "@group.h"])
    one = counted(rows)
    assert np.array_equal(crossed.outcomes(GROUP).rows, one.rows)
    assert np.array_equal(crossed.over(GROUP).outcomes(GROUP).rows, one.rows)
    assert crossed.over().cells["rows"].sum() == 300


@settings(max_examples=30, deadline=None)
@given(ROWS, st.permutations(["a", "b", "c"]))
def test_names_of_groups_and_order_of_rows_change_no_number(rows: list[Row], names: list[str]) -> None:
    new = dict(zip("abc", names, strict=True))
    renamed = counted([(new[row[0]], *row[1:]) for row in reversed(rows)])
    plain = counted(rows)
    for metric in DEFINITIONS:
        one, other = measured(plain, metric), measured(renamed, metric)
        there = dict(zip(other.groups, other.rate, strict=True))
        assert all(same(float(one.rate[at]), float(there[new[who]])) for at, who in enumerate(one.groups))
        large = np.flatnonzero(one.fewest > 0)
        if metric == "balanced-accuracy" and len(large) >= 2:
            again = np.flatnonzero(other.fewest > 0)
            assert sorted(compared(one.of(large)).p) == pytest.approx(sorted(compared(other.of(again)).p))


def test_the_same_rows_twice_keep_every_value_and_narrow_every_interval() -> None:
    random = np.random.default_rng(1)
    rows = [("ab"[random.integers(2)], bool(random.integers(2)), bool(random.integers(2)), 1.0) for _ in range(200)]
    for metric in DEFINITIONS:
        one, two = measured(counted(rows), metric), measured(counted(rows * 2), metric)
        np.testing.assert_allclose(one.rate, two.rate)
        width = [each.bounds().high - each.bounds().low for each in (one, two)]
        assert (width[1] < width[0]).all()
        spans = [bounds(each, compared(each), 1).alone for each in (one, two)]
        assert (spans[1].high - spans[1].low < spans[0].high - spans[0].low).all()


def test_complements_are_one_minus_each_other_and_one_question() -> None:
    found = counted([("a", True, True, 1.0), ("a", True, False, 1.0), ("a", False, True, 1.0), ("b", True, True, 1.0)])
    pairs = [(name, one.complement) for name, one in DEFINITIONS.items() if one.complement is not None]
    assert len(pairs) == 2
    for name, other in pairs:
        assert hypotheses(name) == hypotheses(other) == other
        assert measured(found, name).rate[0] == pytest.approx(1 - measured(found, other).rate[0])


def test_wrong_ones_of_a_perfect_model_are_undefined_and_not_zero() -> None:
    found = counted([("a", True, True, 1.0), ("a", False, False, 1.0), ("b", True, True, 1.0)])
    assert np.isnan(measured(found, "treatment-equality").rate).all()
    assert np.isnan(measured(found, "balanced-accuracy").rate[1])
    assert type(measured(found, "accuracy")) is Rates


def test_every_metric_says_its_direction_its_best_value_and_its_source() -> None:
    for definition in DEFINITIONS.values():
        assert definition.direction.startswith("Higher: ")
        assert definition.best in (None, 0, 1)
        assert "(" in definition.source

"""Shapley values: a slow twin over all coalitions, shap by its own text book, and the theorems that define them."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, PolynomialFeatures, StandardScaler

from probes.requests import Background, Contributions, Shapley
from probes.shapley_values import ShapleyValues
from probes.subjects.capabilities import Explaining
from probes.subjects.sklearn_pipeline import SklearnPipeline
from probes.subjects.sklearn_sources import sources
from tests.probes.asking import measured
from tests.probes.subjects.tabular_models import MODELS, TEXTS, as_text, opened, people, pipeline, trained

BEHIND = 10


def asked(subject: SklearnPipeline, frame: pd.DataFrame, behind: pd.DataFrame, target: int = 1) -> list[Contributions]:
    background = Background(tuple(as_text(behind)))
    answers = subject.answer([Shapley(example, target, background) for example in subject.encode(as_text(frame))])
    return [answer for answer in answers if isinstance(answer, Contributions)]


def score(model: Any, frame: pd.DataFrame, target: int, scale: str) -> Any:
    share = model.predict_proba(frame)[:, target]
    return share if scale == "probability" else np.log(share / (1 - share))


def twin(model: Any, row: pd.Series, behind: pd.DataFrame, target: int, scale: str) -> tuple[Any, float]:
    """Shapley's sum as Lundberg and Lee write it: in every coalition, who is out takes the background's value."""
    columns = list(behind.columns)

    @cache
    def value(coalition: frozenset[str]) -> float:
        mixed = behind.copy()
        for name in coalition:
            mixed[name] = pd.Series([row[name]] * len(behind), index=behind.index, dtype=behind[name].dtype)
        return float(score(model, mixed, target, scale).mean())

    values = []
    for name in columns:
        others = [other for other in columns if other != name]
        total = 0.0
        for size in range(len(columns)):
            weight = factorial(size) * factorial(len(columns) - size - 1) / factorial(len(columns))
            for coalition in combinations(others, size):
                total += weight * (value(frozenset({*coalition, name})) - value(frozenset(coalition)))
        values.append(total)
    return np.array(values), value(frozenset())


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(TEXTS, object))


@pytest.mark.parametrize("name", MODELS)
def test_values_are_those_of_a_slow_twin_over_all_coalitions(tmp_path: Path, name: str) -> None:
    model, frame = trained(name)
    frame = typed(frame)
    subject = opened(model, tmp_path)
    _, method, scale = MODELS[name]
    assert subject.explaining() == Explaining(method, scale)  # type: ignore[arg-type]
    rows, behind = frame.iloc[50:52], frame.iloc[:BEHIND]
    for target in (0, 1):
        for place, found in enumerate(asked(subject, rows, behind, target)):
            values, base = twin(model, rows.iloc[place], behind, target, scale)
            # shap keeps what it sums over trees in single precision.
            assert found.values == pytest.approx(values, abs=1e-6)
            assert found.base == pytest.approx(base, abs=1e-6)


@pytest.mark.parametrize("name", ["boosted", "forest"])
def test_missing_cells_are_values_like_others(tmp_path: Path, name: str) -> None:
    model, frame = trained(name, missing=True)
    frame = typed(frame)
    rows, behind = frame[frame.isna().any(axis=1)].iloc[:3], frame.iloc[:BEHIND]
    for place, found in enumerate(asked(opened(model, tmp_path), rows, behind)):
        values, _ = twin(model, rows.iloc[place], behind, 1, MODELS[name][2])
        assert found.values == pytest.approx(values, abs=1e-6)


def test_a_value_on_a_threshold_falls_where_the_model_lets_it_fall(tmp_path: Path) -> None:
    """shap compares with thresholds in single precision; doubles on a threshold went the wrong way."""
    draw = np.random.default_rng(0)
    frame = pd.DataFrame(draw.normal(size=(400, 3)), columns=["a", "b", "c"])
    target = (frame["a"] * frame["b"] + frame["c"] > 0).astype(int)
    frame = frame.mask(draw.random(frame.shape) < 0.2)
    model = HistGradientBoostingClassifier(max_iter=10).fit(frame, target)
    subject = opened(model, tmp_path, dict.fromkeys("abc", True))
    for found in asked(subject, frame.iloc[:200], frame.iloc[:50]):
        assert found.values.sum() + found.base == pytest.approx(found.output, abs=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_base_and_values_add_up_to_the_models_own_score(tmp_path: Path, name: str) -> None:
    model, frame = trained(name)
    subject = opened(model, tmp_path)
    found = asked(subject, frame.iloc[20:40], frame.iloc[:BEHIND])
    own = score(model, frame.iloc[20:40], 1, MODELS[name][2])
    assert [one.output for one in found] == pytest.approx(own, abs=1e-9)
    assert [one.values.sum() + one.base for one in found] == pytest.approx(own, abs=1e-6)


def test_trees_and_weights_are_what_shap_gives_when_called_as_its_manual_does(tmp_path: Path) -> None:
    import shap

    for name in ("forest", "linear"):
        model, frame = trained(name)
        rows, behind = (model[:-1].transform(frame.iloc[a:b]) for a, b in ((50, 60), (0, 40)))
        found = asked(opened(model, tmp_path), frame.iloc[50:60], frame.iloc[:40])
        ours = np.array([one.values for one in found])
        if name == "forest":
            explainer = shap.TreeExplainer(model[-1], behind, feature_perturbation="interventional")
            # The transformer puts job and town first, then age, hours and noise.
            theirs = explainer.shap_values(rows)[:, [2, 0, 3, 1, 4], 1]
        else:
            parts = shap.LinearExplainer(model[-1], behind).shap_values(rows)
            theirs = np.column_stack([parts[:, 6], parts[:, :3].sum(1), parts[:, 7], parts[:, 3:6].sum(1), parts[:, 8]])
        assert ours == pytest.approx(theirs, abs=1e-6)


def wide(missing: int = 4) -> tuple[Any, pd.DataFrame]:
    frame, target = people()
    for at in range(missing):
        frame[f"more {at}"] = np.random.default_rng(at).normal(size=len(frame))
    numbers = [name for name in frame if name not in TEXTS]
    columns = ColumnTransformer([("t", OneHotEncoder(), list(TEXTS)), ("n", StandardScaler(), numbers)])
    return Pipeline([("c", columns), ("m", MLPClassifier((4,), max_iter=30, random_state=0))]).fit(frame, target), frame


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_random_orders_add_up_and_do_not_depend_on_the_rows_beside(tmp_path: Path) -> None:
    model, frame = wide()
    subject = opened(model, tmp_path, {name: name not in TEXTS for name in frame})
    assert subject.explaining().method == "permutation"
    before = np.random.get_state(legacy=False)["state"]["key"]
    together = asked(subject, frame.iloc[30:33], frame.iloc[:BEHIND])
    alone = asked(subject, frame.iloc[31:32], frame.iloc[:BEHIND])
    assert together[1].values.tolist() == alone[0].values.tolist()
    assert all(one.values.sum() + one.base == pytest.approx(one.output, abs=1e-9) for one in together)
    assert np.array_equal(before, np.random.get_state(legacy=False)["state"]["key"])


def test_a_column_that_the_model_ignores_gets_nothing(tmp_path: Path) -> None:
    frame, target = people()
    for final in (LogisticRegression(), HistGradientBoostingClassifier(max_iter=20)):
        columns = ColumnTransformer([("t", OrdinalEncoder(), ["job"]), ("n", "passthrough", ["age", "hours"])])
        model = Pipeline([("c", columns), ("m", final)]).fit(frame, target)
        subject = opened(model, tmp_path)
        assert subject.explaining().method in ("linear", "tree")
        for found in asked(subject, frame.iloc[:20], frame.iloc[20:40]):
            by_column = dict(zip(subject.features, found.values, strict=True))
            assert by_column["town"] == by_column["noise"] == 0
            assert by_column["age"] != 0


def test_two_columns_that_do_the_same_get_the_same_and_classes_mirror_each_other(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    frame = pd.DataFrame(draw.integers(0, 2, (300, 3)).astype(float), columns=["a", "b", "c"])
    model = LogisticRegression().fit(frame, (frame["a"] + frame["b"] > 1).astype(int))
    model.coef_[:] = [[1.5, 1.5, 0.2]]
    subject = opened(model, tmp_path, dict.fromkeys("abc", True))
    behind = pd.DataFrame([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]], columns=list("abc"))
    row = pd.DataFrame([[1.0, 1.0, 1.0]], columns=list("abc"))
    (first,), (second,) = (asked(subject, row, behind, target) for target in (0, 1))
    assert second.values[0] == pytest.approx(second.values[1])
    assert first.values == pytest.approx(-second.values)
    assert first.base == pytest.approx(-second.base)


def test_the_probe_asks_once_and_its_key_holds_the_background_but_no_cell_of_it(tmp_path: Path) -> None:
    model, frame = trained("linear")
    subject = opened(model, tmp_path)
    rows = tuple(as_text(frame.iloc[:5]))
    probe = ShapleyValues(rows=rows, target=1)
    result = measured(probe, subject, *as_text(frame)[9])
    assert result.values.shape == (5,)
    assert result.values.sum() + float(result.base) == pytest.approx(float(result.output))
    assert probe.identity != ShapleyValues(rows=rows[:4], target=1).identity
    assert probe.identity != ShapleyValues(rows=rows, target=0).identity
    assert rows[0][2] not in probe.identity


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda f, y: pipeline(LogisticRegression()).fit(f, y), [1, 1, 1, 3, 3, 3, 0, 2, 4]),
        (lambda f, y: pipeline(LogisticRegression(), ordinal=True).fit(f, y), [1, 3, 0, 2, 4]),
        (lambda f, y: Pipeline([("p", PolynomialFeatures()), ("m", LogisticRegression())]).fit(f[["age", "hours"]], y),
         None),
    ],
)  # fmt: skip
def test_each_column_behind_the_preprocessing_is_traced_to_its_origin(make: Any, expected: list[int] | None) -> None:
    frame, target = people()
    model = make(frame, target)
    assert sources(model, len(model.feature_names_in_)) == expected

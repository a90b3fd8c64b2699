"""Models of tables: they answer as scikit-learn itself does, whatever the order and the dress of the columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from probes.errors import BadData, BadPlan
from probes.predictions import probabilities
from probes.requests import Forward
from probes.subjects import open_subject
from probes.subjects.capabilities import Answers, Attends, Classifies, Differentiates, Recorded, Subject, Tabular
from probes.subjects.sklearn_pipeline import SklearnPipeline
from tests.probes.asking import one_line, scores
from tests.probes.subjects.tabular_models import MODELS, as_text, opened, people, pipeline, stored, trained


def answered(subject: SklearnPipeline, frame: pd.DataFrame) -> Any:
    logits = np.array([one.logits for one in scores(subject, *subject.encode(as_text(frame)))])
    return probabilities(logits, multilabel=False)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("classes", [2, 3])
def test_softmax_of_the_answers_is_predict_proba(tmp_path: Path, name: str, classes: int) -> None:
    model, frame = trained(name, classes=classes)
    subject = opened(model, tmp_path)
    assert subject.labels == tuple(model.classes_)
    assert answered(subject, frame) == pytest.approx(model.predict_proba(frame), abs=1e-14)


def test_a_probability_of_nothing_stays_nothing_and_every_answer_is_finite(tmp_path: Path) -> None:
    model, frame = trained("forest")
    subject = opened(model, tmp_path)
    assert model.predict_proba(frame).min() == 0.0
    assert answered(subject, frame).min() < 1e-300
    assert all(np.isfinite(one.logits).all() for one in scores(subject, *subject.encode(as_text(frame))))


@pytest.mark.parametrize("name", ["boosted", "forest"])
def test_empty_cells_are_what_the_model_saw_as_missing(tmp_path: Path, name: str) -> None:
    model, frame = trained(name, missing=True)
    assert answered(opened(model, tmp_path), frame) == pytest.approx(model.predict_proba(frame), abs=1e-14)


@pytest.mark.parametrize("gap", [None, np.nan, ""])
def test_an_empty_text_is_the_gap_that_the_encoder_was_trained_with(tmp_path: Path, gap: Any) -> None:
    frame, target = people()
    frame["town"] = frame["town"].astype(object).where(np.arange(len(frame)) % 3 > 0, gap)
    model = pipeline(LogisticRegression()).fit(frame, target)
    rows = [tuple("" if cell is None or cell != cell else str(cell) for cell in row)
            for row in frame.itertuples(index=False)]  # fmt: skip
    subject = opened(model, tmp_path)
    logits = np.array([one.logits for one in scores(subject, *subject.encode(rows))])
    assert np.exp(logits) == pytest.approx(model.predict_proba(frame), abs=1e-14)


def test_a_model_trained_on_bare_numbers_is_handed_bare_numbers(tmp_path: Path) -> None:
    frame, target = people()
    bare = frame[["age", "hours"]].to_numpy()
    model = Pipeline([("s", StandardScaler()), ("m", LogisticRegression())]).fit(bare, target)
    subject = open_subject(f"sklearn:{stored(model, tmp_path)}")
    assert isinstance(subject, SklearnPipeline)
    assert subject.features == ()
    with pytest.raises(BadPlan) as caught:
        subject.with_columns({"age": True})
    one_line(caught.value, "2", "1", "order of its training")
    told = subject.with_columns({"age": True, "hours": True})
    assert answered(told, frame[["age", "hours"]]) == pytest.approx(model.predict_proba(bare), abs=1e-14)


def test_categories_that_are_numbers_are_handed_over_as_numbers_and_codes_as_texts(tmp_path: Path) -> None:
    frame = pd.DataFrame({"code": ["007", "010"] * 50, "kind": [1, 2, 3, 3] * 25})
    target = np.where((frame["code"] == "007") & (frame["kind"] < 3), "a", "b")
    model = Pipeline([("c", ColumnTransformer([("t", OneHotEncoder(), ["code", "kind"])])),
                      ("m", LogisticRegression())]).fit(frame, target)  # fmt: skip
    subject = opened(model, tmp_path, {"code": True, "kind": True})
    assert [column.numeric for column in subject.columns] == [False, True]
    assert answered(subject, frame) == pytest.approx(model.predict_proba(frame), abs=1e-14)


@pytest.mark.parametrize(
    ("classes", "labels"),
    [([0, 1], ("0", "1")), ([False, True], ("false", "true")), ([1.0, 2.0], ("1", "2")), (["x", "y"], ("x", "y"))],
)
def test_classes_are_called_as_the_data_writes_them(
    tmp_path: Path, classes: list[Any], labels: tuple[str, ...]
) -> None:
    model = LogisticRegression().fit(np.arange(10.0)[:, None], np.array(classes)[np.arange(10) % 2])
    subject = open_subject(f"sklearn:{stored(model, tmp_path)}")
    assert isinstance(subject, SklearnPipeline)
    assert subject.labels == labels


def test_text_where_numbers_are_read_is_one_line(tmp_path: Path) -> None:
    model, frame = trained("linear")
    subject = opened(model, tmp_path)
    rows = [("many", *row[1:]) for row in as_text(frame)[:3]]
    with pytest.raises(BadData) as caught:
        subject.answer([Forward(example) for example in subject.encode(rows)])
    one_line(caught.value, "age", "many", "numbers")


def test_a_category_that_the_model_does_not_take_is_one_line(tmp_path: Path) -> None:
    frame, target = people()
    strict = ColumnTransformer([("t", OneHotEncoder(), ["job"])])
    subject = opened(Pipeline([("c", strict), ("m", LogisticRegression())]).fit(frame, target), tmp_path)
    rows = [(row[0], "pilot", *row[2:]) for row in as_text(frame)[:3]]
    with pytest.raises(BadData) as caught:
        subject.answer([Forward(example) for example in subject.encode(rows)])
    one_line(caught.value, "pilot", "training")


def test_it_is_what_it_can_do(tmp_path: Path) -> None:
    model, _ = trained("linear")
    subject: object = opened(model, tmp_path)
    for capability in (Subject, Classifies, Answers, Tabular):
        assert isinstance(subject, capability)
    for capability in (Attends, Differentiates, Recorded):
        assert not isinstance(subject, capability)
    told = opened(model, tmp_path).describe()
    assert (told.name, told.architecture) == ("model", "LogisticRegression")
    assert told.parameters == model[-1].coef_.size + 1


def test_another_file_is_another_fingerprint_and_another_reading_another_policy(tmp_path: Path) -> None:
    frame, target = people()
    models = [pipeline(HistGradientBoostingClassifier(max_iter=n), True).fit(frame, target) for n in (2, 3)]
    one, two = (open_subject(f"sklearn:{stored(model, tmp_path, str(at))}") for at, model in enumerate(models))
    again = open_subject(f"sklearn:{tmp_path / '0.skops'}")
    assert one.fingerprint == again.fingerprint != two.fingerprint
    assert isinstance(one, SklearnPipeline)
    columns = dict.fromkeys(one.features, True)
    assert one.with_columns(columns).policy != one.with_columns({**columns, "noise": False}).policy
    assert one.with_columns(columns).fingerprint == one.fingerprint

"""What is not a safe, whole, trained classifier is refused in one line with the next move."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import skops.io
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from probes.errors import BadSubject
from probes.subjects import open_subject
from tests.probes.asking import one_line
from tests.probes.subjects.tabular_models import stored

ROWS, TARGET = np.random.default_rng(0).normal(size=(80, 2)), np.arange(80) % 2


class Homemade:
    """A class of somebody's own: opening it would import and run their code."""

    def fit(self, rows: Any, target: Any) -> Homemade:
        self.classes_ = np.unique(target)
        return self

    def predict(self, rows: Any) -> Any:
        return self.predict_proba(rows).argmax(axis=1)

    def predict_proba(self, rows: Any) -> Any:
        return np.full((len(rows), 2), 0.5)


def refused(path: Path, *named: str, trust: bool = False) -> None:
    with pytest.raises(BadSubject) as caught:
        open_subject(f"sklearn:{path}", trust)
    one_line(caught.value, *named)


@pytest.mark.parametrize("name", ["model.pkl", "model.joblib", "model.skops", "model"])
@pytest.mark.parametrize("dump", [lambda m, f: pickle.dump(m, f), joblib.dump], ids=["pickle", "joblib"])
def test_a_pickle_is_refused_whatever_it_is_called_and_trusted(tmp_path: Path, name: str, dump: Any) -> None:
    with (tmp_path / name).open("wb") as file:
        dump(LogisticRegression().fit(ROWS, TARGET), file)
    for trust in (False, True):
        refused(tmp_path / name, "pickle", "skops.io.dump", trust=trust)


def calling(function: Any) -> Pipeline:
    return Pipeline([("f", FunctionTransformer(function)), ("m", LogisticRegression())])


FOREIGN = {
    "a function of the system": (calling(os.system), "posix.system"),
    "a function that removes": (calling(os.remove), "posix.remove"),
    "a class of somebody's own": (Homemade().fit(ROWS, TARGET), "Homemade"),
    "a function of scikit-learn that fetches": (
        calling(__import__("sklearn.datasets", fromlist=["x"]).fetch_openml), "sklearn.datasets._openml.fetch_openml",
    ),
    "a tree in C that is followed without bounds": (
        KNeighborsClassifier(algorithm="kd_tree").fit(ROWS, TARGET), "sklearn.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_types_that_may_run_code_are_refused_by_name(tmp_path: Path, name: str) -> None:
    model, named = FOREIGN[name]
    refused(stored(model, tmp_path), named, "trust: true")


def test_a_plan_may_trust_them(tmp_path: Path) -> None:
    subject = open_subject(f"sklearn:{stored(Homemade().fit(ROWS, TARGET), tmp_path)}", trust=True)
    assert subject.describe().architecture == "Homemade"


@pytest.mark.parametrize("model", [RandomForestClassifier(3), HistGradientBoostingClassifier(max_iter=3)])
def test_usual_models_need_no_trust(tmp_path: Path, model: Any) -> None:
    open_subject(f"sklearn:{stored(model.fit(ROWS, TARGET), tmp_path)}")


def test_a_number_a_scorer_an_untrained_and_an_uncertain_model_are_refused(tmp_path: Path) -> None:
    refused(stored(LinearRegression().fit(ROWS, TARGET), tmp_path), "LinearRegression", "predicts numbers")
    refused(stored(LogisticRegression(), tmp_path), "LogisticRegression", "has not been trained")
    refused(stored(LinearSVC().fit(ROWS, TARGET), tmp_path), "LinearSVC", "no probabilities", "CalibratedClassifierCV")
    refused(stored({"a": 1}, tmp_path), "dict", "classifies nothing")
    several = DecisionTreeClassifier().fit(ROWS, np.column_stack([TARGET, TARGET]))
    refused(stored(several, tmp_path), "DecisionTreeClassifier", "one of at least two classes")


@pytest.mark.parametrize("how", [lambda b: b[: len(b) // 2], lambda b: b"PK" + b[2:60], lambda b: b"", lambda b: b"?"])
def test_a_damaged_file_is_one_line(tmp_path: Path, how: Any) -> None:
    path = stored(LogisticRegression().fit(ROWS, TARGET), tmp_path)
    path.write_bytes(how(path.read_bytes()))
    refused(path, "model.skops", "save the model again")


def test_a_file_that_is_not_there_and_a_folder_are_one_line(tmp_path: Path) -> None:
    refused(tmp_path / "absent.skops", "absent.skops", "skops.io.dump")
    refused(tmp_path, "cannot be read")
    with pytest.raises(BadSubject) as caught:
        open_subject("sklearn:")
    one_line(caught.value, "sklearn:MODEL.skops")


@pytest.mark.parametrize("where", ["right", "feature_idx", "left", "bitset_idx"])
@pytest.mark.parametrize("to", [10**6, 0])
def test_a_boosted_tree_that_leads_out_of_itself_is_refused_before_it_is_followed(
    tmp_path: Path, where: str, to: int
) -> None:
    model = HistGradientBoostingClassifier(max_iter=2).fit(ROWS, TARGET)
    nodes = model._predictors[0][0].nodes
    if where == "bitset_idx":
        nodes["is_categorical"][0] = 1
    if where == "feature_idx" and to == 0:
        to = -1
    nodes[where][0] = to
    refused(stored(model, tmp_path), "a place that does not exist")


@pytest.mark.parametrize("limit", [1, 2])
def test_a_forest_whose_trees_read_columns_that_the_forest_lacks_is_refused(tmp_path: Path, limit: int) -> None:
    model = RandomForestClassifier(3, random_state=0).fit(ROWS, TARGET)
    model.n_features_in_ = limit
    if limit == 1:
        refused(stored(model, tmp_path), "a place that does not exist")
    else:
        open_subject(f"sklearn:{stored(model, tmp_path)}")


def test_nothing_is_loaded_before_its_types_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skops.io, "loads", lambda *_, **__: pytest.fail("loaded"))
    refused(stored(calling(os.system), tmp_path), "posix.system")

"""Small models of tables, trained in the test with a fixed seed and stored as users store them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import skops.io
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from probes.subjects import open_subject
from probes.subjects.sklearn_pipeline import SklearnPipeline

NUMBERS, TEXTS = ("age", "hours", "noise"), ("job", "town")


def people(count: int = 400, seed: int = 0, missing: bool = False, classes: int = 2) -> tuple[pd.DataFrame, Any]:
    """Three columns of numbers and two of texts; `noise` and half of `town` have nothing to do with the class."""
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": draw.integers(18, 80, count).astype(float),
            "job": draw.choice(["cook", "clerk", "nurse"], count).astype(object),
            "hours": draw.normal(38, 8, count),
            "town": draw.choice(["north", "south", "east"], count).astype(object),
            "noise": draw.normal(size=count),
        }
    )
    score = (frame["age"] - 48) / 15 + (frame["job"] == "nurse") * 1.5 + (frame["hours"] > 40) * (frame["age"] > 40) * 2
    score += draw.normal(scale=0.5, size=count)
    target = np.digitize(score, np.quantile(score, np.arange(1, classes) / classes))
    if missing:
        for name in (*NUMBERS, *TEXTS):
            frame.loc[draw.random(count) < 0.15, name] = np.nan
    return frame, np.array(["low", "high", "top"])[target]


def pipeline(final: Any, ordinal: bool = False) -> Pipeline:
    """One-hot or ordinal texts, scaled numbers where the model needs them."""
    texts: Any = (
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
        if ordinal
        else OneHotEncoder(handle_unknown="ignore")
    )
    numbers: Any = "passthrough" if ordinal else StandardScaler()
    return Pipeline([("columns", ColumnTransformer([("t", texts, list(TEXTS)), ("n", numbers, list(NUMBERS))])),
                     ("model", final)])  # fmt: skip


MODELS: Mapping[str, tuple[Any, str, str]] = {
    "boosted": (
        lambda: pipeline(HistGradientBoostingClassifier(max_iter=20, random_state=0), True), "tree", "log-odds",
    ),
    "forest": (
        lambda: pipeline(RandomForestClassifier(10, max_depth=5, random_state=0), True), "tree", "probability",
    ),
    "linear": (lambda: pipeline(LogisticRegression()), "linear", "log-odds"),
    "one-hot boosted": (
        lambda: Pipeline([
            ("columns", ColumnTransformer([("t", OneHotEncoder(sparse_output=False), list(TEXTS))],
                                          remainder="passthrough")),
            ("model", HistGradientBoostingClassifier(max_iter=20, random_state=0)),
        ]), "exact", "log-odds",
    ),
    "neural": (
        lambda: pipeline(MLPClassifier((8,), max_iter=60, random_state=0)), "exact", "probability",
    ),
}  # fmt: skip
"""Name -> how it is made, the way it is explained, and on which scale."""


def stored(model: Any, folder: Path, name: str = "model") -> Path:
    """The model as a skops file."""
    path = folder / f"{name}.skops"
    skops.io.dump(model, path)
    return path


def trained(name: str, **data: Any) -> tuple[Any, pd.DataFrame]:
    """A model of MODELS and the rows that it was trained on."""
    frame, target = people(**data)
    return MODELS[name][0]().fit(frame, target), frame


def opened(model: Any, folder: Path, numeric: Mapping[str, bool] | None = None) -> SklearnPipeline:
    """The model as a subject that has been told its columns."""
    subject = open_subject(f"sklearn:{stored(model, folder)}")
    assert isinstance(subject, SklearnPipeline)
    return subject.with_columns(numeric or {name: name in NUMBERS for name in subject.features})


def as_text(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Rows as canonical text."""
    return [tuple("" if cell != cell else str(cell) for cell in row) for row in frame.itertuples(index=False)]

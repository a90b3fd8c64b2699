"""Classifiers and pipelines of scikit-learn that read the columns of a table, stored with skops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from probes.errors import BadData, BadPlan, BadSubject, OutOfMemory
from probes.example import Example
from probes.requests import Answer, Request, Scores, Shapley
from probes.subjects.capabilities import Description, Explaining
from probes.subjects.sklearn_columns import TableColumn, read_rows, table_columns
from probes.subjects.sklearn_file import read_model
from probes.subjects.sklearn_sources import final_step
from probes.subjects.uri import SubjectURI

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True)
class SklearnPipeline:
    """`sklearn:MODEL.skops`: answers are the logarithms of predict_proba, so that softmax gives it back."""

    uri: str
    name: str
    model: Any
    labels: tuple[str, ...]
    """The classes in the order of predict_proba, as they would stand in the data."""
    features: tuple[str, ...]
    digest: str
    columns: tuple[TableColumn, ...] = ()
    multilabel: bool = False

    @property
    def fingerprint(self) -> str:
        """Digest of the file and the version of scikit-learn, which may read one file differently from another."""
        return f"sklearn-{self.digest}"

    @cached_property
    def policy(self) -> str:
        """Doubles; and the same cells read as other columns, or as text instead of numbers, are other measurements."""
        reading = repr([(column.name, column.numeric, repr(column.missing)) for column in self.columns])
        return f"float64/{blake2b(reading.encode(), digest_size=8).hexdigest()}"

    def describe(self) -> Description:
        """What the last step of the pipeline is, and how many numbers it learnt where that is plain."""
        final = self.final
        learnt = [getattr(final, name, None) for name in ("coef_", "intercept_")]
        sizes = [int(np.size(weights)) for weights in learnt if weights is not None]
        return Description(name=self.name, architecture=type(final).__name__, parameters=sum(sizes) or None)

    @property
    def final(self) -> Any:
        """The classifier behind all preprocessing."""
        return final_step(self.model)

    def with_columns(self, numeric: Mapping[str, bool]) -> SklearnPipeline:
        """The same model over these columns. Raises BadPlan where it was trained on another number of them."""
        wanted = getattr(self.model, "n_features_in_", len(numeric))
        if len(numeric) != wanted:
            raise BadPlan(
                "the model was trained on {wanted} columns and data.input in the plan lists {found}; "
                "list all of them in the order of its training",
                wanted=int(wanted),
                found=len(numeric),
            )
        columns = table_columns(self.model, numeric)
        return replace(self, features=tuple(numeric), columns=columns)

    def explaining(self) -> Explaining:
        """Trees and linear models have short cuts; what is explained is the log-odds where the model has a margin."""
        from probes.subjects.sklearn_shapley import explaining

        return explaining(self.model, len(self.features))

    def encode(self, inputs: Sequence[tuple[str, ...]]) -> list[Example]:
        """Rows as they stand: the model reads cells, not tokens."""
        return [Example(row, size=1) for row in inputs]

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        """One data frame through the pipeline. Raises BadData where it cannot read a row."""
        rows = [request.example.inputs for request in batch]
        try:
            shares = self.shares(read_rows(self.columns, rows, self.named))
            first = batch[0]
            if isinstance(first, Shapley):
                from probes.subjects.sklearn_shapley import contributions

                return list(contributions(self, rows, shares, first))
        except MemoryError as problem:
            raise OutOfMemory("a batch of {n} did not fit into memory", n=len(batch)) from problem
        # Nothing is impossible to a logarithm: the least double stands for a probability of 0.
        return [Scores(row) for row in np.log(np.maximum(shares, np.finfo(np.float64).tiny))]

    @property
    def named(self) -> bool:
        """Whether the model was trained on columns with names."""
        return hasattr(self.model, "feature_names_in_")

    def shares(self, table: Any) -> Float[np.ndarray, "row label"]:
        """predict_proba, checked."""
        try:
            found = np.asarray(self.model.predict_proba(table), dtype=np.float64)
        except (ValueError, TypeError) as problem:
            raise BadData(
                "the model cannot read the rows ({problem}); the columns must hold what they held in its training",
                problem=" ".join(str(problem).split())[:200],
            ) from problem
        if found.shape != (len(table), len(self.labels)) or not np.isfinite(found).all():
            raise BadSubject(
                "the model {name} gives no probability of each class for every row; train it again", name=self.name
            )
        return found


def open_sklearn(uri: SubjectURI, trust: bool) -> SklearnPipeline:
    """Opens a sklearn: URI. Raises BadSubject for anything that is not a safe, whole, trained classifier."""
    uri.only()
    if not uri.target:
        raise BadSubject("subject {uri} names no file; write sklearn:MODEL.skops", uri=uri.text)
    path = Path(uri.target).expanduser()
    model, raw = read_model(path, trust)
    _check_classifier(model, path)
    state = blake2b(raw, digest_size=16)
    state.update(version("scikit-learn").encode())
    return SklearnPipeline(
        uri=uri.text,
        name=path.stem,
        model=model,
        labels=tuple(map(_label, model.classes_)),
        features=tuple(map(str, getattr(model, "feature_names_in_", ()))),
        digest=state.hexdigest(),
    )


def _check_classifier(model: Any, path: Path) -> None:
    final = final_step(model)
    kind = type(final).__name__
    if not hasattr(model, "predict"):
        raise BadSubject(
            "the file {file} holds {kind}, which classifies nothing; save the whole trained pipeline",
            file=str(path),
            kind=kind,
        )
    if getattr(final, "_estimator_type", None) == "regressor" or _is_regressor(final):
        raise BadSubject(
            "the model in {file} is a {kind}, which predicts numbers; name one that classifies",
            file=str(path),
            kind=kind,
        )
    if not hasattr(final, "classes_"):
        raise BadSubject(
            "the {kind} in {file} has not been trained; call fit before it is saved", file=str(path), kind=kind
        )
    if not hasattr(model, "predict_proba"):
        raise BadSubject(
            "the {kind} in {file} gives no probabilities; wrap it in CalibratedClassifierCV, or choose one that does",
            file=str(path),
            kind=kind,
        )
    classes = np.asarray(model.classes_, dtype=object)
    if classes.ndim != 1 or len(classes) < 2 or any(isinstance(each, list | tuple | np.ndarray) for each in classes):
        raise BadSubject(
            "the {kind} in {file} does not choose one of at least two classes; name one that does",
            file=str(path),
            kind=kind,
        )


def _is_regressor(final: Any) -> bool:
    from sklearn.base import is_regressor

    return bool(hasattr(final, "__sklearn_tags__") and is_regressor(final))


def _label(value: Any) -> str:
    """A class as canonical text has it: true and false, whole numbers without a fraction."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)

"""Shapley values of original columns, through the shap package, by the fastest way that is exact for the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from probes.example import Example
from probes.requests import Contributions, Shapley
from probes.subjects.capabilities import Explaining
from probes.subjects.sklearn_columns import as_table, read_rows
from probes.subjects.sklearn_sources import final_step, sources
from probes.subjects.sklearn_trees import ranked_trees

if TYPE_CHECKING:
    from jaxtyping import Float, Int

    from probes.subjects.sklearn_pipeline import SklearnPipeline

FEW: Final = 8
"""Up to so many columns every coalition is tried: 256 of them."""

PERMUTATIONS: Final = 10
"""Random orders of the columns, each walked forwards and backwards, where there are more."""

LINEAR: Final = ("LogisticRegression", "LogisticRegressionCV", "SGDClassifier")
BOOSTED: Final = ("HistGradientBoostingClassifier", "GradientBoostingClassifier")
FORESTS: Final = ("RandomForestClassifier", "ExtraTreesClassifier", "DecisionTreeClassifier", "ExtraTreeClassifier")
"""Trees whose probabilities, not margins, add up over trees."""


def explaining(model: Any, columns: int) -> Explaining:
    """How Shapley values of this model's columns are computed.

    Short cuts are taken only where they give the Shapley values of the original columns. In a linear model the columns
    that one original column became add up to its value. In trees they do not: a path mixes the row's half of a one-hot
    group with the background's. So trees are walked only where each column reaches them as one column.
    """
    final, binary = final_step(model), len(model.classes_) == 2
    kind = type(final).__name__
    came_from = sources(model, columns)
    if came_from is not None:
        alone = len(set(came_from)) == len(came_from)
        if kind in LINEAR and binary and getattr(final, "loss", "log_loss") == "log_loss":
            return Explaining("linear", "log-odds")
        if kind in BOOSTED and binary and alone and final.loss == "log_loss" and _plain(final):
            return Explaining("tree", "log-odds")
        if kind in FORESTS and alone:
            return Explaining("tree", "probability")
    # Without a margin, probabilities of exactly 0 and 1 are common, whose log-odds are infinite.
    method: Literal["exact", "permutation"] = "exact" if columns <= FEW else "permutation"
    return Explaining(method, "log-odds" if hasattr(final, "decision_function") else "probability")


def contributions(
    subject: SklearnPipeline, rows: Sequence[tuple[str, ...]], shares: Float[np.ndarray, "row label"], asked: Shapley
) -> Iterator[Contributions]:
    """Interventional Shapley values: an absent column takes the background's values, whatever the others hold."""
    how = subject.explaining()
    output = on_scale(shares[:, asked.target], how)
    if how.method in ("exact", "permutation"):
        values, base = _by_coalitions(subject, rows, asked, how)
    else:
        values, base = _by_structure(subject, rows, asked, how)
    for each, total in zip(values, output, strict=True):
        yield Contributions(values=each, base=base, output=float(total))


def on_scale(shares: Float[np.ndarray, "row"], how: Explaining) -> Float[np.ndarray, "row"]:
    """Probabilities of one class as they are explained."""
    if how.scale == "probability":
        return shares
    least = 1e-15
    return np.asarray(np.log(np.maximum(shares, least)) - np.log(np.maximum(1 - shares, least)))


def _by_structure(
    subject: SklearnPipeline, rows: Sequence[tuple[str, ...]], asked: Shapley, how: Explaining
) -> tuple[Float[np.ndarray, "row column"], float]:
    import shap

    final, columns = subject.final, len(subject.features)
    table, behind = (_prepared(subject, each) for each in (rows, asked.background.rows))
    if how.method == "linear":
        explainer = shap.LinearExplainer(final, shap.maskers.Independent(behind, max_samples=len(behind)))
        found = np.asarray(explainer.shap_values(table))
    else:
        trees = final
        if type(final).__name__ == "HistGradientBoostingClassifier":
            trees, (behind, table) = ranked_trees(final, behind, table)
        explainer = shap.TreeExplainer(
            trees, shap.maskers.Independent(behind, max_samples=len(behind)),
            feature_perturbation="interventional", model_output="raw",
        )  # fmt: skip
        found = np.asarray(explainer.shap_values(table, check_additivity=False))
    expected = np.atleast_1d(explainer.expected_value)
    if found.ndim == 3:
        found, base = found[:, :, asked.target], float(expected[asked.target])
    else:
        # What a margin says for the second class it says against the first.
        sign = 1.0 if asked.target == 1 else -1.0
        found, base = sign * found, sign * float(expected[-1])
    values = np.zeros((len(rows), columns))
    for place, source in enumerate(sources(subject.model, columns) or ()):
        values[:, source] += found[:, place]
    return values, base


def _by_coalitions(
    subject: SklearnPipeline, rows: Sequence[tuple[str, ...]], asked: Shapley, how: Explaining
) -> tuple[Float[np.ndarray, "row column"], float]:
    """The whole pipeline as a function of its original columns."""
    import shap

    codes, score = _coded(subject, [*asked.background.rows, *rows], asked, how)
    behind, given = codes[: len(asked.background.rows)], codes[len(asked.background.rows) :]
    masker = shap.maskers.Independent(behind, max_samples=len(behind))
    values = np.zeros((len(rows), len(subject.features)))
    for at, row in enumerate(given):
        # Every row by itself: its draws follow from its cells, not from the rows beside it.
        with _seeded(asked.seed, rows[at]) as seed:
            if how.method == "exact":
                explainer, options = shap.explainers.Exact(score, masker), {}
            else:
                explainer = shap.explainers.Permutation(score, masker, seed=seed)
                options = {"max_evals": PERMUTATIONS * (2 * len(row) + 1)}
            values[at] = explainer(row[None, :], silent=True, **options).values[0]
    return values, float(score(behind).mean())


def _coded(
    subject: SklearnPipeline, rows: Sequence[tuple[str, ...]], asked: Shapley, how: Explaining
) -> tuple[Float[np.ndarray, "row column"], Callable[[Float[np.ndarray, "row column"]], Float[np.ndarray, "row"]]]:
    """Cells as numbers of values, since shap mixes rows as numbers only; and the score of rows so written."""
    codes: Int[np.ndarray, "row column"] = np.zeros((len(rows), len(subject.columns)), dtype=np.int64)
    known = []
    for place, (column, texts) in enumerate(zip(subject.columns, zip(*rows, strict=True), strict=True)):
        distinct = list(dict.fromkeys(texts))
        numbers = {text: number for number, text in enumerate(distinct)}
        codes[:, place] = [numbers[text] for text in texts]
        known.append(column.read(distinct))

    def score(coded: Float[np.ndarray, "row column"]) -> Float[np.ndarray, "row"]:
        cells = [values[coded[:, place].astype(np.int64)] for place, values in enumerate(known)]
        return on_scale(subject.shares(as_table(subject.columns, cells, subject.named))[:, asked.target], how)

    return codes.astype(np.float64), score


def _prepared(subject: SklearnPipeline, rows: Sequence[tuple[str, ...]]) -> Float[np.ndarray, "row column"]:
    """Rows as the last step of the pipeline reads them."""
    table = read_rows(subject.columns, rows, subject.named)
    if hasattr(subject.model, "steps") and len(subject.model.steps) > 1:
        table = subject.model[:-1].transform(table)
    if hasattr(table, "toarray"):
        table = table.toarray()
    return np.asarray(table, dtype=np.float64)


@contextmanager
def _seeded(seed: int, row: tuple[str, ...]) -> Iterator[int]:
    """shap draws from numpy's own generator, which is put back afterwards."""
    digest = blake2b(f"{seed}\n".encode() + Example(row).digest, digest_size=4).digest()
    before = np.random.get_state()
    try:
        yield int.from_bytes(digest, "little")
    finally:
        np.random.set_state(before)


def _plain(final: Any) -> bool:
    """Whether every split is a threshold and the first guess is the classes' share: what shap's trees can say."""
    categorical = getattr(final, "is_categorical_", None)
    return (categorical is None or not np.any(categorical)) and getattr(final, "init", None) in (None, "zero")

"""Opens a scikit-learn model from a skops file without running anything that the file brings."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from probes.errors import BadSubject

PICKLES: Final = (".pkl", ".pickle", ".joblib", ".dill")

KNOWN: Final = frozenset(
    {
        "numpy.dtype",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.compose._column_transformer.make_column_selector",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.feature_selection._univariate_selection.chi2",
        "sklearn.feature_selection._univariate_selection.f_classif",
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
        "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
        "sklearn.tree._tree.Tree",
        "sklearn.utils._bunch.Bunch",
    }
)
"""Parts of fitted scikit-learn models that skops does not list: named one by one, since a prefix such as `sklearn.`
would also let in functions that fetch and write. Trees are followed without bounds, so `check_trees` looks first."""


def read_model(path: Path, trust: bool) -> tuple[Any, bytes]:
    """The model and the bytes of its file. Raises BadSubject for pickles, damage, and types that may run code."""
    raw = _bytes(path)
    # Every pickle since Python 2.3 begins with this byte, whatever the file is called.
    if path.suffix.lower() in PICKLES or raw[:1] == b"\x80":
        raise BadSubject(
            "the file {file} is a pickle, which can run code when it is opened; "
            "save the model with skops.io.dump(model, 'model.skops') and name that file",
            file=str(path),
        )
    import skops.io

    try:
        foreign = skops.io.get_untrusted_types(data=raw)
    except Exception as problem:
        # A damaged archive fails in as many ways as it has parts.
        raise _damaged(path, problem) from problem
    refused = sorted(set(foreign) - KNOWN)
    if refused and not trust:
        raise BadSubject(
            "the model in {file} holds {type}, which may run code; train it without, or write trust: true in the plan",
            file=str(path),
            type=refused[0],
        )
    try:
        with warnings.catch_warnings():
            # Another version of scikit-learn wrote it: the manifest names ours, and the answers are what is audited.
            warnings.simplefilter("ignore")
            model = skops.io.loads(raw, trusted=foreign)
    except Exception as problem:
        raise _damaged(path, problem) from problem
    check_trees(model, path)
    return model, raw


def check_trees(model: Any, path: Path) -> None:
    """BadSubject where a tree leads out of itself, in a circle or to a column that is not there: a crafted file."""
    for tree, columns in _trees(model, None, set()):
        if hasattr(tree, "nodes"):
            nodes = tree.nodes
            inner, left, right = nodes["is_leaf"] == 0, nodes["left"], nodes["right"]
            column, sets = nodes["feature_idx"], nodes["bitset_idx"][(nodes["is_categorical"] != 0)]
            whole = not len(sets) or sets.max() < len(tree.raw_left_cat_bitsets)
        else:
            left, right, column = tree.children_left, tree.children_right, tree.feature
            inner, whole = left != -1, True
        at, n = np.arange(len(left))[inner], len(left)
        ahead = all(((at < to[inner]) & (to[inner] < n)).all() for to in (left, right))
        there = ((column[inner] >= 0) & (column[inner] < columns)).all() if columns is not None else not len(at)
        if not (n and whole and ahead and there):
            raise BadSubject(
                "a decision tree in {file} leads to a place that does not exist; save the model again", file=str(path)
            )


def _trees(part: Any, columns: int | None, seen: set[tuple[int, int | None]]) -> Iterator[tuple[Any, int | None]]:
    """Every tree inside a model, with the fewest columns that a model around it says to read."""
    if (id(part), columns) in seen or isinstance(part, str | bytes | int | float | type(None)):
        return
    seen.add((id(part), columns))
    kind = type(part).__name__
    if kind in ("Tree", "TreePredictor"):
        yield part, columns
    elif isinstance(part, np.ndarray):
        if part.dtype == object:
            yield from (tree for each in part.ravel() for tree in _trees(each, columns, seen))
    elif isinstance(part, dict):
        yield from (tree for each in list(part.values()) for tree in _trees(each, columns, seen))
    elif isinstance(part, list | tuple | set):
        yield from (tree for each in part for tree in _trees(each, columns, seen))
    elif hasattr(part, "__dict__"):
        own = getattr(part, "n_features_in_", None)
        # What stands before the last step of a pipeline changes how many columns there are.
        around = None if kind in ("Pipeline", "ColumnTransformer", "FeatureUnion") else columns
        if isinstance(own, int) and kind not in ("Pipeline", "ColumnTransformer", "FeatureUnion"):
            around = own if around is None else min(own, around)
        yield from (tree for each in list(vars(part).values()) for tree in _trees(each, around, seen))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BadSubject(
            "there is no file {file}; name one that skops.io.dump has written: sklearn:model.skops", file=str(path)
        ) from None
    except OSError as problem:
        raise BadSubject(
            "the file {file} cannot be read ({problem}); name one that skops.io.dump has written",
            file=str(path),
            problem=problem.strerror or type(problem).__name__,
        ) from problem


def _damaged(path: Path, problem: Exception) -> BadSubject:
    return BadSubject(
        "the file {file} is no whole skops file ({problem}); save the model again with skops.io.dump",
        file=str(path),
        problem=" ".join(f"{type(problem).__name__}: {problem}".split())[:160],
    )

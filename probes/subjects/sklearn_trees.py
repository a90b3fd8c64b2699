"""Histogram gradient boosting in a form in which shap compares as scikit-learn does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float


def ranked_trees(
    final: Any, *tables: Float[np.ndarray, "row column"]
) -> tuple[dict[str, Any], list[Float[np.ndarray, "row column"]]]:
    """The trees over ranks of thresholds instead of thresholds, and tables over the same ranks.

    shap keeps thresholds in single precision, so a value that is a threshold falls on the wrong side. How many
    thresholds lie below a value is a small whole number, and compares as the value does. Missing values stay missing.
    """
    nodes = [stage[0].nodes for stage in final._predictors]
    inner = np.concatenate([each[each["is_leaf"] == 0] for each in nodes])
    columns = tables[0].shape[1]
    steps = [np.unique(inner["num_threshold"][inner["feature_idx"] == column]) for column in range(columns)]
    trees = {
        "trees": [_tree(each, steps) for each in nodes],
        "base_offset": float(np.ravel(final._baseline_prediction)[0]),
        "input_dtype": np.float64,
        "internal_dtype": np.float64,
        "objective": "binary_crossentropy",
        "tree_output": "raw_value",
    }
    return trees, [_ranked(table, steps) for table in tables]


def _ranked(
    table: Float[np.ndarray, "row column"], steps: list[Float[np.ndarray, "threshold"]]
) -> Float[np.ndarray, "row column"]:
    ranks = np.column_stack([np.searchsorted(step, table[:, at]) for at, step in enumerate(steps)]).astype(np.float64)
    return np.where(np.isnan(table), np.nan, ranks)


def _tree(nodes: Any, steps: list[Float[np.ndarray, "threshold"]]) -> dict[str, Any]:
    leaf = nodes["is_leaf"] != 0
    left, right = nodes["left"].astype(np.int64), nodes["right"].astype(np.int64)
    ranks = [
        0.0 if end else float(np.searchsorted(steps[column], threshold))
        for end, column, threshold in zip(leaf, nodes["feature_idx"], nodes["num_threshold"], strict=True)
    ]
    return {
        "children_left": np.where(leaf, -1, left),
        "children_right": np.where(leaf, -1, right),
        "children_default": np.where(leaf, -1, np.where(nodes["missing_go_to_left"] != 0, left, right)),
        "features": np.where(leaf, -2, nodes["feature_idx"]),
        "thresholds": np.array(ranks),
        "values": nodes["value"].reshape(-1, 1).astype(np.float64),
        "node_sample_weight": nodes["count"].astype(np.float64),
    }

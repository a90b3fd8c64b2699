"""The rates that groups are compared by, and how often each happens: one pass over the rows for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from jaxtyping import Float, Int
    from numpy import ndarray

Metric = Literal["selection-rate", "accuracy", "true-positive-rate", "false-positive-rate", "precision"]
"""Rates that are judged; each is counted within its own denominator."""

NEEDS_POSITIVE: frozenset[Metric] = frozenset(
    ("selection-rate", "true-positive-rate", "false-positive-rate", "precision")
)
NEEDS_LABELS: frozenset[Metric] = frozenset(("accuracy", "true-positive-rate", "false-positive-rate", "precision"))


@dataclass(frozen=True, slots=True)
class Rates:
    """One metric in every group of an attribute; weighted rows count as Kish's effective number (1965)."""

    groups: tuple[str, ...]
    rows: Int[ndarray, "group"]
    """Rows in the metric's denominator."""
    events: Float[ndarray, "group"]
    """Effective events: rate x n."""
    n: Float[ndarray, "group"]
    """(sum of weights)^2 / sum of squared weights; the rows themselves where weights are equal."""
    everybody: float | None
    """The rate over all groups, weighted as the rows are; None where nobody counts."""

    @property
    def rate(self) -> Float[ndarray, "group"]:
        """Events per effective row; NaN in a group without any."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.events / self.n)


def tally(decisions: pl.LazyFrame, groups: Sequence[str]) -> pl.DataFrame:
    """Rows, weights and squared weights for every combination of groups and outcomes: the only look at the rows.

    `groups` are column names. The combinations are collected, never the rows.
    """
    import polars as pl

    from audits.data.columns import LABEL, WEIGHT
    from audits.engine.decisions import ACTUAL, CORRECT, SELECTED, TRUNCATED

    weight = pl.col(WEIGHT)
    # Decisions that stand in a table tell nothing about what was read.
    cut = pl.col(TRUNCATED) if TRUNCATED in decisions.collect_schema() else pl.lit(False)
    return (
        decisions.group_by([*groups, SELECTED, ACTUAL, CORRECT])
        .agg(
            pl.len().alias("rows"),
            pl.col(LABEL).is_null().sum().alias("unlabelled"),
            cut.sum().alias("truncated"),
            weight.sum().alias("weight"),
            (weight * weight).sum().alias("squared"),
        )
        .collect()
    )


def rates(tallied: pl.DataFrame, column: str, metric: Metric) -> Rates:
    """One metric in every group of one column of the tally, in the order of `in_order`."""
    import polars as pl

    from audits.engine.decisions import ACTUAL, CORRECT, SELECTED

    selected, actual, correct = pl.col(SELECTED), pl.col(ACTUAL), pl.col(CORRECT)
    counted, event = {
        "selection-rate": (selected.is_not_null(), selected),
        "accuracy": (correct.is_not_null(), correct),
        "true-positive-rate": (actual & selected.is_not_null(), selected),
        "false-positive-rate": (~actual & selected.is_not_null(), selected),
        "precision": (selected & actual.is_not_null(), actual),
    }[metric]
    groups = in_order(tallied[column].unique())
    sums = tallied.group_by(column).agg(
        pl.col("rows").filter(counted).sum(),
        pl.col("weight").filter(counted).sum(),
        pl.col("squared").filter(counted).sum(),
        pl.col("weight").filter(counted & event).sum().alias("events"),
    )
    sums = pl.DataFrame({column: groups}, schema={column: tallied.schema[column]}).join(
        sums, on=column, how="left", maintain_order="left"
    )
    weight, squared, events = (sums[name].to_numpy().astype(float) for name in ("weight", "squared", "events"))
    worth = np.divide(weight, squared, out=np.zeros_like(weight), where=squared > 0)
    total = weight.sum()
    return Rates(
        groups=tuple(groups),
        rows=sums["rows"].to_numpy().astype(np.int64),
        events=events * worth,
        n=weight * worth,
        everybody=float(min(1.0, events.sum() / total)) if total > 0 else None,
    )


def in_order(groups: Iterable[str]) -> list[str]:
    """Groups as every table and figure lists them: by name, those not recorded last."""
    from audits.data.columns import MISSING

    return sorted(groups, key=lambda group: (group == MISSING, group))

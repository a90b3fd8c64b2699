"""How often every outcome happened in every group: the one look at the rows from which all rates follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from jaxtyping import Float, Int
    from numpy import ndarray

OUTCOMES: Final = 27
"""Selected, actual and correct, each no, yes or unknown: how many cells a group has."""

_SUMS: Final = ("rows", "unlabelled", "truncated", "weight", "squared")


def tally(decisions: pl.LazyFrame, groups: Sequence[str]) -> pl.DataFrame:
    """Rows, weights and squared weights for every combination of groups and outcomes: the only look at the rows.

    `groups` are column names. The combinations are collected, never the rows; rows that were counted before
    (audits.data.census) count as often as they stand for.
    """
    import polars as pl

    from audits.data.columns import LABEL, TIMES, WEIGHT
    from audits.engine.decisions import ACTUAL, CORRECT, SELECTED, TRUNCATED

    there = decisions.collect_schema()
    weight = pl.col(WEIGHT)
    times = pl.col(TIMES) if TIMES in there else pl.lit(1, pl.UInt32)
    # Decisions that stand in a table tell nothing about what was read.
    cut = pl.col(TRUNCATED) if TRUNCATED in there else pl.lit(False)
    return (
        decisions.group_by([*groups, SELECTED, ACTUAL, CORRECT])
        .agg(
            (times.sum() if TIMES in there else pl.len()).cast(pl.Int64).alias("rows"),
            times.filter(pl.col(LABEL).is_null()).sum().cast(pl.Int64).alias("unlabelled"),
            times.filter(cut).sum().cast(pl.Int64).alias("truncated"),
            (weight * times).sum().alias("weight"),
            (weight * weight * times).sum().alias("squared"),
        )
        .collect(engine="streaming")
    )


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What `tally` counted, in every group of one attribute: arrays that metrics and resampling work on."""

    groups: tuple[str, ...]
    rows: Int[ndarray, "group outcome"]
    weight: Float[ndarray, "group outcome"]
    squared: Float[ndarray, "group outcome"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts over crossed attributes; parts add up to the whole, and any attribute can be summed away."""

    attributes: tuple[str, ...]
    """Names of the group columns."""
    cells: pl.DataFrame
    """As `tally` gives it."""

    @classmethod
    def of(cls, decisions: pl.LazyFrame, attributes: Sequence[str]) -> Counts:
        """One pass over the decisions."""
        return cls(tuple(attributes), tally(decisions, attributes))

    def __add__(self, other: Counts) -> Counts:
        """Those of both parts of the rows."""
        import polars as pl

        if set(self.attributes) != set(other.attributes):
            raise ValueError(f"counts over {self.attributes} and {other.attributes} do not add up")
        both = pl.concat([self.cells, other.cells.select(self.cells.columns)], how="vertical_relaxed")
        return Counts(self.attributes, both).over(*self.attributes)

    def over(self, *attributes: str) -> Counts:
        """The same rows over fewer attributes."""
        import polars as pl

        from audits.engine.decisions import ACTUAL, CORRECT, SELECTED

        kept = [*attributes, SELECTED, ACTUAL, CORRECT]
        return Counts(attributes, self.cells.group_by(kept).agg(pl.col(_SUMS).sum()))

    def outcomes(self, attribute: str) -> Outcomes:
        """Arrays over one of the attributes, its groups in the order of `in_order`."""
        return outcomes(self.cells, attribute)


def outcomes(tallied: pl.DataFrame, column: str) -> Outcomes:
    """A tally as arrays over the groups of one of its columns."""
    import polars as pl

    from audits.engine.decisions import ACTUAL, CORRECT, SELECTED

    groups = in_order(tallied[column].unique())
    at = {group: place for place, group in enumerate(groups)}
    place = np.array([at[group] for group in tallied[column]], dtype=np.intp)
    known = (tallied[name].cast(pl.Int64).fill_null(2).to_numpy() for name in (SELECTED, ACTUAL, CORRECT))
    selected, actual, correct = known
    cell = place * OUTCOMES + 9 * selected + 3 * actual + correct
    size = len(groups) * OUTCOMES

    def summed(name: str) -> Float[ndarray, "group outcome"]:
        values = tallied[name].to_numpy().astype(float)
        return np.bincount(cell, weights=values, minlength=size).reshape(len(groups), OUTCOMES)

    rows = np.zeros(size, np.int64)
    np.add.at(rows, cell, tallied["rows"].to_numpy().astype(np.int64))
    return Outcomes(tuple(groups), rows.reshape(-1, OUTCOMES), summed("weight"), summed("squared"))


def in_order(groups: Iterable[str]) -> list[str]:
    """Groups as every table and figure lists them: by name, those not recorded last."""
    from audits.data.columns import MISSING

    return sorted(groups, key=lambda group: (group == MISSING, group))

"""What stands in the data, counted lazily: labels, gaps, repeats and lengths; the rows themselves are never held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from audits.data.population import Population

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Repeats:
    """Rows whose inputs are, to the character, those of another row."""

    rows: int
    """Rows with any input."""
    surplus: int
    """Rows that would go if each were kept once."""
    texts: int
    """Inputs that occur more than once."""
    conflicting: int
    """Of these, inputs whose rows carry different labels."""


def label_counts(data: Population, attribute: str | None) -> pl.DataFrame:
    """Rows for each label (`group`, `label`, `rows`; null: none), in one group `""` without an attribute.

    A row with several labels counts under each.
    """
    import polars as pl

    from audits.data.columns import LABEL, group_column

    group = pl.lit("") if attribute is None else pl.col(group_column(attribute))
    frame = data.frame.select(group.alias("group"), pl.col(LABEL).alias("label"))
    if isinstance(data.frame.collect_schema()[LABEL], pl.List):
        frame = frame.explode("label")
    return frame.group_by("group", "label").agg(pl.len().alias("rows")).collect().sort("group", "label")


def group_sizes(data: Population, attribute: str) -> Mapping[str, int]:
    """Rows of every group of an attribute."""
    import polars as pl

    from audits.data.columns import group_column

    sizes = data.frame.group_by(group_column(attribute)).agg(pl.len()).collect()
    return dict(sizes.iter_rows())


def empty_cells(data: Population) -> Mapping[str, int]:
    """Rows without a value in each mapped column: the label, every protected attribute, every input (blank text)."""
    import polars as pl

    from audits.data.columns import LABEL, MISSING, group_column

    empty = {} if data.plan.label is None else {data.plan.label: pl.col(LABEL).is_null()}
    empty |= {name: pl.col(group_column(name)) == MISSING for name in data.attributes}
    empty |= {name: text.str.strip_chars() == "" for name, text in _inputs(data).items()}
    if not empty:
        return {}
    counts = data.frame.select(rows.sum().alias(f"{at}") for at, rows in enumerate(empty.values())).collect().row(0)
    return dict(zip(empty, counts, strict=True))


def repeats(data: Population) -> Repeats:
    """Exact duplicates among the inputs; rows whose inputs are all blank are not compared."""
    import polars as pl

    from audits.data.columns import LABEL

    texts = [text.alias(f"@{at}") for at, text in enumerate(_inputs(data).values())]
    columns = [f"@{at}" for at in range(len(texts))]
    blank = pl.all_horizontal(pl.col(column).str.strip_chars() == "" for column in columns)
    same = (
        data.frame.select(*texts, pl.col(LABEL))
        .filter(~blank)
        .group_by(columns)
        .agg(pl.len().alias("rows"), pl.col(LABEL).drop_nulls().n_unique().alias("labels"))
    )
    several = pl.col("rows") > 1
    rows, surplus, repeated, conflicting = (
        same.select(
            pl.col("rows").sum(),
            (pl.col("rows") - 1).sum().alias("surplus"),
            several.sum().alias("texts"),
            (several & (pl.col("labels") > 1)).sum().alias("conflicting"),
        )
        .collect()
        .row(0)
    )
    return Repeats(rows, surplus, repeated, conflicting)


def lengths(data: Population, attribute: str) -> Mapping[str, tuple[int, tuple[float, ...]]]:
    """Characters of the inputs in every group: how many rows, and the five quantiles."""
    import polars as pl

    from audits.data.columns import group_column

    length = pl.sum_horizontal(text.str.len_chars() for text in _inputs(data).values()).alias("length")
    spread = (
        data.frame.select(pl.col(group_column(attribute)).alias("group"), length)
        .filter(pl.col("length") > 0)
        .group_by("group")
        .agg(pl.len(), *(pl.col("length").quantile(q, "linear").alias(f"{q}") for q in QUANTILES))
        .collect()
    )
    return {group: (n, tuple(quantiles)) for group, n, *quantiles in spread.iter_rows()}


def _inputs(data: Population) -> dict[str, pl.Expr]:
    from audits.data.mapping import inputs

    return dict(zip(data.plan.input, inputs(data.frame.collect_schema(), data.plan), strict=True))

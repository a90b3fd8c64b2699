"""Rows counted by all that the plan maps of them, so that audits that only count need not look at them again."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from audits.data.columns import TIMES
from audits.plan import DataPlan


def countable(schema: pl.Schema, plan: DataPlan) -> bool:
    """Whether many rows are alike: texts, ids and weights tell them apart, and lists are not grouped by."""
    mapped = list(plan.protected)
    if plan.label is not None:
        mapped.append(plan.label)
    return (
        not plan.input
        and plan.id is None
        and plan.weight is None
        and not any(schema[column].is_nested() for column in mapped)
    )


def counted(frame: pl.LazyFrame, plan: DataPlan, beside: Sequence[str]) -> pl.DataFrame:
    """Each distinct combination of the mapped columns and those `beside` them once, with how many rows have it."""
    schema = frame.collect_schema()
    wanted = [*plan.protected, *beside]
    if plan.label is not None:
        wanted.append(plan.label)
    # A column that is not there, or cannot be used, is complained about elsewhere.
    columns = [name for name in dict.fromkeys(wanted) if name in schema and not schema[name].is_nested()]
    if not columns:
        return frame.select(pl.len().alias(TIMES)).collect(engine="streaming")
    return frame.group_by(columns).agg(pl.len().alias(TIMES)).collect(engine="streaming")

"""The plan's reading of the columns: which of them is the key, the label, the weight, a protected attribute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from audits.data import canonical
from audits.data.columns import KEY, LABEL, MISSING, WEIGHT, group_column
from audits.plan import DataPlan
from probes.errors import BadData
from probes.nearest import nearest
from probes.speech import Names

_SUFFIX = "@repeat"


@dataclass(frozen=True, slots=True)
class Mapped:
    """The rows with their canonical columns, and the text that says everything the plan maps of a row."""

    frame: pl.LazyFrame
    content: pl.Expr
    header: str
    """What the content's fields mean, in their order."""


def need_columns(schema: pl.Schema, plan: DataPlan) -> None:
    """BadData names the first column of the plan that the source does not have, and the nearest that it has."""
    if not len(schema):
        raise BadData(
            "the source {source} has no columns; one for each field of the plan is needed", source=plan.source
        )
    for key, column in _named(plan):
        if column in schema:
            continue
        near = nearest(column, schema.names())
        if near is not None:
            raise BadData(
                "no column {column} in {source} ({key} in the plan); did you mean {near}?",
                column=column,
                source=plan.source,
                key=key,
                near=near,
            )
        raise BadData(
            "no column {column} in {source} ({key} in the plan); its columns are {columns}",
            column=column,
            source=plan.source,
            key=key,
            columns=Names(texts=tuple(schema.names()), most=12),
        )


def _named(plan: DataPlan) -> Iterator[tuple[str, str]]:
    yield from (("data.input", column) for column in plan.input)
    for key in ("label", "id", "weight"):
        column = getattr(plan, key)
        if column is not None:
            yield f"data.{key}", column
    yield from (("data.protected", column) for column in plan.protected)


def mapped(frame: pl.LazyFrame, plan: DataPlan) -> Mapped:
    """Adds the canonical columns; the original ones stay under their own names."""
    schema = frame.collect_schema()
    need_columns(schema, plan)
    label, several = _label(schema, plan)
    groups = {group_column(name): _scalar(schema, name, "data.protected", plan) for name in plan.protected}
    frame = frame.with_columns(
        label.alias(LABEL),
        _weight(schema, plan).alias(WEIGHT),
        *(values.fill_null(MISSING).alias(name) for name, values in groups.items()),
    )
    fields = [(field, False) for field in inputs(schema, plan)]
    header = [f"input {at}" for at in range(len(fields))]
    if plan.label is not None:
        fields.append((pl.col(LABEL), several))
        header.append("label")
    if plan.weight is not None:
        # Bits, because the text of a fraction is a matter of taste.
        fields.append((pl.col(WEIGHT).reinterpret(signed=False).cast(pl.String), False))
        header.append("weight")
    for attribute in sorted(plan.protected):
        fields.append((pl.col(group_column(attribute)), False))
        header.append(f"group {attribute}")
    if plan.id is None:
        content = canonical.encoded(fields)
        repeat = pl.int_range(1, pl.len() + 1).over(pl.col(KEY))
        frame = frame.with_columns(canonical.hashed(content).alias(KEY)).with_columns(repeat.alias(_SUFFIX))
        ordinal = pl.when(pl.col(_SUFFIX) > 1).then(pl.lit("#") + pl.col(_SUFFIX).cast(pl.String)).otherwise(pl.lit(""))
        frame = frame.with_columns(pl.col(KEY) + ordinal).drop(_SUFFIX)
    else:
        frame = frame.with_columns(_scalar(schema, plan.id, "data.id", plan).alias(KEY))
        content = canonical.encoded([*fields, (pl.col(KEY), False)])
        header.append("id")
    return Mapped(frame, content, "\n".join(["evenlight rows 1", *header]))


def inputs(schema: pl.Schema, plan: DataPlan) -> list[pl.Expr]:
    """The input columns as text; null becomes empty text."""
    return [
        _text(canonical.text(pl.col(name), schema[name]), schema, name, "data.input", plan).fill_null("")
        for name in plan.input
    ]


def split_text(schema: pl.Schema, plan: DataPlan) -> pl.Expr:
    """The split column as text."""
    return _scalar(schema, plan.split_column, "data.split_column", plan)


def _label(schema: pl.Schema, plan: DataPlan) -> tuple[pl.Expr, bool]:
    """The label column as text or lists of texts, with the plan's classes in place of the data's; and which it is."""
    if plan.label is None:
        return pl.lit(None, dtype=pl.String), False
    several = canonical.texts(pl.col(plan.label), schema[plan.label])
    if several is not None:
        return several.list.eval(pl.element().replace(plan.classes)), True
    return _scalar(schema, plan.label, "data.label", plan).replace(plan.classes), False


def _weight(schema: pl.Schema, plan: DataPlan) -> pl.Expr:
    if plan.weight is None:
        return pl.lit(1.0)
    dtype = schema[plan.weight]
    if not (dtype.is_numeric() or dtype == pl.String):
        raise _unreadable(dtype, plan.weight, "data.weight", plan)
    return pl.col(plan.weight).cast(pl.Float64, strict=False)


def _scalar(schema: pl.Schema, column: str, key: str, plan: DataPlan) -> pl.Expr:
    return _text(canonical.filled_text(pl.col(column), schema[column]), schema, column, key, plan)


def _text(values: pl.Expr | None, schema: pl.Schema, column: str, key: str, plan: DataPlan) -> pl.Expr:
    if values is None:
        raise _unreadable(schema[column], column, key, plan)
    return values


def _unreadable(dtype: pl.DataType, column: str, key: str, plan: DataPlan) -> BadData:
    return BadData(
        "column {column} of {source} holds {dtype}, which {key} cannot use; name a column of plain values",
        column=column,
        source=plan.source,
        dtype=str(dtype),
        key=key,
    )

"""Values as canonical text, so that the same rows are the same in CSV, Parquet, JSONL and Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import polars as pl

from audits.data.columns import TIMES

EXACT = 2**53
"""Beyond it a float64 no longer tells neighbouring integers apart."""

BATCH = 65536
"""Rows hashed at a time."""


def text(values: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    """Scalars as text: true/false, integral floats without a fraction, NaN as null; None for what is no scalar."""
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        return None
    if dtype.is_decimal():
        values, dtype = values.cast(pl.Float64), pl.Float64()
    if dtype.is_float():
        integral = values.is_finite() & (values == values.round()) & (values.abs() < EXACT)
        whole = values.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(integral).then(whole).when(values.is_not_nan()).then(values.cast(pl.String))
    return values.cast(pl.String)


def filled_text(values: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    """As `text`, with blank text as null too."""
    written = text(values, dtype)
    return None if written is None else pl.when(written.str.strip_chars() != "").then(written)


def texts(values: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
    """Lists of scalars as lists of texts without nulls; None for what is no list of scalars."""
    if isinstance(dtype, pl.Array):
        values, dtype = values.arr.to_list(), pl.List(dtype.inner)
    if not isinstance(dtype, pl.List):
        return None
    inner = dtype.inner() if isinstance(dtype.inner, type) else dtype.inner
    assert isinstance(inner, pl.DataType)
    element = filled_text(pl.element(), inner)
    return None if element is None else values.list.eval(element).list.drop_nulls()


def encoded(fields: Sequence[tuple[pl.Expr, bool]]) -> pl.Expr:
    """A row's fields (text, or lists of texts where the flag says so) as one text that no other row shares.

    Every text stands behind its length in bytes, every list behind its length; null is a dash.
    """
    parts = [_list_field(field) if many else _field(field) for field, many in fields]
    return pl.concat_str(parts) if parts else pl.lit("")


def digest(rows: pl.LazyFrame, row: pl.Expr, header: str) -> str:
    """BLAKE2b-256 of the header and the sorted distinct encoded rows with how often each occurs.

    The order of the rows does not matter. Nothing in it depends on a version of polars: text is sorted by its bytes.
    """
    # Rows that were counted beforehand (audits.data.census) are encoded once for all that are alike.
    times = pl.col(TIMES).sum() if TIMES in rows.collect_schema() else pl.len()
    counted = rows.with_columns(row=row).group_by("row").agg(times.alias("times")).sort("row")
    line = pl.concat_str([pl.col("times").cast(pl.String), pl.lit("*"), pl.col("row")])
    lines = counted.select(line=line).collect(engine="streaming")
    content = blake2b(header.encode(), digest_size=32)
    for batch in lines.iter_slices(BATCH):
        content.update(("\n" + "\n".join(batch["line"].to_list())).encode())
    return content.hexdigest()


def hashed(row: pl.Expr) -> pl.Expr:
    """BLAKE2b-128 of each text, in hexadecimal."""

    def batch(values: pl.Series) -> pl.Series:
        names = [blake2b(value.encode(), digest_size=16).hexdigest() for value in values.to_list()]
        return pl.Series(values.name, names, dtype=pl.String)

    return row.map_batches(batch, return_dtype=pl.String, is_elementwise=True)


def _field(values: pl.Expr) -> pl.Expr:
    return pl.concat_str([values.str.len_bytes().cast(pl.String), pl.lit(":"), values]).fill_null("-")


def _list_field(values: pl.Expr) -> pl.Expr:
    members = values.list.eval(_field(pl.element())).list.join("")
    return pl.concat_str([values.list.len().cast(pl.String), pl.lit("["), members]).fill_null("-")

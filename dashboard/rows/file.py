"""The chosen rows as a CSV file that spreadsheets open without running anything in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from audits.browse.filters import Filter, Sort
from audits.browse.rows import BrowsedRows
from dashboard.rows.headings import headings

if TYPE_CHECKING:
    import polars as pl

MOST: Final = 100_000
"""Rows of a file; a query of the run's own Parquet serves whoever needs more."""

STARTERS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With one of these a spreadsheet takes text for a formula (OWASP, CSV injection)."""


def csv(rows: BrowsedRows, filters: Sequence[Filter], sort: Sort | None) -> bytes:
    """At most so many rows, texts included, with readers' headings; text that would be a formula gets an apostrophe."""
    import polars as pl

    frame = rows.page(filters, sort, 0, MOST)
    names = [harmless(name) for name in headings(frame.columns).values()]
    named = frame.select(_written(frame[old], new) for old, new in zip(frame.columns, names, strict=True))
    return (
        named.with_columns(
            pl.when(pl.any_horizontal(pl.col(name).str.starts_with(mark) for mark in STARTERS))
            .then(pl.concat_str(pl.lit("'"), pl.col(name)))
            .otherwise(pl.col(name))
            .alias(name)
            for name, dtype in named.schema.items()
            if dtype == pl.String
        )
        .write_csv()
        .encode()
    )


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(STARTERS) else text


def _written(values: pl.Series, name: str) -> pl.Series:
    import polars as pl

    return (values.list.join(", ") if values.dtype == pl.List(pl.String) else values).alias(name)

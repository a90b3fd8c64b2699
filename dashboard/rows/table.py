"""Rows as a table for readers: headings in words, probabilities in percent, texts behind a click."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from audits.browse.columns import BrowsedColumn, Kind
from audits.browse.filters import Sort
from audits.browse.rows import BrowsedRows
from audits.data.columns import KEY
from dashboard.rows.headings import SHARES, columns, flag, heading, texts, value_name
from probes.speech import Number, Share, say
from reports.look.wording import fragment, plain, shown

if TYPE_CHECKING:
    import polars as pl
    from streamlit.elements.lib.column_types import ColumnConfig

LONGEST: Final = 600
"""Letters of a cell; the whole text stands beneath the table once the row is chosen."""

ROW_PIXELS: Final = 35
MOST_ROWS: Final = 15
"""So many rows are seen without scrolling in the table."""


def show_table(
    frame: pl.DataFrame, rows: BrowsedRows, key: str, with_texts: bool, sort: Sort | None, on_select: Callable[[], None]
) -> None:
    """Draws the rows; a click on a cell chooses its row, a click on a heading sorts all rows by it."""
    listed = columns(rows)
    st.dataframe(
        shown_frame(frame, rows, with_texts),
        hide_index=True,
        height=ROW_PIXELS * (min(frame.height, MOST_ROWS) + 1) + 3,
        column_config={_name(place): _config(column, rows, sort) for place, column in enumerate(listed)},
        key=key,
        on_select=on_select,
        selection_mode=["single-row", "single-column", "single-cell"],
        placeholder="–",
        alt=plain(say("Rows of this run")),
    )


def shown_frame(frame: pl.DataFrame, rows: BrowsedRows, with_texts: bool) -> pl.DataFrame:
    """What the cells say, column by column in the table's order, under names of ours."""
    import polars as pl

    hidden = () if with_texts else texts(rows)
    return pl.DataFrame(
        [
            pl.Series(_name(place), [cell(column, value, rows, column.name in hidden) for value in frame[column.name]])
            if column.kind is not Kind.NUMBER or column.name in SHARES
            else frame[column.name].alias(_name(place))
            for place, column in enumerate(columns(rows))
        ]
    )


def cell(column: BrowsedColumn, value: Any, rows: BrowsedRows, hidden: bool = False, longest: int = LONGEST) -> Any:
    """A value as readers are shown it; None where there is none."""
    if value is None:
        return None
    if hidden:
        return covered(str(value))
    if column.name in SHARES:
        return shown(Share(value=value))
    match value:
        case bool():
            return flag(value)
        case str():
            text = value_name(column.name, value, rows.run.plan.words)
            return text if len(text) <= longest else f"{text[:longest]}…"
        case Sequence():
            return ", ".join(value_name(column.name, each, rows.run.plan.words) for each in value)
        case _:
            return shown(Number(value=value, digits=6))


def covered(text: str) -> str:
    """What stands in place of a text that is not shown."""
    n = len(text.split())
    return fragment("hidden, {n} word", n=n) if n == 1 else fragment("hidden, {n} words", n=n)


def facts(row: Mapping[str, Any], rows: BrowsedRows) -> list[tuple[str, str]]:
    """A row's short values with their headings; what is missing is left out."""
    apart = (KEY, *texts(rows))
    return [
        (heading(column.name), str(cell(column, row[column.name], rows)))
        for column in columns(rows)
        if column.name not in apart and row[column.name] is not None
    ]


def clicked(selection: Mapping[str, Any], rows: BrowsedRows) -> tuple[int | None, str | None]:
    """The place of the row that was chosen, and the column whose heading was clicked."""
    places = [*selection.get("rows", ()), *(place for place, _ in selection.get("cells", ()))]
    headings = {_name(place): column.name for place, column in enumerate(columns(rows))}
    names = [headings[name] for name in selection.get("columns", ()) if name in headings]
    return next(iter(places), None), next(iter(names), None)


def _name(place: int) -> str:
    """Columns go to Streamlit by place: names of the data may be anything, even alike."""
    return f"column-{place}"


def _config(column: BrowsedColumn, rows: BrowsedRows, sort: Sort | None) -> ColumnConfig:
    name = heading(column.name)
    if sort is not None and sort.column == column.name:
        name = f"{name} {'↓' if sort.falling else '↑'}"
    if column.name in rows.run.plan.data.input and column.kind is Kind.TEXT:
        return st.column_config.TextColumn(name, width=520)
    if column.kind is Kind.NUMBER and column.name not in SHARES:
        return st.column_config.NumberColumn(name)
    if column.kind is Kind.TEXT:
        return st.column_config.TextColumn(name, width="small" if column.name == KEY else "medium")
    return st.column_config.TextColumn(name, alignment="right" if column.name in SHARES else "left")

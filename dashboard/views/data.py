"""The audited rows with what was decided about each: parts, filters, order, pages, a file, and a map of the texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import streamlit as st

from audits.browse.filters import Sort
from audits.browse.rows import BrowsedRows
from audits.browse.slices import Slice
from audits.data.columns import KEY
from dashboard import address, shelf, stage
from dashboard.rows import headings, kept
from dashboard.rows.file import MOST, csv
from dashboard.rows.filter_form import filter_form
from dashboard.rows.map_panel import map_panel
from dashboard.rows.question import PAGE, Question, pages, question, without
from dashboard.rows.row import open_row
from dashboard.rows.table import clicked, show_table
from dashboard.saved import file_name
from dashboard.shell import this_run
from dashboard.texts import hide_texts, show_texts, texts_shown
from probes.speech import say
from reports.look.wording import plain

if TYPE_CHECKING:
    import polars as pl

FIRST_PARTS: Final = 12
"""So many parts stand side by side; the others are opened."""


def render() -> None:
    """The rows of the chosen run that the address asks for."""
    entry = this_run()
    if entry is None:
        return
    rows = shelf.rows(entry.id)
    parts = kept.parts(rows)
    asked = question(rows, parts)
    _head(rows, parts, asked)
    with st.container(key="filter-form"):
        filter_form(rows, asked)
    n = kept.stand(rows, asked.asked).chosen
    page = min(asked.page, pages(n))
    _stand(rows, asked, page)
    if n:
        _table(rows, asked, page)
        _file(rows, asked, n)
    map_panel(rows, asked, texts_shown(), _listed(rows))


def _act(act: stage.Act) -> None:
    match act["act"]:
        case "slice":
            chosen = address.asked("slice") == act["value"]
            address.move({"slice": None if chosen else act["value"], "page": None, "row": None})
        case "without":
            address.move(without(act["name"], act["value"]))
        case "clear":
            address.move({"slice": None, "filter": None, "page": None, "row": None})
        case "page":
            address.move({"page": None if act["value"] == "1" else act["value"], "row": None})
        case "texts":
            (show_texts if act["value"] == "shown" else hide_texts)()


def _head(rows: BrowsedRows, parts: tuple[Slice, ...], asked: Question) -> None:
    html = stage.filled(
        "data_head.html",
        run=rows.run,
        first=parts[:FIRST_PARTS],
        more=parts[FIRST_PARTS:],
        chosen=asked.part.key if asked.part else "",
    )
    stage.show(html, key="data-head", on_act=_act)


def _stand(rows: BrowsedRows, asked: Question, page: int) -> None:
    words, known = rows.run.plan.words, {column.name: column for column in rows.columns}
    stand = kept.stand(rows, asked.asked)
    html = stage.filled(
        "data_stand.html",
        problems=asked.problems,
        filters=[(one.text, headings.told(one, known[one.column], words)) for one in asked.own],
        meaning=asked.part.meaning if asked.part else None,
        stand=stand.sentence(words.plural),
        conditions=len(asked.own) + (asked.part is not None),
        n=stand.chosen,
        page=page,
        pages=pages(stand.chosen),
        first=(page - 1) * PAGE + 1,
        last=min(page * PAGE, stand.chosen),
        has_texts=bool(headings.texts(rows)),
        texts=texts_shown(),
    )
    stage.show(html, key="data-stand", on_act=_act)


def _table(rows: BrowsedRows, asked: Question, page: int) -> None:
    frame = kept.page(rows, asked.asked, asked.order, (page - 1) * PAGE, PAGE)
    # A table of its own for each view: what was chosen in another has no place in this one.
    key = f"rows-{kept.digest((rows.run.id, asked.asked, asked.order, page, texts_shown()))}"

    def selected() -> None:
        place, column = clicked(st.session_state[key]["selection"], rows)
        if column is not None:
            address.move({"sort": _next_order(column, asked.sort), "page": None, "row": None})
        else:
            address.move({"row": None if place is None else frame[KEY][place]})

    with st.container(key="rows-table"):
        show_table(frame, rows, key, texts_shown(), asked.sort, selected)
    hint = say("Click a row to open it, or a heading to sort all rows by it.")
    open_row(rows, address.asked("row"), texts_shown(), hint, "data-row")


def _listed(rows: BrowsedRows) -> Callable[[pl.DataFrame], None]:
    """Lists rows that were chosen on the map; one alone is open at once."""

    def listing(frame: pl.DataFrame) -> None:
        key = f"points-{kept.digest((rows.run.id, frame[KEY].to_list(), texts_shown()))}"

        def selected() -> None:
            place, _ = clicked(st.session_state[key]["selection"], rows)
            address.move({"point": None if place is None else frame[KEY][place]})

        with st.container(key="points-table"):
            show_table(frame, rows, key, texts_shown(), None, selected)
        only = frame[KEY][0] if frame.height == 1 else address.asked("point")
        open_row(rows, only, texts_shown(), say("Click a row to open it."), "point-row")

    return listing


def _next_order(column: str, sort: Sort | None) -> str | None:
    """A heading that is clicked again turns the order, and then leaves it to the data."""
    if sort is None or sort.column != column:
        return Sort(column=column).text
    return None if sort.falling else Sort(column=column, falling=True).text


def _file(rows: BrowsedRows, asked: Question, n: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="rows-file"):
        st.download_button(
            plain(say("Download these rows (CSV)")),
            lambda: csv(rows, asked.filters, asked.sort),
            file_name=file_name(rows.run, "rows.csv"),
            mime="text/csv",
            on_click="ignore",
            key="rows-csv",
        )
        told = say("The file holds the texts too.") if headings.texts(rows) else None
        if n > MOST:
            told = say("The file holds the first {most} of them, in this order.", most=MOST)
        if told is not None:
            st.text(plain(told))

"""Where readers say which rows they want: a column, then the input that fits it, and an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from audits.browse.columns import BrowsedColumn, Kind
from audits.browse.filters import Filter, Sort
from audits.browse.rows import BrowsedRows
from dashboard import address
from dashboard.labels import inert
from dashboard.rows.headings import SHARES, distinct, flag, headings, offered, value_name
from dashboard.rows.question import Question
from probes.speech import say
from reports.look.wording import fragment, plain

MISSING: Final = "\x00missing"
"""An option that no value of the data can be taken for: a cell never holds such text in an address."""

FLAGS: Final = {"true": True, "false": False}


def filter_form(rows: BrowsedRows, asked: Question) -> None:
    """One line: a condition to add, and the order."""
    known = {column.name: column for column in offered(rows)}
    if st.session_state.get("filter-column") not in known:
        st.session_state["filter-column"] = next(iter(known))  # another run has other columns
    which, condition, order, way = st.columns([2.2, 4.6, 2.2, 1.6], vertical_alignment="bottom", gap="small")
    names = headings(list(known))
    with which:
        name = st.selectbox(plain(say("Filter by")), list(known), format_func=names.__getitem__, key="filter-column")
    with condition:
        _condition(known[name], list(known).index(name), rows)
    _order(list(known), asked.sort, order, way)


def _condition(column: BrowsedColumn, place: int, rows: BrowsedRows) -> None:
    """The form is made anew for each column: what was typed for another does not fit."""
    with st.form(f"filter-{place}", clear_on_submit=True, border=False):
        fields, button = st.columns([3, 1.1], vertical_alignment="bottom", gap="small")
        with fields:
            keys = _fields(column, f"filter-{place}", rows)
        with button:
            st.form_submit_button(
                plain(say("Add filter")), on_click=_add, args=(column, keys), width="stretch", key=f"filter-{place}-add"
            )


def _fields(column: BrowsedColumn, key: str, rows: BrowsedRows) -> tuple[str, ...]:
    """The inputs that fit the column, and their keys."""
    match column.kind:
        case Kind.NUMBER:
            return _range(column, key)
        case Kind.TEXT:
            st.text_input(plain(say("Contains")), key=key, placeholder=plain(say("Any part of the text")))
        case _:
            values = list(FLAGS) if column.kind is Kind.BOOL else list(column.values)
            options = [*values, *([MISSING] if column.missing else [])]

            def name(option: str) -> str:
                if option == MISSING:
                    return fragment("not recorded")
                if column.kind is Kind.BOOL:
                    return flag(FLAGS[option])
                return value_name(column.name, option, rows.run.plan.words)

            names = distinct(options, name)
            st.selectbox(
                plain(say("Is")),
                options,
                index=None,
                # A value that was typed in stands for itself.
                format_func=lambda option: names.get(option, option),
                key=key,
                placeholder=plain(say("Choose a value")),
                accept_new_options=column.kind is Kind.CATEGORY and (column.distinct or 0) > len(column.values),
            )
    return (key,)


def _range(column: BrowsedColumn, key: str) -> tuple[str, ...]:
    share = column.name in SHARES
    ends = [column.low, column.high]
    labels = (say("From, in %"), say("To, in %")) if share else (say("From"), say("To"))
    keys = (f"{key}-low", f"{key}-high")
    for slot, label, end, each in zip(st.columns(2, gap="small"), labels, ends, keys, strict=True):
        shown = "" if end is None else f"{100 * end:.4g}" if share else f"{end:.6g}"
        slot.number_input(inert(label), value=None, step=None if not share else 1.0, key=each, placeholder=shown)
    return keys


def _add(column: BrowsedColumn, keys: Sequence[str]) -> None:
    one = written(column, [st.session_state.get(key) for key in keys])
    if one is not None:
        texts = address.asked_all("filter")
        address.move({"filter": list(dict.fromkeys([*texts, one.text])), "page": None, "row": None})


def written(column: BrowsedColumn, values: Sequence[Any]) -> Filter | None:
    """The filter that was filled in; None where nothing was."""
    if column.kind is Kind.NUMBER:
        low, high = (None if value is None else _share(column, float(value)) for value in values)
        return None if low is None and high is None else Filter.between(column.name, low, high)
    (value,) = values
    if value is None or value == "":
        return None
    if value == MISSING:
        return Filter(column=column.name, kind="missing")
    return Filter(column=column.name, kind="contains" if column.kind is Kind.TEXT else "is", value=str(value))


def _share(column: BrowsedColumn, number: float) -> float:
    """Percent as it is read, a share as it is kept."""
    return round(number / 100, 6) if column.name in SHARES else number


def _order(names: list[str], sort: Sort | None, order: Any, way: Any) -> None:
    listed = [*names, sort.column] if sort is not None and sort.column not in names else names
    st.session_state["sort-column"] = sort.column if sort else None
    st.session_state["sort-falling"] = bool(sort and sort.falling)

    def changed() -> None:
        column = st.session_state["sort-column"]
        wanted = Sort(column=column, falling=st.session_state.get("sort-falling", False)) if column else None
        address.move({"sort": wanted.text if wanted else None, "page": None, "row": None})

    order.selectbox(
        plain(say("Sort by")),
        listed,
        index=None,
        format_func=headings(listed).__getitem__,
        key="sort-column",
        on_change=changed,
        placeholder=plain(say("The data's own order")),
    )
    way.selectbox(
        plain(say("Order")),
        [False, True],
        format_func=lambda falling: plain(say("Largest first") if falling else say("Smallest first")),
        key="sort-falling",
        on_change=changed,
        disabled=sort is None,
    )

"""Answers about the rows of runs, kept while people page through them: rows never change."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from audits.browse.filters import Filter, Sort
from audits.browse.rows import BrowsedRows
from audits.browse.slices import Slice, slices
from audits.browse.standing import Standing, standing

if TYPE_CHECKING:
    import polars as pl

BY_RUN: Final[dict[str | type[Any], Callable[[Any], Any]]] = {BrowsedRows: lambda rows: rows.run.id}
"""A run's rows are always the same."""


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=BY_RUN)
def parts(rows: BrowsedRows) -> tuple[Slice, ...]:
    """The parts of the rows that have a name."""
    return slices(rows)


@st.cache_resource(max_entries=256, show_spinner=False, hash_funcs=BY_RUN)
def stand(rows: BrowsedRows, asked: tuple[str, ...]) -> Standing:
    """Counts of the rows that fulfil the filters written in `asked`."""
    return standing(rows, read(asked))


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=BY_RUN)
def page(rows: BrowsedRows, asked: tuple[str, ...], order: str, start: int, count: int) -> pl.DataFrame:
    """One page of them."""
    return rows.page(read(asked), Sort.read(order) if order else None, start, count)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=BY_RUN)
def chosen(rows: BrowsedRows, asked: tuple[str, ...], keys: tuple[str, ...]) -> frozenset[str]:
    """Those of the keys whose rows fulfil the filters."""
    return frozenset(rows.keys(filters=read(asked))) & frozenset(keys) if asked else frozenset(keys)


def digest(view: object) -> str:
    """A short name for a view, to tell its widgets from those of others."""
    return blake2b(repr(view).encode(errors="replace"), digest_size=6).hexdigest()


def read(asked: tuple[str, ...]) -> tuple[Filter, ...]:
    """The filters of these texts."""
    return tuple(Filter.read(text) for text in asked)

"""The address holds the view: what is shown follows from the query string alone, so that a link shows the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import streamlit as st

LONGEST: Final = 1500
"""Letters of a value that an address can carry through mail programs and proxies."""


def asked(name: str, default: str = "") -> str:
    """What the address says, or the default."""
    return str(st.query_params.get(name, default))


def asked_all(name: str) -> list[str]:
    """Every value of a name that may stand there several times."""
    return [str(value) for value in st.query_params.get_all(name)]


def move(changes: Mapping[str, str | list[str] | None]) -> None:
    """Shows another view; None and nothing take a name out. The browser's back button undoes it in one step."""
    query: dict[str, list[str]] = {name: st.query_params.get_all(name) for name in st.query_params}
    for name, value in changes.items():
        values = [value] if isinstance(value, str) else list(value or ())
        query[name] = [each for each in values if each]
    wanted = {name: values for name, values in query.items() if values}
    if wanted != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(wanted)


def number(name: str) -> int | None:
    """A whole number that is not negative; None for anything else."""
    value = asked(name)
    return int(value) if value.isdecimal() and len(value) < 10 else None

"""By which methods a text is explained, and for which answer: lists to choose from, kept in the address."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from audits.browse.reader import Reader
from dashboard import address
from dashboard.labels import inert
from probes.speech import say


def chosen(reader: Reader) -> tuple[list[str], str | None]:
    """The method, the one beside it where there is one, and the class that is explained; None is the predicted one."""
    names = {key: str(name) for key, name, _ in reader.methods}
    keys = list(names)
    first, second, third = st.columns(3)
    method = address.asked("method")
    method = method if method in names else keys[0]
    versus = address.asked("versus")
    versus = versus if versus in names and versus != method else ""
    with first:
        _select(str(say("Method")), "method", keys, method, lambda key: names[key])
    with second:
        _select(
            str(say("Beside it")),
            "versus",
            ["", *(key for key in keys if key != method)],
            versus,
            lambda key: names.get(key, str(say("no second method"))),
        )
    with third:
        answer = explained_answer(reader)
    return [method, *([versus] if versus else [])], answer


def explained_answer(reader: Reader) -> str | None:
    """The class whose score is explained; None is the predicted one."""
    target = address.asked("target")
    target = target if target in reader.labels else ""
    options = ["", *reader.labels]
    _select(
        str(say("Explained answer")), "target", options, target, lambda label: label or str(say("the one predicted"))
    )
    return target or None


def _select(label: str, name: str, options: list[str], value: str, shown: Callable[[str], str]) -> None:
    """A list to choose from, seeded from the address and writing to it."""
    key = f"explain-{name}"
    st.session_state[key] = value
    st.selectbox(
        inert(label), options, key=key, format_func=shown, on_change=lambda: address.move({name: st.session_state[key]})
    )

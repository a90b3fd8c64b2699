"""Strong language stays behind a click: texts of the data are shown once the reader asked for them."""

from __future__ import annotations

import streamlit as st

from dashboard import address


def texts_shown() -> bool:
    """Whether the address says so, or this reader said so before on any page."""
    said = address.asked("texts")
    if said in ("shown", "hidden"):
        st.session_state["texts"] = said
    return bool(st.session_state.get("texts") == "shown")


def show_texts() -> None:
    """The reader asked for them; the address says so too, for the link to show the same."""
    address.move({"texts": "shown"})


def hide_texts() -> None:
    """The reader has seen enough."""
    address.move({"texts": "hidden"})

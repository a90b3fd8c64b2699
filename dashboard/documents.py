"""A run's documents for the Reports page: which formats there are, what each is for, and their text, kept."""

from __future__ import annotations

from inspect import signature
from typing import Final

import streamlit as st

from dashboard import shelf
from probes.speech import say
from reports.formats import Format, formats
from reports.formats.html import run_html

FOR: Final = {
    "html": say("One file to read and to pass on: it opens in any browser, without a network."),
    "json": say("The run itself, for programs: every finding with all its numbers."),
}
"""What a format is for, where we can say."""

OPTION: Final = "show_examples"
"""The option of documents that quote texts of the data."""


def wanted(name: str) -> Format:
    """The format of this name; the first one to read where there is none."""
    known = formats()
    return known.get(name) or known.get("html") or next(iter(known.values()))


def quotes(each: Format) -> bool:
    """Whether it can show texts of the data at once."""
    return OPTION in signature(each.render).parameters


@st.cache_data(max_entries=4, show_spinner=False)
def document(run_id: str, name: str, examples: bool) -> str:
    """The document's text; of a large run it takes seconds."""
    each, run = formats()[name], shelf.run(run_id)
    return each.render(run, **{OPTION: True}) if examples and quotes(each) else each.render(run)


@st.cache_data(max_entries=4, show_spinner=False)
def preview(run_id: str, examples: bool) -> str:
    """The report without scripts, which the dashboard's policy would refuse in a frame."""
    return run_html(shelf.run(run_id), show_examples=examples, live=False)

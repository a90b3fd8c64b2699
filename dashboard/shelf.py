"""Finished runs as the pages read them: from the database once, arranged once, kept while they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import streamlit as st

from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import RunEntry, Runs, State
from dashboard.address import asked
from dashboard.waiting import waiting
from probes.speech import say
from reports.formats.contents import Report

if TYPE_CHECKING:
    from audits.browse.models import Models
    from audits.browse.rows import BrowsedRows

MOST_ROWS: Final = 4
"""Runs whose rows stay open."""


def entries() -> list[RunEntry]:
    """All runs, newest first."""
    return Runs(database_url()).entries()


def chosen(listed: list[RunEntry]) -> RunEntry | None:
    """The finished run that the address names; where it names none, the one looked at last, or the newest."""
    finished = {entry.id: entry for entry in listed if entry.state is State.FINISHED}
    named = asked("run") or st.session_state.get("run", "")
    if named == "latest" or (not named and finished):
        return next(iter(finished.values()), None)
    if named not in finished and not asked("run"):
        return next(iter(finished.values()), None)
    return finished.get(named)


@st.cache_resource(max_entries=16, show_spinner=False)
def run(run_id: str) -> Run:
    """A finished run; it never changes."""
    return Runs(database_url()).load(run_id)


@st.cache_resource(max_entries=16, show_spinner=False)
def arranged(run_id: str) -> Report:
    """The run's findings in the order of a report."""
    return Report(run(run_id))


def rows(run_id: str) -> BrowsedRows:
    """The run's rows with what was decided about each; a bar tells how far they are while they are first put together.

    Raises BadData or BadSubject where what was audited has changed or gone.
    """
    from audits.browse.rows import rows_of

    opened = _opened()
    found = opened.get(run_id)
    if found is None:
        # Not cached by Streamlit: it would show the bar again whenever the rows are asked for.
        with waiting(say("The rows and the model's answers are put together, once for this run.")) as tell:
            found = rows_of(run(run_id), Runs(database_url()).base(run_id), tell)
        opened[run_id] = found
        while len(opened) > MOST_ROWS:
            opened.popitem(last=False)
    return found


@st.cache_resource(show_spinner=False)
def models() -> Models:
    """Models that answer at once, of every run that is looked at."""
    from audits.browse.models import Models

    return Models()


@st.cache_resource(show_spinner=False)
def _opened() -> OrderedDict[str, BrowsedRows]:
    """One for all readers, as rows never change."""
    return OrderedDict()

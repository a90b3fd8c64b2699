"""Finished runs as the pages read them: from the database once, arranged once, kept while they are looked at."""

from __future__ import annotations

import streamlit as st

from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import RunEntry, Runs, State
from dashboard.address import asked
from reports.formats.contents import Report


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

"""Home: audits that are still at work, and the newest runs with their worst findings."""

from __future__ import annotations

import streamlit as st

from audits.store.runs import RunEntry, State
from dashboard import address, at_work, shelf, stage
from dashboard.shell import empty
from probes.speech import Sentence, say
from reports.look.verdicts import WORST_FIRST

MOST = 50
"""So many runs are listed; the command line lists all."""


def render() -> None:
    """The list, newest first."""
    jobs = at_work.jobs()
    entries = at_work.apart(shelf.entries(), jobs)
    if not entries and not jobs:
        empty(
            say("No audit has been made yet."),
            say("Start one here, or try the demo with evenlight demo: it needs a few minutes."),
            {"new_audit": say("New audit")},
        )
        return
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        stage.show(stage.filled("runs_head.html", said=_said()), key="runs-head")
    with right:
        sought = _sought()
    at_work.show(sought)
    found = [entry for entry in entries if at_work.matches(entry.name, sought)]
    rows = [(entry, _counts(entry), _worst(entry)) for entry in found[:MOST]]
    stage.show(
        stage.filled("runs.html", rows=rows, hidden=max(0, len(found) - MOST), unfound=bool(sought) and not rows),
        key="runs",
    )


def _sought() -> str:
    def noted() -> None:
        address.move({"name": st.session_state["runs-name"].strip() or None})

    asked = address.asked("name")
    if st.session_state.get("runs-name") != asked:
        st.session_state["runs-name"] = asked
    st.text_input(str(say("Find by name")), key="runs-name", on_change=noted, type="search")
    return asked


def _said() -> Sentence | None:
    """What became of an audit that was asked for on the page before."""
    submitted = st.session_state.pop("submitted", None)
    if submitted is None:
        return None
    _, known = submitted
    if known:
        return say("The same audit was asked for before and is not finished: it is the one below.")
    return say("The audit is queued.")


def _counts(entry: RunEntry) -> list[tuple[object, int]]:
    return [(verdict, entry.verdicts[verdict]) for verdict in WORST_FIRST if entry.verdicts.get(verdict)]


def _worst(entry: RunEntry) -> object | None:
    if entry.state is not State.FINISHED:
        return None
    return next((s.finding for s in shelf.arranged(entry.id).cover), None)

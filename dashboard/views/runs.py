"""Home: the newest runs with their worst findings, and audits that are still at work."""

from __future__ import annotations

from audits.store.runs import RunEntry, State
from dashboard import shelf, stage
from dashboard.shell import empty
from probes.speech import say
from reports.look.verdicts import WORST_FIRST

MOST = 50
"""So many runs are listed; the command line lists all."""


def render() -> None:
    """The list, newest first."""
    entries = shelf.entries()
    if not entries:
        empty(
            say("No audit has been made yet."),
            say("Start one here, or try the demo with evenlight demo: it needs a few minutes."),
            {"new_audit": say("New audit")},
        )
        return
    rows = [(entry, _counts(entry), _worst(entry)) for entry in entries[:MOST]]
    stage.show(stage.filled("runs.html", rows=rows, hidden=max(0, len(entries) - MOST)), key="runs")


def _counts(entry: RunEntry) -> list[tuple[object, int]]:
    return [(verdict, entry.verdicts[verdict]) for verdict in WORST_FIRST if entry.verdicts.get(verdict)]


def _worst(entry: RunEntry) -> object | None:
    if entry.state is not State.FINISHED:
        return None
    return next((s.finding for s in shelf.arranged(entry.id).cover), None)

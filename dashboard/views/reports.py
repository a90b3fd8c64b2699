"""A finished run as a document: choose the run and the format, look at it, take it away."""

from __future__ import annotations

from typing import Final

import streamlit as st
from pydantic import ValidationError

from audits.runs import Run
from audits.store.runs import RunEntry, State
from dashboard import address, shelf, stage
from dashboard.documents import FOR, document, preview, quotes, wanted
from dashboard.labels import inert
from dashboard.rows.headings import distinct
from dashboard.saved import file_name
from dashboard.shell import failed, this_run
from probes.errors import EvenlightError, StoreFailed
from probes.speech import say
from reports.formats import Format, formats
from reports.look.verdicts import WORST_FIRST
from reports.look.wording import plain, visible

HEIGHT: Final = 860
"""Pixels of the preview."""

TYPES: Final = {".html": "text/html", ".json": "application/json"}


def render() -> None:
    """The chosen run's document."""
    entry = this_run()
    if entry is None:
        return
    stage.show(stage.filled("reports_head.html"), key="reports-head")
    _choose(entry)
    run = _loaded(entry)
    if run is None:
        return
    chosen = wanted(address.asked("format"))
    html = stage.filled(
        "reports.html",
        run=run,
        counts=[(verdict, run.verdicts[verdict]) for verdict in WORST_FIRST if run.verdicts[verdict]],
        formats=list(formats()),
        chosen=chosen.name,
        told=FOR.get(chosen.name),
    )
    stage.show(html, key="reports", on_act=_act)
    _take(run, chosen)


def _act(act: stage.Act) -> None:
    if act["act"] == "format":
        address.move({"format": None if act["value"] == "html" else act["value"]})


def _choose(entry: RunEntry) -> None:
    """The finished runs by name and date."""
    finished = {each.id: each for each in shelf.entries() if each.state is State.FINISHED}
    st.session_state["report-run"] = entry.id

    def name(run_id: str) -> str:
        each = finished[run_id]
        return f"{visible(each.name)}, {each.started:%Y-%m-%d %H:%M} UTC"

    names = distinct(list(finished), name)
    st.selectbox(
        plain(say("Run")),
        list(finished),
        format_func=names.__getitem__,
        key="report-run",
        width=640,
        on_change=lambda: address.move({"run": st.session_state["report-run"]}),
    )


def _loaded(entry: RunEntry) -> Run | None:
    """The run; one line in its place where it cannot be read, so that another can be chosen above."""
    try:
        return shelf.run(entry.id)
    except ValidationError:
        failed(StoreFailed("the run {run} is damaged and cannot be read; run its plan again", run=entry.id))
    except EvenlightError as problem:
        failed(problem)
    return None


def _take(run: Run, chosen: Format) -> None:
    examples = quotes(chosen) and address.asked("examples") == "shown"
    if quotes(chosen):
        st.session_state["report-examples"] = examples
        st.checkbox(
            plain(say("Show example texts at once; they can hold strong language")),
            key="report-examples",
            on_change=lambda: address.move({"examples": "shown" if st.session_state["report-examples"] else None}),
        )
    st.download_button(
        inert(say("Download the report ({format})", format=chosen.name.upper())),
        lambda: document(run.id, chosen.name, examples),
        file_name=file_name(run, chosen.suffix),
        mime=TYPES.get(chosen.suffix, "application/octet-stream"),
        on_click="ignore",
        type="primary",
        key=f"report-{chosen.name}-{examples}",
    )
    if chosen.suffix != ".html":
        return
    stage.show(stage.filled("reports_preview.html"), key="reports-preview")
    with st.spinner(plain(say("The report is being written."))), st.container(key="report-preview"):
        st.iframe(preview(run.id, examples), height=HEIGHT, alt=plain(say("Preview of the report")))

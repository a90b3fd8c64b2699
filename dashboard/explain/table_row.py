"""A row of a table explained: a form for its cells, the answer, and what each column adds to it."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from audits.background import Drawn
from audits.browse.contributions import background_of, contributions
from audits.browse.reader import Answer, Reader
from audits.browse.rows import BrowsedRows
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs
from dashboard import shelf, stage
from dashboard.explain import texts as written
from dashboard.explain.choices import explained_answer
from dashboard.explain.form import cells, form
from dashboard.explain.panels import Panel, bars
from dashboard.explain.texts import Inputs, Texts
from probes.speech import Sentence, say
from reports.figures.waterfalls import waterfall_html


def explained_row(reader: Reader, run: Run, rows: BrowsedRows, texts: Texts) -> None:
    """The form and, once it is filled, the waterfall; before beside now after an edit."""

    def act(said: stage.Act) -> None:
        if said["act"] == "cells":
            written.show(cells(said, len(rows.reads)), texts)
        elif said["act"] == "own" and texts.own is not None:
            written.show(texts.own, texts)

    stage.show(form(rows, rows.reads, texts), key="explain-form", on_act=act)
    if not any(texts.now):
        stage.show(Markup("<p>{}</p>").format(str(say("Fill in the form, or pick an example."))), key="explain-nothing")
        return
    with st.container(width=320):
        target = explained_answer(reader)
    with st.spinner(str(say("The model is asked."))):
        drawn = _panels(reader, run, texts, target)
        told = _background(run.id).told
    stage.show(stage.filled("explain.html", panels=drawn, hint=told), key="explain-row")


def _panels(reader: Reader, run: Run, texts: Texts, target: str | None) -> tuple[Panel, ...]:
    target = target or reader.answer(texts.now).predicted
    if texts.before is None:
        return (_panel(reader, run, texts.now, texts, say("This row"), target, None),)
    before = reader.answer(texts.before)
    return (
        _panel(reader, run, texts.before, texts, say("Before"), target, None),
        _panel(reader, run, texts.now, texts, say("Now"), target, before),
    )


def _panel(
    reader: Reader, run: Run, row: Inputs, texts: Texts, title: Sentence, target: str, before: Answer | None
) -> Panel:
    answer, scores = contributions(reader, run, _background(run.id), row, target, texts.origin)
    method = say("Shapley values: each column's mean effect over all orders in which columns could become known.")
    return Panel(title, bars(answer, before), method, waterfall_html(scores))


@st.cache_resource(max_entries=4, show_spinner=False)
def _background(run_id: str) -> Drawn:
    return background_of(shelf.run(run_id), Runs(database_url()).base(run_id))

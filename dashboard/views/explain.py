"""One text: what the model answers, which words moved it, what an edit changes, and where the model looks."""

from __future__ import annotations

from contextlib import ExitStack

import streamlit as st
from markupsafe import Markup

from audits.browse.reader import Reader
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs
from dashboard import access, address, shelf, stage
from dashboard.explain import texts as written
from dashboard.explain.choices import chosen
from dashboard.explain.panels import panels
from dashboard.explain.picking import PICKS, Picked, picked
from dashboard.explain.table_row import explained_row
from dashboard.explain.texts import Texts, texts_of
from dashboard.labels import inert
from dashboard.shell import empty, this_run
from dashboard.texts import show_texts, texts_shown
from probes.speech import say
from probes.subjects.capabilities import Tabular
from reports.figures.attention import view_html


def render() -> None:
    """The chosen example or the typed text, explained."""
    entry = this_run()
    if entry is None:
        return
    run = shelf.run(entry.id)
    rows = shelf.rows(entry.id)
    if not rows.reads:
        empty(
            say("There is no model to ask: this run audited decisions that stand in a table."),
            say("Explanations need the model itself. The rows and their decisions can be looked at."),
            {f"data?run={entry.id}": say("See the rows"), f"fairness?run={entry.id}": say("Compare the groups")},
        )
        return
    choice = picked(run, rows)
    stage.show(_head(run, choice), key="explain-head", on_act=lambda act: _act(act, choice))
    with ExitStack() as stack:
        with st.spinner(str(say("The model is opened; it stays open while you work."))):
            lent = shelf.models().lend_for(run, Runs(database_url()).base(run.id))
            reader = stack.enter_context(lent)
        texts = texts_of(rows, choice)
        if isinstance(reader.subject, Tabular):
            explained_row(reader, run, rows, texts)
            return
        act = st.session_state.pop("edit", None)
        if act is not None and access.may_ask():
            written.edit(reader, texts, act)
            texts = texts_of(rows, choice)
        _explained(reader, texts)


def _act(act: stage.Act, choice: Picked) -> None:
    fresh = {"text": None, "before": None, "layer": None, "head": None}
    match act["act"]:
        case "pick":
            address.move({"pick": act["value"], "example": None, **fresh})
        case "step":
            address.move({"pick": choice.pick, "example": act["value"], **fresh})
        case "texts":
            show_texts()
        case "word":
            st.session_state["edit"] = dict(act)
        case "head":
            layer, _, head = act["value"].partition(".")
            address.move({"layer": layer, "head": head})


def _head(run: Run, choice: Picked) -> Markup:
    return stage.filled(
        "explain_head.html",
        run=run,
        picks=PICKS,
        pick=choice.pick,
        place=choice.place,
        n=len(choice.keys),
        before=choice.beside(-1),
        after=choice.beside(+1),
    )


def _explained(reader: Reader, texts: Texts) -> None:
    hidden = texts.of_the_data and not texts_shown()
    if not hidden:
        _boxes(texts)
    methods, target = chosen(reader)
    if not any(text.strip() for text in texts.now):
        stage.show(Markup("<p>{}</p>").format(str(say("Type a text, or pick an example."))), key="explain-nothing")
        return
    covered = stage.filled("covered.html") if hidden else None
    with st.spinner(str(say("The model is asked."))):
        drawn = panels(reader, texts, methods, target, covered)
        attention = None if hidden else _attention(reader, texts)
    hint = (
        None
        if hidden or not access.may_ask()
        else say(
            "Orange words pushed towards the explained answer, blue words against it. Click a word to replace, remove "
            "or mask it."
        )
    )
    act = {"on_act": lambda act: _act(act, Picked("", (), None))}
    stage.show(stage.filled("explain.html", panels=drawn, hint=hint), key="explain", **act)
    if attention is not None:
        stage.show(attention, key="explain-attention", **act)


def _boxes(texts: Texts) -> None:
    """Where the text stands and another can be typed."""
    fixed = not access.may_ask()
    names = [say("Text")] if len(texts.now) == 1 else [say("First text"), say("Second text")]

    def typed() -> None:
        said = tuple(st.session_state[f"box-{at}"] for at in range(len(names)))
        written.show(said, texts)

    for at, (name, text) in enumerate(zip(names, texts.now, strict=True)):
        st.session_state[f"box-{at}"] = text
        st.text_area(inert(name), key=f"box-{at}", height=90, max_chars=20_000, on_change=typed, disabled=fixed)


def _attention(reader: Reader, texts: Texts) -> Markup:
    reason = reader.inattentive
    if reason is not None:
        return stage.filled("attention.html", reason=reason, view=None)
    layer, head = address.number("layer"), address.number("head")
    view = reader.attention(texts.now, layer - 1 if layer else None, head - 1 if head else None, texts.origin)
    return stage.filled("attention.html", reason=None, view=view_html(view, act="head"))

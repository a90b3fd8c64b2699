"""The plan as a file, and the button that queues it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from audits.jobs import Job, Jobs
from audits.plan import Plan
from audits.plan_file import read_plan
from audits.store.home import database_url
from dashboard import access
from dashboard.fields import seed
from dashboard.new_audit import outlook
from dashboard.new_audit.draft import Draft, begin, write
from dashboard.new_audit.subject import Found
from dashboard.new_audit.telling import hint, told
from probes.errors import EvenlightError
from probes.speech import Sentence, say
from reports.look.wording import fragment

MOST_SEED = 2**53 - 1
"""The browser counts no further."""


def offer(kept: Draft, model: Found | None) -> None:
    """The section: name and seed, the plan to copy, and the start; without a model and rows, what is still to do."""
    left, right = st.columns([3, 1], gap="large")
    with left:
        name = st.text_input(
            str(say("What the run is called")),
            key=seed(kept.key("name"), kept.name),
            max_chars=200,
            placeholder=usual(kept),
        )
    with right:
        number = st.number_input(
            str(say("Seed of every draw")),
            min_value=0,
            max_value=MOST_SEED,
            step=1,
            value=None,
            key=seed(kept.key("seed"), min(kept.seed, MOST_SEED)),
        )
    kept = write(name=(name or "").strip(), seed=int(number or 0))
    kept = kept if kept.name else replace(kept, name=usual(kept))
    if model is None:
        hint(say("Choose a model and its rows, and say what the columns hold; then the plan stands here."), "start")
        st.button(str(say("Start audit")), type="primary", key="start", disabled=True)
        return
    plan = checked(kept)
    st.code(kept.yaml(), language="yaml")
    if (kept.folder / kept.data.source).exists() and not Path(kept.data.source).is_absolute():
        hint(
            say("As a file: {source} is looked for from {folder}.", source=kept.data.source, folder=str(kept.folder)),
            "base",
        )
    if isinstance(plan, Sentence):
        told(plan, "start")
    whole = isinstance(plan, Plan) and outlook.show(plan, kept, model)
    pressed = st.button(str(say("Start audit")), type="primary", key="start", disabled=not whole)
    if pressed and isinstance(plan, Plan) and whole and access.may_start():
        _start(plan, kept)


def usual(kept: Draft) -> str:
    """What a run is called where nobody says: model and data, without their folders; nothing before both are named."""
    scheme, _, rest = kept.subject.partition(":")
    model = rest.partition("?")[0].rstrip("/").rpartition("/")[2] or scheme
    data = kept.sent or kept.data.source.rstrip("/").rpartition("/")[2].removeprefix("demo:")
    return fragment("{model} on {data}", model=model[:90], data=data[:90]) if model and data else ""


def checked(kept: Draft) -> Plan | Sentence:
    """The plan as its reader understands it, or what it complains about."""
    if not kept.audits:
        return say("No question is chosen; choose at least one.")
    try:
        return read_plan(kept.plan())[0]
    except EvenlightError as problem:
        return problem.sentence


def _start(plan: Plan, kept: Draft) -> None:
    asked = datetime.now(UTC)
    job: Job = Jobs(database_url()).submit(plan, kept.folder)
    begin(Draft())
    st.session_state["submitted"] = (job.id, job.created < asked)
    st.session_state["going"] = f"./?job={job.id}"
    st.rerun()

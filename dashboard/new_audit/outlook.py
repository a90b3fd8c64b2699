"""What the plan will take, told before it starts: passes, time and memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from audits.browse.estimate import estimate
from audits.plan import Plan
from dashboard import shelf, stage
from dashboard.new_audit.draft import Draft
from dashboard.new_audit.rows import stamp
from dashboard.new_audit.subject import Found
from dashboard.new_audit.telling import told
from probes.errors import EvenlightError
from probes.speech import Sentence, say


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is told, and whether the time could be."""

    told: tuple[Sentence, ...]
    timed: bool


def show(plan: Plan, kept: Draft, model: Found) -> bool:
    """The estimate, or why the rows are not what the plan says; answers whether it may start."""
    # What a run is called takes no time.
    nameless = plan.model_copy(update={"name": "-"})
    version = (*stamp(kept), shelf.models().holds(plan.subject, plan.trust, kept.folder))
    found = _estimated(nameless.model_dump_json(), kept.folder, version)
    if isinstance(found, Sentence):
        told(found, "outlook")
        return False
    stage.show(stage.filled("outlook.html", sentences=found.told), key="outlook")
    if not found.timed and model.reads and model.here:
        _offer_to_time(plan, kept)
    return True


def _offer_to_time(plan: Plan, kept: Draft) -> None:
    """Loads the model when it is asked for, so that its speed can be told."""
    if not st.button(str(say("Tell how long it takes")), key=kept.key("time")):
        return
    try:
        with st.spinner(str(say("Loading the model"))), shelf.models().lend(plan.subject, plan.trust, kept.folder):
            pass
    except EvenlightError as problem:
        told(problem.sentence, "time")
        return
    st.rerun()


@st.cache_data(ttl=300, max_entries=64, show_spinner=str(say("Reading the rows as the plan says")))
def _estimated(plan: str, base: Path, version: tuple[int, int, bool]) -> Outlook | Sentence:
    del version
    try:
        found = estimate(Plan.model_validate_json(plan), base, shelf.models())
    except EvenlightError as problem:
        return problem.sentence
    return Outlook(found.sentences, found.reason is None)

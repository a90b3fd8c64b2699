"""What the plan will take, told before it starts: passes, time and memory."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from audits.browse.estimate import estimate
from audits.plan import Plan
from dashboard import shelf, stage
from dashboard.new_audit.draft import Draft
from dashboard.new_audit.rows import stamp
from dashboard.new_audit.telling import told
from probes.errors import EvenlightError
from probes.speech import Sentence, say


def show(plan: Plan, kept: Draft) -> bool:
    """The estimate, or why the rows are not what the plan says; answers whether it may start."""
    # What a run is called and how its draws fall takes no time.
    nameless = plan.model_copy(update={"name": "-"})
    found = _estimated(nameless.model_dump_json(), kept.folder, stamp(kept))
    if isinstance(found, Sentence):
        told(found, "outlook")
        return False
    stage.show(stage.filled("outlook.html", sentences=found), key="outlook")
    return True


@st.cache_data(ttl=300, max_entries=64, show_spinner=str(say("Reading the rows as the plan says")))
def _estimated(plan: str, base: Path, version: tuple[int, int]) -> tuple[Sentence, ...] | Sentence:
    del version
    try:
        return estimate(Plan.model_validate_json(plan), base, shelf.models()).sentences
    except EvenlightError as problem:
        return problem.sentence

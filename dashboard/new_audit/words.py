"""What the reader is told about: an item and what happens to it; the sentences of the findings are made of these."""

from __future__ import annotations

import streamlit as st

from dashboard.fields import seed
from dashboard.labels import inert
from dashboard.new_audit.draft import Draft, write
from probes.speech import Sentence, say
from reports.look.wording import fragment


def choose(kept: Draft) -> None:
    """The words, folded away: findings read well without them, and better with them."""
    words = kept.words
    asked: tuple[tuple[str, Sentence, str], ...] = (
        ("item", say("One row is a"), fragment("comment, applicant, patient")),
        ("items", say("Several are"), fragment("comments, people")),
        ("positive", say("A selected row is"), fragment("flagged, approved")),
        ("relation", say("How a row belongs to a group"), fragment("about, as in comments about women")),
    )
    said: dict[str, str] = {}
    with st.expander(str(say("Words for the reader"))):
        for (name, label, example), place in zip(asked, st.columns(len(asked)), strict=True):
            own = type(words).model_fields[name].default
            before = getattr(words, name)
            with place:
                key = seed(kept.key(f"word-{name}"), "" if before == own else str(before))
                text = st.text_input(inert(label), key=key, placeholder=example, max_chars=60)
            said[name] = (text or "").strip() or own
    changed = words.model_copy(update=said)
    if changed != words:
        write(words=changed)

"""Which class of the model each answer in the data means, where the two go by other names."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from audits.data.classes import numbered
from audits.data.glance import Glance
from dashboard.new_audit.draft import Draft, write
from dashboard.new_audit.telling import told
from probes.speech import Names, say


def chosen_classes(kept: Draft, seen: Glance, labels: Sequence[str]) -> bool:
    """A table of answers and classes, where names differ; answers whether every answer means a class."""
    column = seen.column(kept.data.label)
    known = {*labels, *numbered(tuple(labels))}
    odd = [value for value in (column.values if column else ()) if value not in known] if labels else []
    classes = kept.data.classes if not odd else {}
    if odd:
        answer, means = str(say("Answer in the data")), str(say("Class of the model"))
        # What is edited must stay the same while it is edited.
        start = st.session_state.setdefault(
            kept.key(f"classes-start-{kept.data.label}"), {value: kept.data.classes.get(value) for value in odd}
        )
        table = st.data_editor(
            {answer: odd, means: [start.get(value) for value in odd]},
            column_config={means: st.column_config.SelectboxColumn(options=list(labels))},
            disabled=[answer],
            hide_index=True,
            key=kept.key(f"classes-{kept.data.label}"),
        )
        classes = {value: name for value, name in zip(odd, table[means], strict=True) if name}
        if len(classes) < len(odd):
            told(
                say(
                    "The column {column} holds {odd}, which are no classes of the model; say what they mean.",
                    column=kept.data.label or "",
                    odd=Names(texts=tuple(value for value in odd if value not in classes), most=3),
                ),
                "classes",
            )
    if classes != kept.data.classes and labels:
        write(data=kept.data.model_copy(update={"classes": classes}))
    return len(classes) >= len(odd)

"""Which example is looked at: one of a kind of examples, with those before and after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import streamlit as st

from audits.browse.rows import BrowsedRows, Picking
from audits.column_evidence import Waterfalls
from audits.evidence import Evidence, TokenScores
from audits.runs import Run
from dashboard import address
from probes.errors import NotApplicable
from probes.speech import Sentence, say

MOST: Final = 1000
"""So many examples of a kind can be stepped through."""

PICKS: Final = (
    ("report", say("In the report"), say("The examples that the report shows.")),
    ("misclassified", say("Misclassified"), say("Rows whose answer is not their label, in random order.")),
    ("borderline", say("Borderline"), say("The closest decisions first.")),
    ("random", say("Random"), say("Rows in random order.")),
)
"""Kinds of examples: how the address calls them, their name, and what they are."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The chosen example among those of its kind."""

    pick: str
    keys: tuple[str, ...]
    key: str | None
    """None where there is no example of this kind and none was named."""

    @property
    def place(self) -> int | None:
        """Where it stands among those of its kind, from 0."""
        return self.keys.index(self.key) if self.key in self.keys else None

    @property
    def sentence(self) -> Sentence:
        """Why it is looked at."""
        names = {key: hover for key, _, hover in PICKS}
        return names[self.pick] if self.place is not None else say("Chosen from the rows.")

    def beside(self, step: int) -> str:
        """The key so many places further on; nothing past the ends."""
        place = self.place
        if place is None or not 0 <= place + step < len(self.keys):
            return ""
        return self.keys[place + step]


def picked(run: Run, rows: BrowsedRows) -> Picked:
    """What the address asks for; the report's first example where it asks for nothing."""
    known = [key for key, _, _ in PICKS]
    pick = address.asked("pick", known[0])
    pick = pick if pick in known else known[0]
    keys = _keys(run.id, pick, rows)
    if not keys and not address.asked("pick"):
        pick, keys = "random", _keys(run.id, "random", rows)
    key = address.asked("example") or next(iter(keys), None)
    return Picked(pick, keys, key)


@st.cache_data(max_entries=64, show_spinner=False)
def _keys(run_id: str, pick: str, _rows: BrowsedRows) -> tuple[str, ...]:  # noqa: ARG001 - what it is cached by
    if pick == "report":
        evidence = (each for finding in _rows.run.findings for each in finding.evidence)
        return tuple(dict.fromkeys(key for each in evidence for key in _quoted(each)))
    try:
        return tuple(_rows.keys(cast(Picking, pick), most=MOST))
    except NotApplicable:
        return ()


def _quoted(evidence: Evidence) -> list[str]:
    """Keys of the examples that a piece of evidence explains."""
    match evidence:
        case TokenScores():
            return [text.example.key for text in evidence.texts]
        case Waterfalls():
            return [row.example.key for row in evidence.rows]
        case _:
            return []

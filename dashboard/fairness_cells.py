"""Below the rates of one attribute: the groups where it crosses others, and the slices where the model errs most."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from audits.cell_evidence import Cells, Slices
from audits.evidence import Evidence
from dashboard import shelf, stage
from reports.formats.contents import Section


def show_cells(run_id: str, attribute: str) -> None:
    """Heat maps and slices with the sentence of each; nothing where the run has none."""
    if _sections(run_id, attribute):
        stage.show(_body(run_id, attribute), key="fairness-cells")


def _sections(run_id: str, attribute: str) -> list[Section]:
    """Findings on crossings of the attribute, and on slices, in the order of the report."""
    return [
        section
        for section in shelf.arranged(run_id).sections
        if any(_belongs(evidence, attribute) for evidence in section.finding.evidence)
    ]


def _belongs(evidence: Evidence, attribute: str) -> bool:
    match evidence:
        case Cells():
            return attribute in evidence.attributes
        case Slices():
            return True
        case _:
            return False


@st.cache_data(max_entries=64, show_spinner=False)
def _body(run_id: str, attribute: str) -> Markup:
    shown = [
        (section, [drawing for drawing in section.drawings if isinstance(drawing.evidence, Cells | Slices)])
        for section in _sections(run_id, attribute)
    ]
    return stage.filled("fairness_cells.html", run=run_id, shown=shown)

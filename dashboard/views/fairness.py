"""One rate across groups: the sentence, the forest plot, the numbers, and every pair compared."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from audits.evidence import GroupRates
from audits.runs import Run
from dashboard import address, shelf, stage
from dashboard.fairness_cells import show_cells
from dashboard.fairness_slider import show_scores
from dashboard.opened import opened
from dashboard.shell import empty, this_run
from dashboard.theme import ground
from probes.speech import say
from reports.figures import Drawing, drawn
from reports.formats.contents import Section
from reports.look.verdicts import rank
from reports.look.wording import plain


def render() -> None:
    """The chosen attribute and rate; the worst one where nobody chose."""
    entry = this_run()
    if entry is None:
        return
    run = shelf.run(entry.id)
    rates = _rates(entry.id)
    if not rates:
        empty(
            say("This run compared no groups."),
            say("Name a protected attribute in the plan and add the audit bias.group-rates."),
            {
                f"new_audit?run={entry.id}": say("Run again with other audits"),
                f"scorecard?run={entry.id}": say("Scorecard"),
            },
        )
        return
    named = address.asked("finding")
    section = next((s for s in rates if s.finding.name == named), None) or _worst(
        rates, address.asked("attribute"), run
    )
    attribute = _attribute(section, run)
    stage.show(_head(entry.id, section.finding.name, attribute), key="fairness", on_act=_act)
    drawing = _forest(section)
    with st.container(key="chart-wide"):
        assert drawing.chart is not None
        st.plotly_chart(
            drawing.chart(ground()),
            theme=None,
            key="forest",
            config={"displayModeBar": False},
            alt=plain(drawing.title),
        )
    stage.show(_body(entry.id, section.finding.name), key="fairness-rest")
    show_scores(entry.id, attribute)
    show_cells(entry.id, attribute)


def _act(act: stage.Act) -> None:
    if act["act"] == "finding":
        address.move({"finding": act["value"], "attribute": None})
    elif act["act"] == "attribute":
        address.move({"attribute": act["value"], "finding": None})


def _rates(run_id: str) -> list[Section]:
    """Findings that compare rates, in the order of the report."""
    return [s for s in shelf.arranged(run_id).sections if any(isinstance(e, GroupRates) for e in s.finding.evidence)]


def _attribute(section: Section, run: Run) -> str:
    """The protected attribute that a finding is about: its name stands in the finding's."""
    names = (name for name in run.plan.data.protected if f".{name}." in f"{section.finding.name}.")
    return max(names, key=len, default="")


def _worst(rates: list[Section], attribute: str, run: Run) -> Section:
    asked = [section for section in rates if _attribute(section, run) == attribute]
    return min(asked or rates, key=lambda section: rank(section.finding.verdict))


def _rate(section: Section) -> GroupRates:
    return next(evidence for evidence in section.finding.evidence if isinstance(evidence, GroupRates))


def _forest(section: Section) -> Drawing:
    return drawn(_rate(section), section.colours)


@st.cache_data(max_entries=64, show_spinner=False)
def _head(run_id: str, finding: str, attribute: str) -> Markup:
    run, rates = shelf.run(run_id), _rates(run_id)
    section = next(s for s in rates if s.finding.name == finding)
    attributes = [name for name in run.plan.data.protected if any(_attribute(s, run) == name for s in rates)]
    return stage.filled(
        "fairness.html",
        run=run,
        attributes=attributes,
        attribute=attribute,
        rates=[(s, _rate(s).title) for s in rates if _attribute(s, run) == attribute],
        section=section,
        title=_rate(section).title,
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _body(run_id: str, finding: str) -> Markup:
    """The still drawing for narrow screens, and everything beside the forest plot."""
    section = next(s for s in _rates(run_id) if s.finding.name == finding)
    return stage.filled("fairness_rest.html", forest=_forest(section), body=opened(section, run_id, apart=GroupRates))

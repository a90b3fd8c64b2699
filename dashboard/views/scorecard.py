"""A run's findings by area, worst first; filters; a finding's evidence opens in its place."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from audits.audit import Area
from audits.findings import Verdict
from dashboard import address, shelf, stage
from dashboard.opened import opened
from dashboard.shell import this_run
from reports.formats.contents import Report


def render() -> None:
    """The card of the chosen run."""
    entry = this_run()
    if entry is None:
        return
    html = _card(entry.id, address.asked("area"), address.asked("verdict"), address.asked("finding"))
    stage.show(html, key="scorecard", on_act=_act)


def _act(act: stage.Act) -> None:
    if act["act"] == "see":
        address.move({"finding": None if address.asked("finding") == act["value"] else act["value"]})
    elif act["act"] in ("area", "verdict"):
        address.move({act["act"]: None if address.asked(act["act"]) == act["value"] else act["value"]})


@st.cache_data(max_entries=64, show_spinner=False)
def _card(run_id: str, area: str, verdict: str, finding: str) -> Markup:
    report = shelf.arranged(run_id)
    shown = [
        (place, [s for s in sections if not verdict or s.finding.verdict.value == verdict])
        for place, sections in report.areas()
        if not area or place.value == area
    ]
    section = next((s for s in report.sections if s.finding.name == finding), None)
    return stage.filled(
        "scorecard.html",
        report=report,
        shown=[(place, sections) for place, sections in shown if sections],
        area=area if area in set(Area) else "",
        verdict=verdict if verdict in set(Verdict) else "",
        finding=finding,
        body=opened(section, run_id) if section else None,
        areas=_areas(report),
    )


def _areas(report: Report) -> list[Area]:
    return [place for place, _ in report.areas()]

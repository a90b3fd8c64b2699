"""The threshold moved by hand: rates by group and accuracy as they would be, from the counts that the run keeps."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from audits.score_evidence import Curves, ScoreHistograms
from audits.statistics.sweep import AtThreshold, at_threshold
from dashboard import address, shelf, stage
from probes.speech import Count, Number, Points, Quantity, Share, say
from reports.figures import drawn
from reports.formats.contents import Section
from reports.look.wording import shown

KEY = "threshold"


@dataclass(frozen=True, slots=True)
class Cell:
    """One rate at the threshold, its change from the threshold in use, and how long its bar is."""

    value: str
    change: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One group in the table."""

    label: str
    n: str
    cells: tuple[Cell, ...]


def show_scores(run_id: str, attribute: str) -> None:
    """Under the rates of an attribute: the threshold to move, and what scores mean, where the run asked for them."""
    if _kept(run_id, attribute) is not None:
        _threshold(run_id, attribute)
    calibration = _calibration(run_id, attribute)
    if calibration is not None:
        stage.show(calibration, key="fairness-calibration")


@st.fragment
def _threshold(run_id: str, attribute: str) -> None:
    """Only this part is made anew while the slider moves."""
    found = _kept(run_id, attribute)
    assert found is not None
    kept, section = found
    in_use = kept.threshold if kept.threshold is not None else (kept.edges[0] + kept.edges[-1]) / 2
    at = min(max(_asked(in_use), kept.edges[0]), kept.edges[-1])
    stage.show(stage.filled("fairness_threshold_head.html", kept=kept, shown=_score), key="fairness-threshold-head")
    st.session_state[KEY] = at
    st.slider(
        str(say("Threshold")),
        float(kept.edges[0]),
        float(kept.edges[-1]),
        step=0.01 if kept.percent else _step(kept),
        format="%.2f" if kept.percent else "%g",
        key=KEY,
        on_change=_moved,
        args=(in_use,),
    )
    stage.show(rates_at(kept, section, at), key="fairness-threshold")


def rates_at(kept: ScoreHistograms, section: Section, at: float) -> Markup:
    """What every group would experience if everybody from this score on were selected."""
    now = at_threshold(kept, at)
    used = None if kept.threshold is None else at_threshold(kept, kept.threshold)
    rates = _rates(now)
    before = _rates(used) if used is not None else rates
    moved = used is not None and abs(at - (kept.threshold or 0)) > 1e-9
    lines = [
        Line(
            label=group.label,
            n=shown(_count(float(now.n[place]))),
            cells=tuple(
                _cell(float(one[place]), float(other[place]) if moved else None)
                for one, other in zip(rates, before, strict=True)
            ),
        )
        for place, group in enumerate(kept.groups)
        if now.n[place] > 0
    ]
    return stage.filled(
        "fairness_threshold.html",
        at=_score(at, kept.percent),
        lines=lines,
        gaps=[_gap(one, other if moved else None) for one, other in zip(rates, before, strict=True)],
        labelled=now.overall_accuracy is not None,
        accuracy=now.overall_accuracy,
        before=used.overall_accuracy if used is not None and moved else None,
        share=lambda value: Share(value=value),
        histogram=drawn(kept.model_copy(update={"threshold": at}), section.colours).still,
    )


def _rates(found: AtThreshold) -> tuple[list[float], ...]:
    names = ("selection_rate", "true_positive_rate", "false_positive_rate", "accuracy")
    return tuple([float(value) for value in getattr(found, name)] for name in names)


def _cell(value: float, before: float | None) -> Cell:
    if value != value:
        return Cell(shown(None), "", None)
    return Cell(shown(Share(value=value)), _change(value, before), value)


def _change(value: float, before: float | None) -> str:
    if before is None or before != before:
        return ""
    change = value - before
    if abs(change) < 0.0005:
        return "±0"
    return f"{'+' if change > 0 else '−'}{shown(Points(value=abs(change)))}"


def _gap(values: list[float], before: list[float] | None) -> Cell:
    """The widest difference between two groups."""
    there = [value for value in values if value == value]
    if len(there) < 2:
        return Cell(shown(None), "", None)
    gap = max(there) - min(there)
    other = [value for value in before or () if value == value]
    change = _change(gap, max(other) - min(other)) if len(other) > 1 else ""
    return Cell(shown(Points(value=gap)), change, None)


def _score(value: float, percent: bool) -> Quantity:
    return Share(value=value) if percent else Number(value=value, digits=4)


def _count(n: float) -> Quantity:
    return Count(value=int(n)) if n == int(n) else Number(value=n, digits=3)


def _step(kept: ScoreHistograms) -> float:
    return round((kept.edges[-1] - kept.edges[0]) / (len(kept.edges) - 1), 9)


def _asked(otherwise: float) -> float:
    try:
        at = float(address.asked(KEY))
    except ValueError:
        return otherwise
    return at if abs(at) < 1e12 else otherwise


def _moved(in_use: float) -> None:
    at = float(st.session_state[KEY])
    address.move({KEY: None if abs(at - in_use) < 1e-9 else f"{at:.6g}"})


def _kept(run_id: str, attribute: str) -> tuple[ScoreHistograms, Section] | None:
    """The run's score counts for this attribute."""
    for section in shelf.arranged(run_id).sections:
        if section.finding.name.startswith(f"threshold-sweep.{attribute}."):
            for evidence in section.finding.evidence:
                if isinstance(evidence, ScoreHistograms):
                    return evidence, section
    return None


@st.cache_data(max_entries=64, show_spinner=False)
def _calibration(run_id: str, attribute: str) -> Markup | None:
    """The calibration curves, with the finding's sentence."""
    about = [s for s in shelf.arranged(run_id).sections if s.finding.name.startswith(f"calibration.{attribute}.")]
    for section in sorted(about, key=lambda one: not one.finding.name.endswith(".ece")):
        for evidence in section.finding.evidence:
            if isinstance(evidence, Curves):
                drawing = drawn(evidence, section.colours)
                return stage.filled("fairness_calibration.html", section=section, drawing=drawing)
    return None

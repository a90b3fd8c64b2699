"""Rates by group at every threshold: curves, the counts behind them, and the largest gap of every two groups."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.evidence import Evidence
from audits.findings import Finding
from audits.score_evidence import Curve, CurvePoint, Curves, GroupScores, ScoreHistograms
from audits.score_gaps import Comparisons, ScoreGap, ScoreQuestion
from audits.statistics.disparity import LEAST
from audits.statistics.gap_sentences import SENTENCES, spoken
from audits.statistics.intervals import wilson
from audits.statistics.sweep import AtThreshold, SweptRate, at_threshold, curves, distances, side
from probes.speech import Name, Number, Points, Quantity, Sentence, Share, say

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray

    from audits.scored import Scored

TEST: Final = "Kolmogorov-Smirnov test"

STEPS: Final = 100
"""Bins of the counts that are kept: thresholds in hundredths of the range."""


def judge(question: ScoreQuestion, scored: Scored, rate: SweptRate, first: bool) -> ScoreGap | Finding:
    """The groups at every threshold, pending; at once a finding where fewer than two groups are large enough."""
    counts = side(scored.counts, rate)
    n = counts.sum(-1)
    large = (n >= LEAST) & np.array(scored.recorded)
    chosen = np.flatnonzero(large)
    kept = histograms(scored, scored.words)
    evidence: tuple[Evidence, ...] = (_curves(question, scored, kept, rate, n, large),)
    if first:
        evidence = (*evidence, _accuracy(question, scored, kept, large), kept)
    uncovered = tuple(
        label for label, there, big in zip(scored.labels, scored.recorded, large, strict=True) if there and not big
    )
    if len(chosen) < 2:
        return question.unsettled(evidence)
    found = distances(counts[chosen])
    rates = curves(counts[chosen])
    return ScoreGap(
        question=question,
        labels=[scored.labels[at] for at in chosen],
        values=np.column_stack([rates[found.first, found.at], rates[found.second, found.at]]),
        compared=Comparisons(TEST, found.first, found.second, found.distance, found.p, found.bounds),
        evidence=evidence,
        uncovered=uncovered,
        details=tuple(_details(scored, kept, rate, chosen)),
        more={
            pair: {"at": _score(float(scored.counts.score[bin_]), scored.counts.probabilities)}
            for pair, bin_ in enumerate(found.at)
        },
    )


def histograms(scored: Scored, words: Mapping[str, Quantity]) -> ScoreHistograms:
    """The counts in hundredths of the range, with an edge at the threshold in use."""
    counts, edges = scored.counts, _edges(scored)
    place = np.clip(np.searchsorted(edges, counts.score, side="right") - 1, 0, len(edges) - 2)
    effective = counts.effective

    def binned(group: int, answer: int) -> tuple[float, ...]:
        sums = np.bincount(place, effective[group, answer], len(edges) - 1)
        return tuple(round(float(value), 6) for value in sums)

    label = words["label"]
    return ScoreHistograms(
        name="scores",
        title=spoken("How the {plural}' scores are spread", words),
        axis=spoken("Score of {label}, in %" if counts.probabilities else "Score of {label}", words),
        hint=say("Heights are shares of each group's rows; right of the dotted line they are selected."),
        positive=label.text if isinstance(label, Name) else "",
        edges=tuple(float(edge) for edge in edges),
        threshold=scored.threshold,
        percent=counts.probabilities,
        groups=tuple(
            GroupScores(
                group=group,
                label=scored.labels[at],
                positives=binned(at, 1),
                negatives=binned(at, 0),
                unlabelled=binned(at, 2),
            )
            for at, group in enumerate(counts.groups)
        ),
    )


def _edges(scored: Scored) -> Float[ndarray, "edge"]:
    counts, at = scored.counts, scored.threshold
    if counts.probabilities:
        low, high = 0.0, 1.0
        grid = np.arange(STEPS + 1) / STEPS
    else:
        low, high = float(counts.score[0]), counts.highest
        step = 10.0 ** math.floor(math.log10(max(high - low, 1e-9) / STEPS) + 1)
        first, last = math.floor(low / step + 1e-9), math.floor(high / step + 1e-9) + 1
        grid = np.array([round(step * place, 9) for place in range(first, last + 1)])
    extra = [] if at is None or not low <= at <= high else [at]
    return np.unique(np.concatenate([grid, extra]))


def rate_of(found: AtThreshold, rate: str) -> Float[ndarray, "group"]:
    """One of the rates by its name."""
    return {
        "selection-rate": found.selection_rate,
        "true-positive-rate": found.true_positive_rate,
        "false-positive-rate": found.false_positive_rate,
        "accuracy": found.accuracy,
    }[rate]


def _swept(kept: ScoreHistograms, rate: str) -> Float[ndarray, "threshold group"]:
    return np.array([rate_of(at_threshold(kept, edge), rate) for edge in kept.edges[:-1]])


def _lines(
    scored: Scored, kept: ScoreHistograms, swept: Float[ndarray, "threshold group"], n: ndarray, large: ndarray
) -> tuple[Curve, ...]:
    bounds = wilson(np.nan_to_num(swept) * n, n)
    return tuple(
        Curve(
            group=group,
            label=scored.labels[at],
            n=float(n[at]),
            points=tuple(
                CurvePoint(
                    x=edge,
                    y=float(min(1.0, swept[place, at])),
                    low=float(bounds.low[place, at]),
                    high=float(bounds.high[place, at]),
                    n=float(n[at]),
                )
                for place, edge in enumerate(kept.edges[:-1])
            )
            if n[at] > 0
            else (),
            compared=bool(large[at]),
        )
        for at, group in enumerate(scored.counts.groups)
    )


def _curves(
    question: ScoreQuestion, scored: Scored, kept: ScoreHistograms, rate: SweptRate, n: ndarray, large: ndarray
) -> Curves:
    lines = _lines(scored, kept, _swept(kept, rate), n, large)
    return _drawn(scored, f"sweep.{rate}", question.say(question.sentences.title),
                  spoken(SENTENCES[rate].axis, question.words), lines)  # fmt: skip


def _accuracy(question: ScoreQuestion, scored: Scored, kept: ScoreHistograms, large: ndarray) -> Curves:
    n = scored.counts.effective[:, :2].sum((1, 2))
    lines = _lines(scored, kept, _swept(kept, "accuracy"), n, large)
    title = question.say("How often the answer is right for {plural}, at every threshold (accuracy)")
    return _drawn(scored, "sweep.accuracy", title, spoken(SENTENCES["accuracy"].axis, question.words), lines)


def _drawn(scored: Scored, name: str, title: Sentence, axis: Sentence, lines: tuple[Curve, ...]) -> Curves:
    percent, at = scored.counts.probabilities, scored.threshold
    return Curves(
        name=name,
        title=title,
        x_axis=say("Threshold, in %") if percent else say("Threshold"),
        y_axis=axis,
        hint=say("Line: the group's rate if everybody from this score on were selected; shaded: 95 % intervals."),
        curves=lines,
        percent=percent,
        mark=at,
        mark_label=None if at is None else say("threshold in use: {at}", at=_score(at, percent)),
    )


def _details(scored: Scored, kept: ScoreHistograms, rate: SweptRate, chosen: ndarray) -> list[Sentence]:
    """The gap at the threshold in use, and where the widest gap is largest and smallest."""
    swept = _swept(kept, rate)[:, chosen]
    gaps = swept.max(1) - swept.min(1)
    middle = swept.mean(1)
    busy = np.flatnonzero((middle >= 0.05) & (middle <= 0.95))
    percent = scored.counts.probabilities

    def values(place: int) -> Mapping[str, Quantity]:
        return {"at": _score(kept.edges[place], percent), "gap": Points(value=float(gaps[place]))}

    said = []
    if scored.threshold is not None:
        now = int(np.argmin(np.abs(np.array(kept.edges[:-1]) - scored.threshold)))
        said.append(say("At the threshold in use ({at}) the widest gap between two groups is {gap}.", **values(now)))
    if len(busy):
        largest, smallest = int(busy[gaps[busy].argmax()]), int(busy[gaps[busy].argmin()])
        said.append(say("It is largest at {at}: {gap}.", **values(largest)))
        said.append(
            say(
                "It is smallest at {at}: {gap} (among thresholds that select 5 to 95 % of those who count).",
                **values(smallest),
            )
        )
    return said


def _score(value: float, percent: bool) -> Quantity:
    return Share(value=value) if percent else Number(value=value, digits=4)

"""Frames of evidence about scores."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from audits.frames.rows import Row, rows
from audits.score_evidence import Curves, ScoreHistograms


@rows.register
def _curves(evidence: Curves) -> Iterator[Row]:
    for curve in evidence.curves:
        for point in curve.points:
            yield {
                "group": curve.group,
                "label": curve.label,
                "x": point.x,
                "y": point.y,
                "low": point.low,
                "high": point.high,
                "n": point.n,
            }


@rows.register
def _score_histograms(evidence: ScoreHistograms) -> Iterator[Row]:
    for group in evidence.groups:
        counts = zip(group.positives, group.negatives, group.unlabelled, strict=True)
        for (low, high), (positives, negatives, unlabelled) in zip(pairwise(evidence.edges), counts, strict=True):
            yield {
                "group": group.group,
                "label": group.label,
                "from": low,
                "to": high,
                "positives": positives,
                "negatives": negatives,
                "unlabelled": unlabelled,
            }

"""Curves and score histograms, as the audits of scores hand them over."""

from __future__ import annotations

from audits.score_evidence import Curve, CurvePoint, Curves, GroupScores, ScoreHistograms
from probes.speech import Share, say
from tests.reports.sample_evidence import GROUPS, LABELS, Rewrite, wilson


def sample_calibration(data: Rewrite) -> Curves:
    def points(turn: int, n: int) -> tuple[CurvePoint, ...]:
        places = [(0.05 + 0.1 * at, max(1, n // (2 + abs(at - 3)))) for at in range(10)]
        found = [(x, round(rows * min(1.0, x * (0.7 + 0.08 * turn))), rows) for x, rows in places]
        return tuple(
            CurvePoint(x=x, y=events / rows, low=wilson(events, rows).low, high=wilson(events, rows).high, n=rows)
            for x, events, rows in found
        )

    curves = tuple(
        Curve(group=data(value), label=data(LABELS[value]), n=n, points=points(turn, n), compared=n >= 10)
        for turn, (value, (_, n)) in enumerate(GROUPS.items())
    )
    return Curves(
        name="calibration",
        title=say("What scores mean in each group (calibration)"),
        x_axis=say("Mean score in the bin, in %"),
        y_axis=say("Share labelled {label}, in %", label=data("biased")),
        hint=say("Below the dashed line scores are too high."),
        diagonal=say("calibrated: scores come true"),
        curves=(*curves, Curve(group="none", label="Nobody", n=0, points=(), compared=False)),
    )


def sample_sweep(data: Rewrite) -> Curves:
    curves = tuple(
        Curve(
            group=data(value),
            label=data(LABELS[value]),
            n=n,
            points=tuple(
                CurvePoint(x=at / 50, y=(1 - at / 50) ** (1 + turn / 3), low=None, high=None, n=n) for at in range(50)
            ),
        )
        for turn, (value, (_, n)) in enumerate(GROUPS.items())
    )
    return Curves(
        name="sweep.selection-rate",
        title=say("How often comments are flagged, at every threshold"),
        x_axis=say("Threshold, in %"),
        y_axis=say("Share flagged, in %"),
        hint=say("Line: the group's rate if everybody from this score on were selected."),
        curves=curves,
        mark=0.5,
        mark_label=say("threshold in use: {at}", at=Share(value=0.5)),
    )


def sample_histograms(data: Rewrite) -> ScoreHistograms:
    def group(value: str, n: int, turn: int) -> GroupScores:
        shape = [max(0.0, 1 - abs(at - 6 - turn) / 8) for at in range(20)]
        whole = [round(n * part / sum(shape), 3) for part in shape]
        return GroupScores(
            group=data(value),
            label=data(LABELS[value]),
            positives=tuple(round(rows * at / 20, 3) for at, rows in enumerate(whole)),
            negatives=tuple(round(rows * (1 - at / 20), 3) for at, rows in enumerate(whole)),
            unlabelled=(0.0,) * 20,
        )

    return ScoreHistograms(
        name="scores",
        title=say("How the scores are spread"),
        axis=say("Score of {label}", label=data("biased")),
        hint=say("Right of the dotted line comments are flagged."),
        positive=data("biased"),
        edges=tuple(at / 20 for at in range(21)),
        threshold=0.5,
        groups=tuple(group(value, n, turn) for turn, (value, (_, n)) in enumerate(GROUPS.items())),
    )

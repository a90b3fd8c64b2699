"""How likely the subject finds the positive class in every row, whether a model was asked or a column holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from audits.data.population import KEY, Population
from audits.engine.decisions import classifier
from probes.errors import NotApplicable
from probes.predictions import Predictions, probabilities
from probes.speech import Names
from probes.subjects.capabilities import Recorded, Subject

if TYPE_CHECKING:
    from audits.engine.bench import Bench

SCORE = "@score"
"""Probability of the positive class, or the score column's number; null where there is none."""

EVEN_ODDS = 0.5


def scores(bench: Bench, data: Population, positive: str | None) -> pl.LazyFrame:
    """The population with its decisions (see audits.engine.decisions) and @score; higher means more surely positive.

    Raises NotApplicable where the plan names no positive class, or the subject is a column of predictions.
    """
    subject = bench.subject
    if isinstance(subject, Recorded):
        return bench.decisions(data, positive).with_columns(_recorded(subject).alias(SCORE))
    labels = classifier(subject).labels
    if positive is None:
        raise NotApplicable(
            "of the model's classes ({labels}) the plan names none as positive; set data.positive",
            labels=Names(texts=labels),
        )
    rows = data.rows()
    results = bench.measure(Predictions(), rows)
    logits = np.array([result.logits for result in results], dtype=np.float64).reshape(len(rows), len(labels))
    shares = probabilities(logits, classifier(subject).multilabel)[:, labels.index(positive)]
    scored = pl.LazyFrame({KEY: [row.key for row in rows], SCORE: shares})
    return bench.decisions(data, positive).join(scored, on=KEY, how="left", maintain_order="left")


def threshold(subject: Subject) -> float | None:
    """Where the decision for the positive class begins; None where it is one of three or more, which has no one place.

    Of two equally probable classes a model's decision is the first.
    """
    if isinstance(subject, Recorded):
        return subject.threshold if subject.score is not None else None
    one = classifier(subject)
    return EVEN_ODDS if one.multilabel or len(one.labels) == 2 else None


def _recorded(subject: Recorded) -> pl.Expr:
    if subject.score is None:
        raise NotApplicable(
            "column {column} holds predictions, and this needs scores; name a column of them: table:?score=COLUMN",
            column=subject.prediction or "",
        )
    score = pl.col(subject.score).cast(pl.Float64, strict=False)
    return pl.when(score.is_finite()).then(score)

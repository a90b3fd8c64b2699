"""What the subject decided about every row, whether a model was asked or a column holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from audits.data.canonical import filled_text
from audits.data.classes import numbered
from audits.data.nearest import nearest
from audits.data.population import KEY, LABEL, Population
from probes.errors import BadData, NotApplicable
from probes.predictions import Predictions, probabilities
from probes.subjects.capabilities import Classifies, Recorded, Subject

if TYPE_CHECKING:
    from audits.engine.bench import Bench

PREDICTED = "@predicted"
"""Predicted class; for a multi-label subject a list of them."""
PROBABILITY = "@probability"
"""Probability of the predicted class (multi-label: of the most probable label)."""
MARGIN = "@margin"
"""How far the decision is from tipping over, as a probability."""
TRUNCATED = "@truncated"
"""Whether the model read only the beginning."""
SELECTED = "@selected"
ACTUAL = "@actual"
CORRECT = "@correct"

MOST_CLASSES = 200
"""A prediction column with more distinct values is not one of classes."""


def predictions(bench: Bench, data: Population) -> pl.DataFrame:
    """The model's decision for every row: key, class, probability, margin and whether the text was cut."""
    subject = classifier(bench.subject)
    rows = data.rows()
    results = bench.measure(Predictions(), rows)
    logits = np.array([result.logits for result in results], dtype=np.float64).reshape(len(rows), len(subject.labels))
    shares = probabilities(logits, subject.multilabel)
    names = np.array(subject.labels)
    if subject.multilabel:
        decided = pl.Series([names[row >= 0.5].tolist() for row in shares], dtype=pl.List(pl.String))
        margin = np.abs(shares - 0.5).min(axis=1)
    else:
        decided = pl.Series(names[shares.argmax(axis=1)].tolist(), dtype=pl.String)
        two = np.sort(shares, axis=1)[:, -2:]
        margin = two[:, 1] - two[:, 0]
    return pl.DataFrame(
        {
            KEY: [row.key for row in rows],
            PREDICTED: decided,
            PROBABILITY: shares.max(axis=1),
            MARGIN: margin,
            TRUNCATED: [bool(result.truncated) for result in results],
        }
    )


def decisions(bench: Bench, data: Population, positive: str | None) -> pl.LazyFrame:
    """The population with what was decided: selected (predicted positive), actual and correct; null where unknown."""
    subject = bench.subject
    if isinstance(subject, Recorded):
        frame = data.frame.with_columns(_recorded(subject, data).alias(PREDICTED))
    else:
        decided = predictions(bench, data)
        frame = data.frame.join(decided.lazy(), on=KEY, how="left", maintain_order="left")
    if classifier(subject).multilabel:
        return frame.with_columns(
            **{
                SELECTED: pl.col(PREDICTED).list.contains(positive)
                if positive is not None
                else pl.lit(None, pl.Boolean),
                ACTUAL: pl.col(LABEL).list.contains(positive) if positive is not None else pl.lit(None, pl.Boolean),
                CORRECT: pl.col(PREDICTED).list.sort() == pl.col(LABEL).list.sort(),
            }
        )
    chosen = pl.lit(positive, pl.String)
    return frame.with_columns(
        **{
            SELECTED: pl.col(PREDICTED) == chosen,
            ACTUAL: pl.col(LABEL) == chosen,
            CORRECT: pl.col(PREDICTED) == pl.col(LABEL),
        }
    )


def classifier(subject: Subject) -> Classifies:
    """The subject as one that classifies. Raises NotApplicable where it does not."""
    if not isinstance(subject, Classifies):
        raise NotApplicable("{subject} does not classify", subject=subject.uri)
    return subject


def labels_from(subject: Recorded, data: Population) -> tuple[str, ...]:
    """The classes that stand in the data, sorted: predictions and labels, or labels beside a score.

    Raises BadData where a column is missing, empty, or holds numbers that are no classes.
    """
    columns = data.frame.collect_schema().names()
    column = subject.prediction or subject.score or ""
    if column not in columns:
        own = [name for name in columns if not name.startswith("@")]
        raise BadData(
            "the subject names the column {column}, which {source} does not have; did you mean {near}?",
            column=column,
            source=data.plan.source,
            near=nearest(column, own) or ", ".join(own),
        )
    found: set[str] = set()
    if subject.prediction is not None:
        found |= _distinct(data.frame.select(_text(subject.prediction, data)))
    if data.plan.label is not None:
        found |= _distinct(data.frame.select(pl.col(LABEL)))
    if len(found) > MOST_CLASSES:
        raise BadData(
            "column {column} holds {n} different values, which are no classes; for a score write table:?score={column}",
            column=column,
            n=len(found),
        )
    positive = data.plan.positive
    if subject.score is not None and not found:
        found = {positive or "selected", f"not {positive or 'selected'}"}
    if positive is not None and len(found) == 1:
        found |= {positive}
    if positive is not None and len(found) == 2 and positive in found:
        return (*(found - {positive}), positive)
    return tuple(sorted(found))


def _recorded(subject: Recorded, data: Population) -> pl.Expr:
    if subject.prediction is not None:
        return _text(subject.prediction, data)
    labels = classifier(subject).labels if isinstance(subject, Classifies) else ()
    positive = data.positive(labels)
    if positive is None or len(labels) != 2:
        raise NotApplicable(
            "a score decides between two classes, and the data has {n}; name prediction=COLUMN instead", n=len(labels)
        )
    negative = next(label for label in labels if label != positive)
    score = pl.col(subject.score or "").cast(pl.Float64, strict=False).fill_nan(None)
    return pl.when(score >= subject.threshold).then(pl.lit(positive)).when(score.is_not_null()).then(pl.lit(negative))


def _text(column: str, data: Population) -> pl.Expr:
    """A prediction column as class names, in the same canonical form as labels."""
    written = filled_text(pl.col(column), data.frame.collect_schema()[column])
    if written is None:
        raise BadData("column {column} holds lists or bytes, not one class a row", column=column)
    names = {**numbered(data.classes), **data.plan.classes}
    return written.replace(names) if names else written


def _distinct(frame: pl.LazyFrame) -> set[str]:
    values = frame.unique().collect().to_series().drop_nulls()
    return set(values.head(10 * MOST_CLASSES).to_list())

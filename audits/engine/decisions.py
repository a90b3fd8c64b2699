"""What the subject decided about every row, whether a model was asked or a column holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from audits.data.canonical import filled_text
from audits.data.classes import numbered
from audits.data.population import KEY, LABEL, Population
from probes.errors import BadData, NotApplicable
from probes.nearest import nearest
from probes.predictions import Predictions, probabilities
from probes.speech import Names
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
    schema = frame.collect_schema()
    chosen = pl.lit(positive, pl.String)
    label, predicted = pl.col(LABEL), pl.col(PREDICTED)
    several = isinstance(schema[LABEL], pl.List)
    if not several and classifier(subject).multilabel:
        label, several = listed(label), True
    if classifier(subject).multilabel:
        correct = predicted.list.sort() == label.list.sort()
        selected = predicted.list.contains(chosen)
    else:
        # One answer where the data allows several: it is right when it is one of them.
        correct = label.list.contains(predicted) if several else predicted == label
        selected = predicted == chosen
    return frame.with_columns(
        **{
            SELECTED: selected if positive is not None else pl.lit(None, pl.Boolean),
            ACTUAL: (label.list.contains(chosen) if several else label == chosen)
            if positive is not None
            else pl.lit(None, pl.Boolean),
            CORRECT: correct,
        }
    )


def countable(subject: Subject, data: Population) -> Population:
    """The population as an audit may take it that only counts: decisions in a column are counted beforehand."""
    return data.counted(subject.prediction) if isinstance(subject, Recorded) else data


def listed(label: pl.Expr) -> pl.Expr:
    """A column of single labels as lists of one, for a model that may give several; null stays null."""
    return pl.when(label.is_not_null()).then(pl.concat_list(label))


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
    data = countable(subject, data)
    predicted = _predicted_classes(subject, data)
    labels = _true_classes(data)
    if len(predicted | labels) > 2 and predicted and labels and not predicted & labels:
        raise BadData(
            "column {column} holds {predicted}, and column {label} holds {labels}: no value is in both; "
            "say under data.classes which label is which class",
            column=column,
            predicted=Names(texts=tuple(sorted(predicted)), most=3),
            label=data.plan.label or "",
            labels=Names(texts=tuple(sorted(labels)), most=3),
        )
    found = predicted | labels
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


def _predicted_classes(subject: Recorded, data: Population) -> set[str]:
    """The values of a prediction column, none for a score; BadData where the column cannot be what it is said to be."""
    column = subject.prediction or subject.score or ""
    values = pl.col(column)
    dtype = data.frame.collect_schema()[column]
    if subject.prediction is None:
        number = values.cast(pl.Float64, strict=False).is_finite() if not dtype.is_nested() else pl.lit(False)
        if not data.frame.select(number.any()).collect().item():
            raise BadData("column {column} holds no numbers, so it is no score", column=column)
        return set()
    if dtype.is_float():
        fraction = data.frame.filter(values.is_finite() & (values != values.round())).select(values).head(1).collect()
        if fraction.height:
            raise BadData(
                "column {column} holds numbers such as {value}, which are no classes; "
                "for a score write table:?score={column}",
                column=column,
                value=f"{fraction.item():.3g}",
            )
    found = _distinct(data.frame.select(_text(column, data)))
    if not found:
        raise BadData("column {column} of {source} is empty", column=column, source=data.plan.source)
    if len(found) > MOST_CLASSES:
        raise BadData(
            "column {column} holds more than {most} different values, which are no classes; "
            "for a score write table:?score={column}",
            column=column,
            most=MOST_CLASSES,
        )
    return found


def _true_classes(data: Population) -> set[str]:
    if data.plan.label is None:
        return set()
    if isinstance(data.frame.collect_schema()[LABEL], pl.List):
        raise BadData("column {column} holds lists; a table of predictions has one class a row", column=data.plan.label)
    found = _distinct(data.frame.select(LABEL))
    if len(found) > MOST_CLASSES:
        raise BadData(
            "column {column} (data.label in the plan) holds more than {most} different values, which are no classes",
            column=data.plan.label,
            most=MOST_CLASSES,
        )
    return found


def _distinct(frame: pl.LazyFrame) -> set[str]:
    """Distinct values, of very many only so many that there are seen to be too many."""
    values = frame.unique().collect(engine="streaming").to_series().drop_nulls()
    return set(values.head(MOST_CLASSES + 1).to_list())

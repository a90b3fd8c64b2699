"""Labels of the data brought to the names of the model's classes."""

from __future__ import annotations

import polars as pl

from audits.data.columns import LABEL
from audits.data.reading import readable
from audits.plan import DataPlan
from probes.errors import BadData
from probes.speech import Names


def numbered(labels: tuple[str, ...]) -> dict[str, str]:
    """The number of each class as text -> its name; nothing where numbers are names themselves."""
    if any(label.removeprefix("-").isdecimal() for label in labels):
        return {}
    return {str(at): label for at, label in enumerate(labels)}


def named(frame: pl.LazyFrame, labels: tuple[str, ...]) -> pl.LazyFrame:
    """The frame with class names for class numbers in its labels; what is no class stays as it is."""
    names = numbered(labels)
    if isinstance(frame.collect_schema()[LABEL], pl.List):
        if names and _multi_hot(frame, len(labels)):
            hot = [
                pl.when(pl.col(LABEL).list.get(at, null_on_oob=True) == "1").then(pl.lit(label)).otherwise(None)
                for at, label in enumerate(labels)
            ]
            found = pl.concat_list(hot).list.drop_nulls()
            return frame.with_columns(pl.when(pl.col(LABEL).is_not_null()).then(found).alias(LABEL))
        return frame.with_columns(pl.col(LABEL).list.eval(pl.element().replace(names)))
    return frame.with_columns(pl.col(LABEL).replace(names))


def _multi_hot(frame: pl.LazyFrame, classes: int) -> bool:
    """Whether every list of labels says 0 or 1 for each class, as trainers of multi-label models keep them."""
    labels = pl.col(LABEL)
    whole = (labels.list.len() == classes) & labels.list.eval(pl.element().is_in(["0", "1"])).list.all()
    return classes > 1 and bool(frame.select(whole.all()).collect(engine="streaming").item())


def check(frame: pl.LazyFrame, plan: DataPlan, labels: tuple[str, ...]) -> None:
    """BadData where a label that is recorded is neither a class's name nor its number."""
    if plan.label is None:
        return
    column = frame.select(LABEL)
    if isinstance(frame.collect_schema()[LABEL], pl.List):
        column = column.explode(LABEL)
    with readable(plan.source):
        there = column.unique().drop_nulls().sort(LABEL).collect(engine="streaming")[LABEL].to_list()
    known = {*labels, *numbered(labels)}
    wrong = tuple(label for label in there if label not in known)
    if wrong:
        raise BadData(
            "column {column} of {source} holds {wrong}, but the model's classes are {classes}; "
            "map them under data.classes in the plan",
            column=plan.label,
            source=plan.source,
            wrong=Names(texts=wrong, most=3),
            classes=Names(texts=labels, most=12),
        )

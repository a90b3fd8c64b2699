"""The columns that a model of tables reads, found in the data and in the plan."""

from __future__ import annotations

import polars as pl

from audits.data import canonical
from audits.data.population import Population
from audits.data.reading import readable
from probes.errors import BadData, BadPlan
from probes.nearest import nearest
from probes.speech import Names
from probes.subjects.capabilities import Tabular


def with_features(subject: Tabular, data: Population) -> tuple[Tabular, Population]:
    """The model over its columns, and the rows with these columns as inputs, in the model's order.

    The plan may list them in any order, or leave them to the model. Raises BadPlan or BadData for a column that is
    listed and not read, read and not listed, or not there.
    """
    listed = data.plan.input
    wanted = subject.features or listed
    if not wanted:
        raise BadPlan(
            "the model {subject} does not say which columns it reads; list them under data.input in the plan, "
            "in the order of its training",
            subject=subject.uri,
        )
    there = [name for name in data.frame.collect_schema().names() if not name.startswith("@")]
    for column in wanted:
        if column not in there:
            raise _missing(column, there, data.plan.source)
    if listed and set(listed) != set(wanted):
        raise _disagreement(listed, wanted)
    if listed != wanted:
        data = data.with_inputs(wanted)
    return subject.with_columns(numeric(data)), data


def numeric(data: Population) -> dict[str, bool]:
    """Whether each input column holds numbers only, whatever type its source gives it; empty cells aside."""
    schema = data.frame.collect_schema()
    texts = [name for name in data.plan.input if schema[name] == pl.String]
    asked = []
    for at, name in enumerate(texts):
        filled = canonical.filled_text(pl.col(name), schema[name])
        assert filled is not None
        number = filled.cast(pl.Float64, strict=False).is_not_null()
        asked.append((number | filled.is_null()).all().alias(f"{at}"))
        asked.append(number.any().alias(f"any {at}"))
    with readable(data.plan.source):
        found = data.frame.select(asked).collect(engine="streaming").row(0, named=True) if asked else {}
    wholly = {name: bool(found[f"{at}"] and found[f"any {at}"]) for at, name in enumerate(texts)}
    return {name: wholly.get(name, schema[name].is_numeric() or schema[name] == pl.Boolean) for name in data.plan.input}


def _missing(column: str, there: list[str], source: str) -> BadData:
    near = nearest(column, there)
    if near is not None:
        return BadData(
            "the model reads the column {column}, which {source} does not have; did it mean {near}? Rename it in the "
            "data",
            column=column,
            source=source,
            near=near,
        )
    return BadData(
        "the model reads the column {column}, which {source} does not have; its columns are {columns}",
        column=column,
        source=source,
        columns=Names(texts=tuple(there), most=12),
    )


def _disagreement(listed: tuple[str, ...], wanted: tuple[str, ...]) -> BadPlan:
    extra = next((column for column in listed if column not in wanted), None)
    if extra is not None:
        return BadPlan(
            "data.input in the plan lists {column}, which the model was not trained on; leave it out, or leave "
            "data.input to the model",
            column=extra,
        )
    return BadPlan(
        "the model reads {column}, which data.input in the plan does not list; add it, or leave data.input to the "
        "model",
        column=next(column for column in wanted if column not in listed),
    )

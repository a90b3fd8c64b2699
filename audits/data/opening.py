"""From a plan to its population: the source opened, the split taken, everything that can be wrong with rows checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from audits.data import canonical, census
from audits.data.columns import KEY, TIMES, WEIGHT
from audits.data.mapping import mapped, need_columns, split_text
from audits.data.population import Population
from audits.data.reading import readable
from audits.data.sources import no_split, open_source
from audits.manifest import DataCard
from audits.plan import DataPlan, Plan, Words
from probes.errors import BadData
from probes.speech import Names


def open_population(
    plan: Plan, *, base: Path | None = None, home: Path | None = None, beside: Sequence[str] = ()
) -> Population:
    """The audited rows of a plan; relative paths start at `base`, built-in sets are kept under `home`.

    Columns named `beside` are counted along with those of the plan, in the same look at the rows.
    """
    return _opened(plan.data, plan.words, base, home, beside)


def population_of(frame: pl.DataFrame | pl.LazyFrame, plan: DataPlan, words: Words | None = None) -> Population:
    """A population over rows that are already in memory; `plan.source` is only a name then."""
    words = words or Words()
    return _populated(frame.lazy(), plan, words, lambda other: population_of(frame, other, words))


def _opened(
    plan: DataPlan, words: Words, base: Path | None, home: Path | None, beside: Sequence[str] = ()
) -> Population:
    with readable(plan.source):
        frame = open_source(plan, base=base, home=home)
        frame.collect_schema()
    return _populated(frame, plan, words, lambda other: _opened(other, words, base, home), beside)


def _populated(
    frame: pl.LazyFrame,
    plan: DataPlan,
    words: Words,
    reopen: Callable[[DataPlan], Population],
    beside: Sequence[str] = (),
) -> Population:
    with readable(plan.source):
        need_columns(frame.collect_schema(), plan)
        part = _part(frame, plan)
        rows = mapped(part, plan)
        alike = census.counted(part, plan, beside) if census.countable(part.collect_schema(), plan) else None
        size = _counted(rows.frame, plan) if alike is None else int(alike[TIMES].sum())
        if not size:
            raise _nobody(frame, plan)
        once = rows if alike is None else mapped(alike.lazy(), plan)
        digest = canonical.digest(once.frame, once.content, once.header)
    card = DataCard(source=plan.source, digest=digest, rows=size, split=plan.split)
    return Population(rows.frame, plan, words, card, reopen, alike=alike)


def _part(frame: pl.LazyFrame, plan: DataPlan) -> pl.LazyFrame:
    """The rows of the audited split."""
    if plan.split is None:
        return frame
    schema = frame.collect_schema()
    if plan.split_column not in schema:
        raise BadData(
            "no column {column} in {source} to take the split {split} from; name it in data.split_column "
            "(columns: {columns})",
            column=plan.split_column,
            source=plan.source,
            split=plan.split,
            columns=Names(texts=tuple(schema.names()), most=12),
        )
    return frame.filter(split_text(schema, plan) == plan.split)


def _counted(frame: pl.LazyFrame, plan: DataPlan) -> int:
    """How many rows there are, once their weights and ids are known to be sound."""
    weight = pl.col(WEIGHT)
    wanted = [pl.len().alias("rows")]
    if plan.weight is not None:
        wanted += [(~(weight.is_finite() & (weight >= 0)).fill_null(False)).sum().alias("unsound")]
        wanted += [weight.sum().alias("total")]
    if plan.id is not None:
        wanted += [pl.col(KEY).null_count().alias("nameless"), pl.col(KEY).n_unique().alias("names")]
    found = frame.select(wanted).collect(engine="streaming").row(0, named=True)
    rows = int(found["rows"])
    if not rows:
        return rows
    if plan.weight is not None:
        _need_weights(int(found["unsound"]), float(found["total"]), plan.weight, plan)
    if plan.id is not None:
        _need_names(frame, int(found["nameless"]), int(found["names"]), rows, plan.id, plan)
    return rows


def _need_weights(unsound: int, total: float, column: str, plan: DataPlan) -> None:
    if unsound:
        raise BadData(
            "weights that are missing, negative or no number stand in column {column} of {source} (data.weight in the "
            "plan), {n} of them; correct them, or leave data.weight out",
            column=column,
            source=plan.source,
            n=unsound,
        )
    if not total:
        raise BadData(
            "every weight in column {column} of {source} is 0; correct them, or leave data.weight out",
            column=column,
            source=plan.source,
        )


def _need_names(frame: pl.LazyFrame, nameless: int, names: int, rows: int, column: str, plan: DataPlan) -> None:
    if nameless:
        raise BadData(
            "rows without a value in column {column} of {source} (data.id in the plan): {n}; name them all, or leave "
            "data.id out",
            n=nameless,
            source=plan.source,
            column=column,
        )
    if names < rows:
        twice = frame.group_by(KEY).len().filter(pl.col("len") > 1).sort(KEY).select(KEY).head(1).collect()
        raise BadData(
            "column {column} of {source} (data.id in the plan) names several rows {name}; "
            "name rows uniquely, or leave data.id out",
            name=twice.item(),
            column=column,
            source=plan.source,
        )


def _nobody(frame: pl.LazyFrame, plan: DataPlan) -> BadData:
    """Why there are no rows: the source is empty, or the split is not one of those it has."""
    if plan.split is not None:
        splits = frame.select(split=split_text(frame.collect_schema(), plan)).unique().drop_nulls().sort("split")
        there = splits.collect()["split"].to_list()
        if there:
            return no_split(plan.split, there, plan.source)
    return BadData("the source {source} has no rows; at least one is needed", source=plan.source)

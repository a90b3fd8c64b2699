"""The audited rows of a finished run, to be filtered, sorted, paged through and picked from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from audits.browse.columns import HIDDEN, BrowsedColumn
from audits.browse.filters import Filter, Sort
from audits.browse.origin import Origin, group_name
from audits.data.columns import KEY, LABEL, group_column
from audits.engine.progress import Progress, silent
from audits.runs import Run
from probes.errors import BadData, NotApplicable
from probes.speech import say

if TYPE_CHECKING:
    import polars as pl

    from audits.data.rows import Rows

Picking = Literal["misclassified", "borderline", "random", "all"]

ROW, DRAW = HIDDEN


def rows_of(run: Run, base: Path | None = None, progress: Progress = silent) -> BrowsedRows:
    """The rows of a run with what was decided about each; `base` is where its plan's relative paths start.

    The first time they are put together and kept, which needs the data and, for what is not measured yet, the
    model; from then on they are only read. Raises BadData or BadSubject where what was audited has changed or gone.
    """
    import polars as pl

    from audits.browse.kept_rows import kept

    path, notes = kept(run, base, progress)
    return BrowsedRows(run, notes.columns, notes.inputs, pl.scan_parquet(path, glob=False))


@dataclass(frozen=True)
class BrowsedRows:
    """Rows of one run; nothing is held in memory but what is asked for."""

    run: Run
    columns: tuple[BrowsedColumn, ...]
    """@key, what was decided, @label, groups, @weight, then the columns of the data."""
    reads: tuple[str, ...]
    """Columns that the model reads, in its order; none where decisions stand in the data."""
    _scan: pl.LazyFrame = field(repr=False)

    @property
    def frame(self) -> pl.LazyFrame:
        """All rows, in the data's order."""
        return self._scan.drop(HIDDEN)

    def has(self, *names: str) -> bool:
        """Whether there are these columns."""
        return set(names) <= {column.name for column in self.columns}

    def count(self, filters: Sequence[Filter] = ()) -> int:
        """Rows that fulfil every filter."""
        import polars as pl

        return int(self._chosen(filters).select(pl.len()).collect().item())

    def page(
        self, filters: Sequence[Filter] = (), sort: Sort | None = None, start: int = 0, count: int = 50
    ) -> pl.DataFrame:
        """So many rows from `start` on, in the data's order where no other is asked for."""
        import polars as pl

        chosen = self._chosen(filters)
        if sort is None:
            return chosen.slice(start, count).drop(HIDDEN).collect()
        column = sort.check(self.columns)
        values = pl.col(column.name)
        # Places first: the other columns are read for the rows of this page alone.
        places = chosen.select(ROW, (values.list.join(", ") if column.several else values).alias("by"))
        places = places.sort("by", descending=sort.falling, nulls_last=True, maintain_order=True).slice(start, count)
        return self._at(places.collect()[ROW])

    def one(self, key: str) -> dict[str, Any]:
        """A row by its key. Raises BadData where there is none."""
        import polars as pl

        found = self.frame.filter(pl.col(KEY) == key).collect()
        if not found.height:
            raise BadData("there is no row {key} in run {run}; choose one from its rows", key=key[:80], run=self.run.id)
        return found.row(0, named=True)

    def keys(
        self,
        picking: Picking = "all",
        group: tuple[str, str] | None = None,
        filters: Sequence[Filter] = (),
        most: int | None = None,
    ) -> list[str]:
        """Keys of rows: misclassified ones in random order, from the smallest margin on, random ones, or all.

        `group` is a protected attribute and a value of it. Random orders follow from the plan's seed, and do not
        change. Raises NotApplicable where nothing is known of what is picked by.
        """
        import polars as pl

        from audits.engine.decisions import CORRECT, MARGIN

        chosen = self._chosen([*filters, *([_in_group(*group)] if group else [])])
        if picking in ("misclassified", "borderline"):
            needed = CORRECT if picking == "misclassified" else MARGIN
            if not self.has(needed):
                raise NotApplicable("{column} is not known of these rows, so none can be picked by it", column=needed)
            chosen = chosen.filter(~pl.col(CORRECT) if picking == "misclassified" else pl.col(MARGIN).is_not_null())
        order = {"misclassified": [DRAW], "borderline": [MARGIN, DRAW], "random": [DRAW], "all": []}[picking]
        chosen = chosen.select(KEY, *order)
        if order:
            chosen = chosen.sort(order)
        if most is not None:
            chosen = chosen.head(most)
        keys: list[str] = chosen.select(KEY).collect()[KEY].to_list()
        return keys

    def inputs(self, keys: Sequence[str]) -> Rows:
        """What the model reads of these rows, in the order of the keys. Raises NotApplicable where it reads none."""
        import polars as pl

        from audits.data.mapping import inputs
        from audits.data.rows import Rows

        if not self.reads:
            raise NotApplicable("the plan names no input column, so there is nothing to show the model")
        plan = self.run.plan.data.model_copy(update={"input": self.reads})
        texts = inputs(self._scan.collect_schema(), plan)
        found = self._scan.filter(pl.col(KEY).is_in(list(keys)))
        read = found.select(pl.col(KEY), *(text.alias(f"@input.{at}") for at, text in enumerate(texts))).collect()
        order = pl.DataFrame({KEY: list(keys)}, schema={KEY: pl.String})
        return Rows(order.join(read, on=KEY, how="inner", maintain_order="left"))

    def origin(self, key: str) -> Origin:
        """What is told about a row beside its words. Raises BadData where there is none."""
        row, plan = self.one(key), self.run.plan
        label = row[LABEL]
        groups = {attribute: str(row[group_column(attribute)]) for attribute in plan.data.protected}
        return Origin(
            key=key,
            chosen=say("Chosen from the rows of the run."),
            actual=", ".join(sorted(label)) if isinstance(label, list) else label,
            groups={attribute: group_name(plan.words, value) for attribute, value in groups.items()},
        )

    def _chosen(self, filters: Sequence[Filter]) -> pl.LazyFrame:
        chosen = self._scan
        for one in filters:
            chosen = chosen.filter(one.expression(self.columns))
        return chosen

    def _at(self, places: pl.Series) -> pl.DataFrame:
        import polars as pl

        found = self._scan.filter(pl.col(ROW).is_in(places.to_list())).collect()
        order = places.to_frame(ROW)
        return order.join(found, on=ROW, how="left", maintain_order="left").drop(HIDDEN)


def _in_group(attribute: str, value: str) -> Filter:
    return Filter(column=group_column(attribute), kind="is", value=value)

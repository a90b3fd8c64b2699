"""What the columns of a source hold, at a glance: enough to ask what they mean before anything is audited."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audits.plan import DataPlan

if TYPE_CHECKING:
    import polars as pl

ENOUGH: Final = 50_000
"""Rows that are looked at; of more, every second, third and so on."""

FEW: Final = 20
"""A column with more values than this is not listed by value."""


LONGEST: Final = 500
"""Letters of a text among the first rows."""


class Kind(StrEnum):
    """What a column's values are, as far as a plan cares."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "yes or no"
    LIST = "list"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Column:
    """One column as it was seen."""

    name: str
    kind: Kind
    distinct: int
    """Values other than nothing."""
    missing: float
    """Share of rows without a value."""
    unique: bool = False
    """Whether every row seen has a value of its own."""
    letters: float = 0.0
    """Mean length of its texts."""
    values: tuple[str, ...] = ()
    """Its values as the plan reads them, the commonest first; none where there are more than FEW."""


@dataclass(frozen=True, slots=True)
class Glance:
    """A source's size, its columns, and the rows at its beginning."""

    rows: int
    columns: tuple[Column, ...]
    first: pl.DataFrame

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in the source's order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str | None) -> Column | None:
        """The column of a name."""
        return next((column for column in self.columns if column.name == name), None)


def glance(source: str, *, base: Path | None = None, home: Path | None = None, most: int = 50) -> Glance:
    """Opens a source and looks at its columns. Raises BadData in one line where it cannot be read."""
    import polars as pl

    from audits.data.reading import readable
    from audits.data.sources import open_source
    from probes.errors import BadData

    with readable(source):
        schema = open_source(DataPlan(source=source), base=base, home=home).collect_schema()
        # Every column may turn out to be an attribute: codes such as 007 are shown as an audit would read them.
        every = DataPlan(source=source, protected=tuple(schema.names()))
        frame = open_source(every, base=base, home=home)
        rows = int(frame.select(pl.len()).collect(engine="streaming").item())
        if not rows or not len(schema):
            raise BadData("the source {source} has no rows; at least one is needed", source=source)
        seen = frame.gather_every(max(1, rows // ENOUGH)).collect(engine="streaming")
        first = frame.head(most).with_columns(pl.col(pl.String).str.slice(0, LONGEST)).collect()
    return Glance(rows, tuple(_column(seen[name]) for name in seen.columns), first)


def _column(values: pl.Series) -> Column:
    import polars as pl

    from audits.data import canonical

    frame = values.to_frame()
    written = canonical.filled_text(pl.col(values.name), values.dtype)
    if written is None:
        lists = canonical.texts(pl.col(values.name), values.dtype)
        if lists is None:
            return Column(values.name, Kind.OTHER, 0, values.null_count() / len(values))
        members = frame.select(lists.alias("member"))["member"].explode().drop_nulls()
        listed = _commonest(members)
        return Column(values.name, Kind.LIST, members.n_unique(), values.null_count() / len(values), values=listed)
    text = frame.select(written.alias("text"))["text"]
    there = text.drop_nulls()
    distinct, is_text = there.n_unique(), values.dtype == pl.String
    return Column(
        name=values.name,
        kind=_kind(values.dtype),
        distinct=distinct,
        missing=text.null_count() / len(text),
        unique=distinct == len(text),
        letters=float(frame.select(pl.col(values.name).str.len_chars().mean()).item() or 0) if is_text else 0.0,
        values=_commonest(there),
    )


def _commonest(values: pl.Series) -> tuple[str, ...]:
    if not len(values) or values.n_unique() > FEW:
        return ()
    counted = values.alias("value").value_counts().sort(["count", "value"], descending=[True, False])
    return tuple(counted["value"].to_list())


def _kind(dtype: pl.DataType) -> Kind:
    import polars as pl

    if dtype == pl.Boolean:
        return Kind.FLAG
    if dtype.is_numeric():
        return Kind.NUMBER
    return Kind.TEXT

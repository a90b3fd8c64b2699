"""What the columns of browsed rows hold: enough to offer the right filter for each."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from audits.data.columns import KEY, LABEL, WEIGHT
from probes.record import Record
from probes.speech import Phrase

if TYPE_CHECKING:
    from collections.abc import Collection

    import polars as pl

MOST_VALUES = 50
"""Text with more different values is text, not categories."""

HIDDEN = ("@row", "@draw")
"""Where a row stands in the data, and its rank in a random order: for us, not for readers."""


class Kind(StrEnum):
    """What can be asked of a column."""

    TEXT = "text"
    NUMBER = "number"
    CATEGORY = "category"
    BOOL = "bool"

    @property
    def words(self) -> Phrase:
        """As it stands in a sentence."""
        return Phrase(text={"text": "texts", "number": "numbers", "category": "categories", "bool": "yes or no"}[self])


class BrowsedColumn(Record):
    """A column of the rows: its kind, and its values (commonest first) or bounds."""

    name: str
    kind: Kind
    several: bool = False
    """Whether a cell holds a list of values, as the labels of a multi-label model."""
    values: tuple[str, ...] = ()
    """Of a category, at most fifty."""
    distinct: int | None = None
    low: float | None = None
    high: float | None = None
    missing: int = 0
    """Rows without a value."""

    @property
    def own(self) -> bool:
        """Whether the data has it under this name itself."""
        return not self.name.startswith("@")


def described(frame: pl.LazyFrame, inputs: Collection[str]) -> tuple[BrowsedColumn, ...]:
    """Every column but the hidden ones; what the model reads and the key are text however few they are."""
    return tuple(
        _described(frame.select(name), name, name in inputs or name == KEY)
        for name in frame.collect_schema().names()
        if name not in HIDDEN
    )


def _described(column: pl.LazyFrame, name: str, is_text: bool) -> BrowsedColumn:
    import polars as pl

    dtype, values = column.collect_schema()[name], pl.col(name)
    missing = int(column.select(values.null_count()).collect().item())
    if dtype == pl.Boolean:
        return BrowsedColumn(name=name, kind=Kind.BOOL, missing=missing)
    if dtype.is_numeric():
        sound = values.filter(values.is_finite()) if dtype.is_float() else values
        low, high = column.select(low=sound.min(), high=sound.max()).collect().row(0)
        return BrowsedColumn(name=name, kind=Kind.NUMBER, low=low, high=high, missing=missing)
    if is_text:
        return BrowsedColumn(name=name, kind=Kind.TEXT, missing=missing)
    several = isinstance(dtype, pl.List)
    single = column.explode(name) if several else column
    counted = single.drop_nulls().group_by(name).len("rows").sort(["rows", name], descending=[True, False])
    found = counted.collect(engine="streaming")
    always = name.startswith("@") and name not in (KEY, WEIGHT)
    repeated = found.height < int(found["rows"].sum()) or name == LABEL
    category = always or (found.height <= MOST_VALUES and repeated)
    return BrowsedColumn(
        name=name,
        kind=Kind.CATEGORY if category else Kind.TEXT,
        several=several,
        values=tuple(found[name].head(MOST_VALUES).to_list()) if category else (),
        distinct=found.height,
        missing=missing,
    )

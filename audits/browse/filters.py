"""What rows are asked for, and in which order: short enough for an address, harmless whatever somebody writes there."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import quote, unquote

from pydantic import model_validator

from audits.browse.columns import BrowsedColumn, Kind
from probes.errors import BadData
from probes.nearest import nearest
from probes.record import Record

if TYPE_CHECKING:
    import polars as pl

FilterKind = Literal["is", "between", "contains", "missing"]

PLAIN = " @._-/()"
"""Beside letters and digits, what may stand in an address as it is; the marks : ~ ! and % never may."""

FLAGS = {"true": True, "false": False}


class Filter(Record):
    """One condition on a column: `group:muslims`, `@probability:0.4..0.6`, `text~word`, `label!` (not recorded)."""

    column: str
    kind: FilterKind
    value: str = ""
    """What it is or contains, or the range as `low..high`, either side of which may be left out."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not self.column:
            raise ValueError("a filter names a column")
        if self.kind == "between":
            _bounds(self.value)
        if (self.kind == "contains" and not self.value) or (self.kind == "missing" and self.value):
            raise ValueError(f"a filter that says {self.kind} has no such value: {self.value!r}")
        return self

    @classmethod
    def between(cls, column: str, low: float | None, high: float | None) -> Self:
        """From low to high, both included; None is no bound."""
        return cls(column=column, kind="between", value=f"{_written(low)}..{_written(high)}")

    @property
    def text(self) -> str:
        """The filter as it stands in an address."""
        mark = {"is": ":", "between": ":", "contains": "~", "missing": "!"}[self.kind]
        value = self.value if self.kind == "between" else _escaped(self.value)
        if self.kind == "is" and ".." in value:
            # Two dots alone tell a range from a value.
            value = value.replace(".", "%2E")
        return _escaped(self.column) + mark + value

    @classmethod
    def read(cls, text: str) -> Self:
        """The filter of such a text. Raises BadData for what is none."""
        at = next((place for place, character in enumerate(text) if character in ":~!"), -1)
        column, mark, value = text[: max(at, 0)], text[at : at + 1], text[at + 1 :]
        kind: FilterKind = "contains" if mark == "~" else "missing" if mark == "!" else "is"
        if mark == ":" and ".." in value:
            kind = "between"
        try:
            return cls(column=_read(column), kind=kind, value=value if kind == "between" else _read(value))
        except ValueError as problem:
            raise BadData(
                "{text} is no filter; write column:value, column:low..high, column~words or column! (not recorded)",
                text=_short(text),
            ) from problem

    def expression(self, columns: tuple[BrowsedColumn, ...]) -> pl.Expr:
        """The condition for polars. Raises BadData for a column that is not there, or that cannot be asked this."""
        import polars as pl

        column, values = _column(self.column, columns), pl.col(self.column)
        if self.kind == "missing":
            return values.is_null()
        if self.kind == "between":
            low, high = _bounds(self.value)
            self._need(column, Kind.NUMBER)
            return values.is_between(low, high)
        if self.kind == "contains":
            self._need(column, Kind.TEXT, Kind.CATEGORY)
            wanted = self.value.lower()
            if column.several:
                return values.list.eval(pl.element().str.to_lowercase().str.contains(wanted, literal=True)).list.any()
            return values.str.to_lowercase().str.contains(wanted, literal=True)
        if column.kind is Kind.BOOL:
            if self.value not in FLAGS:
                raise self._unfit(column)
            return values == FLAGS[self.value]
        if column.kind is Kind.NUMBER:
            number = _number(self.value)
            if number is None:
                raise self._unfit(column)
            return values == number
        return values.list.contains(self.value) if column.several else values == self.value

    def _need(self, column: BrowsedColumn, *kinds: Kind) -> None:
        if column.kind not in kinds:
            raise self._unfit(column)

    def _unfit(self, column: BrowsedColumn) -> BadData:
        return BadData(
            "column {column} holds {kind}, which the filter {filter} cannot be asked of; choose another",
            column=column.name,
            kind=column.kind.words,
            filter=_short(self.text),
        )


class Sort(Record):
    """An order: `@margin` from the smallest, `-@margin` from the largest; rows without a value come last."""

    column: str
    falling: bool = False

    @property
    def text(self) -> str:
        """The order as it stands in an address."""
        column = _escaped(self.column)
        if self.falling:
            return f"-{column}"
        return f"%2D{column[1:]}" if column.startswith("-") else column

    @classmethod
    def read(cls, text: str) -> Self:
        """The order of such a text; whether there is such a column is told when it is used."""
        return cls(column=_read(text.removeprefix("-")), falling=text.startswith("-"))

    def check(self, columns: tuple[BrowsedColumn, ...]) -> BrowsedColumn:
        """The column. Raises BadData where there is none."""
        return _column(self.column, columns)


def _column(name: str, columns: tuple[BrowsedColumn, ...]) -> BrowsedColumn:
    for column in columns:
        if column.name == name:
            return column
    names = [column.name for column in columns]
    raise BadData(
        "these rows have no column {column}; did you mean {near}?",
        column=_short(name),
        near=nearest(_short(name), names) or ", ".join(names[:12]),
    )


def _short(text: str) -> str:
    """For an error: one line, whatever somebody wrote."""
    return " ".join(text.split())[:80]


def _bounds(text: str) -> tuple[float, float]:
    low, dots, high = text.partition("..")
    first, last = (_number(part) if part else limit for part, limit in ((low, -inf), (high, inf)))
    if not dots or not (low or high) or first is None or last is None:
        raise ValueError(f"{text!r} is no range")
    return first, last


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _written(number: float | None) -> str:
    return "" if number is None else repr(number)


def _escaped(text: str) -> str:
    return quote(text, safe=PLAIN, errors="replace").replace("~", "%7E")


def _read(text: str) -> str:
    return unquote(text, errors="replace")

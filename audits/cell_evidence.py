"""Evidence about groups within groups: the cells of crossed attributes, and slices of rows found by a search."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from probes.record import Record
from probes.speech import Interval, Sentence


class Cell(Record):
    """The people who share one value of each attribute: `events` of `n`; with weights both are effective counts."""

    groups: tuple[str, ...]
    """Their values in the data, one for each attribute."""
    labels: tuple[str, ...]
    """How the reader is told about them."""
    events: float = Field(ge=0)
    n: float = Field(ge=0)
    rate: float | None = Field(ge=0, le=1)
    interval: Interval | None
    shrunk: float | None = Field(None, ge=0, le=1)
    """The rate drawn towards that of all cells, the more so the fewer rows it has (empirical Bayes)."""
    shrunk_interval: Interval | None = None
    tested: bool = True
    """False for cells that are too small or not recorded; they are listed all the same."""


class Cells(Record):
    """A rate in every crossing of one or more attributes; cells without a single row are left out."""

    kind: Literal["cells"] = "cells"
    name: str
    title: Sentence
    axis: Sentence
    """What the rate is, with its unit."""
    hint: Sentence
    attributes: tuple[str, ...] = Field(min_length=1)
    values: tuple[tuple[str, ...], ...]
    """Each attribute's values in the data, in the order in which they are listed."""
    reference: float | None = Field(None, ge=0, le=1)
    """The rate of everybody."""
    cells: tuple[Cell, ...]

    @model_validator(mode="after")
    def _one_value_an_attribute(self) -> Self:
        known = [set(values) for values in self.values]
        if len(known) != len(self.attributes):
            raise ValueError(f"{self.name!r} lists the values of {len(known)} of {len(self.attributes)} attributes")
        for cell in self.cells:
            if not len(cell.groups) == len(cell.labels) == len(self.attributes):
                raise ValueError(f"a cell of {self.name!r} has not {len(self.attributes)} values: {cell.groups}")
            if not all(value in values for value, values in zip(cell.groups, known, strict=True)):
                raise ValueError(f"a cell of {self.name!r} has a value that is not listed: {cell.groups}")
        return self


class Condition(Record):
    """One condition of a slice; those that rows can be filtered by carry the filter's own column, kind and value."""

    column: str
    """As the rows call it; `@group.NAME` for a protected attribute."""
    kind: Literal["is", "between", "contains", "missing", "length"]
    value: str = ""
    """What it is or contains, or a range as `low..high`."""
    words: str
    """The condition as a reader is told it."""


class SliceRate(Record):
    """A slice, how often the model errs in it, and how much more often than in the other rows."""

    conditions: tuple[Condition, ...] = Field(min_length=1)
    rows: int = Field(ge=0)
    """Rows of the whole data that fulfil the rule and could be an error."""
    events: int = Field(ge=0)
    n: int = Field(ge=0)
    """Rows that it is judged by."""
    rate: float | None = Field(ge=0, le=1)
    rest: float | None = Field(None, ge=0, le=1)
    """The rate of all other rows that it is judged by."""
    difference: float | None = None
    interval: Interval | None = None
    """Of the difference, this slice alone."""
    p: float | None = Field(None, ge=0, le=1)
    adjusted: float | None = Field(None, ge=0, le=1)
    """Over all slices that were judged."""


class Slices(Record):
    """The slices in which a search found most errors, the worst first."""

    kind: Literal["slices"] = "slices"
    name: str
    title: Sentence
    axis: Sentence
    hint: Sentence
    searched: int = Field(ge=0)
    """How many slices were looked at."""
    within: Condition | None = None
    """The rows that could be such an error, where not all could: those of one label."""
    slices: tuple[SliceRate, ...]

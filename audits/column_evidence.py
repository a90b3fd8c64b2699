"""Evidence about the columns of a table: what each did to one answer, to many, and by its value."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from audits.quoted import ArrayRef, Example
from probes.record import Record
from probes.speech import Interval, Sentence

Scale = Literal["log-odds", "probability"]
"""What contributions add up to."""


class ColumnScores(Record):
    """What each column did to the score of one class, for one row; the example's words are its cells."""

    example: Example
    columns: tuple[str, ...]
    target: str
    """The class whose score is explained."""
    scale: Scale
    base: float
    """The mean score over the background, where the contributions start from."""
    output: float
    """The model's score of this row, where they should end."""
    scores: tuple[float, ...]
    error: float | None = Field(None, ge=0)
    """|base + sum of the scores - output|."""
    adds_up: bool | None = None
    array: ArrayRef | None = None

    @model_validator(mode="after")
    def _one_score_and_cell_a_column(self) -> Self:
        if not len(self.columns) == len(self.scores) == len(self.example.words):
            raise ValueError(
                f"{len(self.scores)} scores and {len(self.example.words)} cells for {len(self.columns)} columns"
            )
        return self


class Waterfalls(Record):
    """Rows whose score is built up column by column."""

    kind: Literal["waterfalls"] = "waterfalls"
    name: str
    title: Sentence
    hint: Sentence
    method: str
    rows: tuple[ColumnScores, ...]


class ColumnSwarm(Record):
    """One column over many rows: what it did in each, and how large that is on average."""

    column: str
    n: int = Field(ge=0)
    """Rows behind the mean; of very many rows not all are drawn."""
    mean: float = Field(ge=0)
    """Mean size of the contribution, whatever its sign."""
    interval: Interval | None
    """Of the mean."""
    scores: tuple[float, ...]
    values: tuple[str, ...]
    """The cell beside each score."""
    places: tuple[float | None, ...]
    """Where the cell's number stands among the column's, from 0 (lowest) to 1; None for text and empty cells."""

    @model_validator(mode="after")
    def _one_value_and_place_a_score(self) -> Self:
        if not len(self.scores) == len(self.values) == len(self.places):
            raise ValueError(f"{len(self.values)} values and {len(self.places)} places for {len(self.scores)} scores")
        return self


class Swarms(Record):
    """What every column did in many rows, the strongest first."""

    kind: Literal["swarms"] = "swarms"
    name: str
    title: Sentence
    axis: Sentence
    hint: Sentence
    columns: tuple[ColumnSwarm, ...]


class ValueStrip(Record):
    """The rows that hold one value of a column."""

    value: str
    n: int = Field(ge=0)
    mean: float
    """Mean contribution, with its sign."""
    scores: tuple[float, ...]


class Dependence(Record):
    """One column's contribution by its value: points for numbers, strips for texts and for empty cells."""

    column: str
    points: tuple[tuple[float, float], ...] = ()
    """(value, contribution)."""
    strips: tuple[ValueStrip, ...] = ()


class Dependences(Record):
    """How contributions depend on values, for the columns that move the answer most."""

    kind: Literal["dependences"] = "dependences"
    name: str
    title: Sentence
    axis: Sentence
    hint: Sentence
    columns: tuple[Dependence, ...]

"""Evidence about scores: curves by group, and how often each score occurs."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from probes.record import Record
from probes.speech import Sentence


class CurvePoint(Record):
    """A point of a curve with its interval; `n` are the (effective) rows behind it."""

    x: float
    y: float
    low: float | None = None
    high: float | None = None
    n: float = Field(ge=0)


class Curve(Record):
    """One group's line; a group with nothing to draw has no points."""

    group: str
    label: str
    n: float = Field(ge=0)
    points: tuple[CurvePoint, ...]
    compared: bool = True
    """False for groups too small to compare."""


class Curves(Record):
    """A share that depends on a number, one line a group, each with its interval."""

    kind: Literal["curves"] = "curves"
    name: str
    title: Sentence
    x_axis: Sentence
    y_axis: Sentence
    hint: Sentence
    curves: tuple[Curve, ...]
    percent: bool = True
    """Whether x is a proportion too; the y axis always is one."""
    diagonal: Sentence | None = None
    """What the line from (0, 0) to (1, 1) means, where it is drawn."""
    mark: float | None = None
    """A place on the x axis, such as the threshold in use."""
    mark_label: Sentence | None = None


class GroupScores(Record):
    """One group's rows by bin of the score; with weights the counts are effective ones."""

    group: str
    label: str
    positives: tuple[float, ...]
    negatives: tuple[float, ...]
    unlabelled: tuple[float, ...]


class ScoreHistograms(Record):
    """How often each score occurs in each group; from this any threshold's rates can be told."""

    kind: Literal["score-histograms"] = "score-histograms"
    name: str
    title: Sentence
    axis: Sentence
    hint: Sentence
    positive: str
    """The positive class, as readers know it."""
    edges: tuple[float, ...] = Field(min_length=2)
    """Where the bins begin, ascending, and where the last one ends; a score on an edge lies in the bin above it."""
    threshold: float | None = None
    """From where on the subject decides for the positive class."""
    percent: bool = True
    """Whether scores are probabilities."""
    groups: tuple[GroupScores, ...]

    @model_validator(mode="after")
    def _one_count_a_bin(self) -> Self:
        bins = len(self.edges) - 1
        for group in self.groups:
            if {len(group.positives), len(group.negatives), len(group.unlabelled)} != {bins}:
                raise ValueError(f"group {group.group!r} has not {bins} bins")
        return self

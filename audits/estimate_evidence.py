"""Evidence about named numbers that share an axis: the parts of a gap, ratios to the best rate, before and after."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from probes.record import Record
from probes.speech import Interval, Name, Phrase, Sentence

Unit = Literal["share", "points", "ratio"]
"""A proportion, a difference of two, or one divided by another."""

Label = Annotated[Name | Phrase, Field(discriminator="kind")]
"""A name from the data, or an expression of ours."""


class Estimate(Record):
    """One number with its n and interval; None with a reason where it does not exist."""

    label: Label
    n: float | None = Field(None, ge=0)
    """What it was counted from, where that is one number."""
    value: float | None
    interval: Interval | None = None
    firm: bool = True
    """False for what is shown and decides nothing, such as a group too small to test."""
    reason: Sentence | None = None
    """Why there is no number, or why it decides nothing."""


class Estimates(Record):
    """Numbers of one unit, each with its interval, and the value to compare them with."""

    kind: Literal["estimates"] = "estimates"
    name: str
    title: Sentence
    axis: Sentence
    hint: Sentence
    unit: Unit
    line: float | None = None
    """The value to compare with, such as 0 points or a ratio of 0.8."""
    line_label: Sentence | None = None
    rows: tuple[Estimate, ...]

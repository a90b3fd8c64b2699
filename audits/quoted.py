"""What evidence quotes: a row of the data as it stands, and where the array behind a drawing lies."""

from __future__ import annotations

from pydantic import Field

from probes.record import Record
from probes.speech import Sentence


class ArrayRef(Record):
    """Where a larger array lies in the store: a measurement space, a row in it, and a field of its result."""

    space: str
    row: str
    field: str


class Example(Record):
    """A row of the data as it stands beside a drawing; the words are the data's and never trusted."""

    key: str
    words: tuple[str, ...]
    predicted: str
    probability: float = Field(ge=0, le=1)
    actual: str | None = None
    groups: dict[str, str] = {}
    """Protected attribute -> the group's name for readers."""
    chosen: Sentence
    """The rule that put this example into the sample."""
    truncated: bool = False

"""Evidence of pairs of texts: what was asked, the same with some words swapped, and both answers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from probes.record import Record
from probes.speech import Sentence


class TextPart(Record):
    """A stretch of a text, as it was read; marked where it was swapped."""

    text: str
    swapped: bool = False


class TextVersion(Record):
    """One of the two texts and what the model made of it; the text is the data's and never trusted."""

    group: str
    """Whom the words name, as readers are told."""
    parts: tuple[TextPart, ...]
    answer: str
    score: float = Field(ge=0, le=1)


class TextPair(Record):
    """A text before and after the swap."""

    key: str
    before: TextVersion
    after: TextVersion
    flipped: bool
    """Whether the decision changes."""
    chosen: Sentence
    """The rule that put this pair into the sample."""

    @property
    def change(self) -> float:
        """Of the score, by the swap."""
        return self.after.score - self.before.score


class TextPairs(Record):
    """Pairs of texts, the largest change first."""

    kind: Literal["text-pairs"] = "text-pairs"
    name: str
    title: Sentence
    hint: Sentence
    score: Sentence
    """What the score is the probability of."""
    pairs: tuple[TextPair, ...]

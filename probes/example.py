"""What a probe is given: one example, encoded, with its words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool, Int


@dataclass(frozen=True, slots=True)
class Word:
    """A word as readers see it, the tokens [start, stop) that make it up and the characters that it stands for."""

    text: str
    start: int
    stop: int
    segment: int
    """Which of the inputs it stands in."""
    begin: int
    """Its characters are [begin, end) of that input."""
    end: int


@dataclass(frozen=True)
class Tokens:
    """A text as the model reads it."""

    ids: Int[np.ndarray, "token"]
    types: Int[np.ndarray, "token"]
    """Segment of each token (0, or 1 for the second text of a pair)."""
    special: Bool[np.ndarray, "token"]
    """Tokens that the tokenizer added, such as [CLS]; they keep their place in baselines."""
    texts: tuple[str, ...]
    """Each token as the tokenizer spells it."""
    words: tuple[Word, ...]
    truncated: bool
    """Whether the model cannot read the whole text."""

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Example:
    """One row's inputs, and their encoding where the subject shows it."""

    inputs: tuple[str, ...]
    tokens: Tokens | None = None
    size: int | None = None
    """What it weighs in a batch, where neither tokens nor characters say so: 1 for a row of a table."""

    @cached_property
    def digest(self) -> bytes:
        """What makes two examples the same to the model."""
        state = blake2b(digest_size=16)
        for text in self.inputs:
            raw = text.encode("utf-8", "surrogatepass")
            state.update(len(raw).to_bytes(8, "little") + raw)
        return state.digest()

    @property
    def length(self) -> int:
        """Tokens, or characters where the subject does not show its tokens: what batches are bucketed by."""
        if self.size is not None:
            return self.size
        return len(self.tokens) if self.tokens is not None else sum(map(len, self.inputs))

    @property
    def encoded(self) -> Tokens:
        """The tokens; a probe that needs them only runs on subjects that encode."""
        assert self.tokens is not None, "this probe needs a subject that shows its tokens"
        return self.tokens

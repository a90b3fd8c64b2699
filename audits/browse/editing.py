"""A text with one word taken out, hidden or replaced; everything else stays as it was written."""

from __future__ import annotations

from typing import Literal

from probes.example import Word

Action = Literal["remove", "mask", "replace"]

CLOSING = ".,;:!?…)]}»”’"
"""What stands close behind a word."""


def written(inputs: tuple[str, ...], word: Word, text: str) -> tuple[str, ...]:
    """The inputs with other characters in a word's place."""
    whole = inputs[word.segment]
    return _with(inputs, word.segment, whole[: word.begin] + text + whole[word.end :])


def without(inputs: tuple[str, ...], word: Word) -> tuple[str, ...]:
    """The inputs without a word, and without the one blank too many that it leaves."""
    whole = inputs[word.segment]
    before, after = whole[: word.begin], whole[word.end :]
    if before[-1:].isspace() and (not after or after[0] in CLOSING):
        before = before[:-1]
    elif after[:1].isspace() and (not before or before[-1].isspace()):
        after = after[1:]
    return _with(inputs, word.segment, before + after)


def _with(inputs: tuple[str, ...], segment: int, text: str) -> tuple[str, ...]:
    return (*inputs[:segment], text, *inputs[segment + 1 :])

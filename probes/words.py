"""Words as readers see them, from the tokens of any tokenizer that tells where its tokens stand in the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from probes.example import Word

Place = tuple[int, int, int] | None
"""Segment, start and end of a token in its text; None for tokens that the tokenizer added."""


def words_of(inputs: tuple[str, ...], places: Sequence[Place]) -> tuple[Word, ...]:
    """Joins the tokens that make up a word.

    A word ends at white space, at punctuation (other than an apostrophe or hyphen inside it) and after every
    character of a script that writes without spaces. Tokens of white space alone belong to the word after them.
    Each token that stands for text is in exactly one word.
    """
    words: list[Word] = []
    read: dict[int, int] = {}  # segment -> how far its text is covered
    # Segment, first character, last character, first token; no characters yet after white space alone.
    open_word: tuple[int, int, int, int] | None = None

    def close(stop: int) -> None:
        if open_word is not None:
            segment, begin, end, first = open_word
            words.append(_word(inputs[segment], segment, begin, end, first, stop))

    for position, place in enumerate(places):
        if place is None:
            close(position)
            open_word = None
            continue
        segment, start, end = place
        text = inputs[segment]
        spaced = start < end and text[start].isspace()
        begin = end - len(text[start:end].lstrip())
        # A tokenizer that rewrites a word may point at its last letters only: the word begins where it begins.
        while begin > read.get(segment, 0) and _joins(text, begin, begin):
            begin -= 1
        read[segment] = max(end, read.get(segment, 0))
        before = open_word if open_word is not None and open_word[0] == segment else None
        if before is not None and before[1] == before[2]:
            open_word = (segment, begin, end, before[3])
        elif before is not None and not spaced and _joins(text, before[2], begin):
            open_word = (segment, before[1], max(end, before[2]), before[3])
        else:
            close(position)
            open_word = (segment, begin, end, position)
    close(len(places))
    return tuple(words)


def _word(text: str, segment: int, begin: int, end: int, first: int, stop: int) -> Word:
    """White space at its ends is no part of a word, unless it is nothing else."""
    written = text[begin:end].strip()
    if not written:
        return Word("␣", first, stop, segment, begin, end)
    begin += text[begin:end].index(written)
    return Word(written, first, stop, segment, begin, begin + len(written))


def _joins(text: str, end: int, start: int) -> bool:
    """Whether what ends at `end` and what starts at `start` is one word."""
    if start < end:
        return True  # several tokens for one character: bytes of an emoji
    if start > end or not 0 < start < len(text):
        return False
    before, after = text[start - 1], text[start]
    return _inside(before) and _inside(after)


def _inside(character: str) -> bool:
    if _unspaced(character):
        return False
    return character in "'’-_" or unicodedata.category(character)[0] in "LNM"


def _unspaced(character: str) -> bool:
    """Scripts written without spaces: Han, kana, Thai, Lao, Khmer, Burmese."""
    code = ord(character)
    return (
        0x3040 <= code <= 0x30FF
        or 0x3400 <= code <= 0x9FFF
        or 0x20000 <= code <= 0x3FFFF
        or 0x0E00 <= code <= 0x0EFF
        or 0x1000 <= code <= 0x109F
        or 0x1780 <= code <= 0x17FF
    )

"""Swaps two groups in a text: every term of the one becomes the other's and the other way round, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audits.counterfactuals.articles import with_article
from audits.counterfactuals.letter_case import in_the_case_of
from audits.counterfactuals.lexicon import Found, Lexicon, Unswapped


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; swapped or not."""

    text: str
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Swapped:
    """A text before and after; equal where it holds no term of the two groups."""

    before: tuple[Part, ...]
    after: tuple[Part, ...]
    stuck: tuple[Unswapped, ...] = ()
    """Terms of the two groups that have no counterpart; with any of them the text after is not whole."""

    @property
    def text(self) -> str:
        """The text after."""
        return "".join(part.text for part in self.after)


def swap(text: str, found: Sequence[Found], lexicon: Lexicon, first: str, second: str) -> Swapped:
    """The text with the two groups in each other's place; `found` are its terms, as the lexicon found them."""
    other = {first: second, second: first}
    before: list[Part] = []
    after: list[Part] = []
    stuck: list[Unswapped] = []
    at = 0
    for one in found:
        if one.reading.group not in other:
            continue
        written = text[one.start : one.end]
        target = lexicon.counterpart(one.reading, other[one.reading.group])
        if target is None:
            stuck.append(Unswapped(written, "no-counterpart"))
            continue
        new = in_the_case_of(written, one.reading.listed, target, text[: one.start])
        between = text[at : one.start]
        before += [Part(between), Part(written, True)]
        follows = with_article(between, written, new) if lexicon.languages[one.reading.term] == "en" else between
        after += [Part(follows), Part(new, True)]
        at = one.end
    before.append(Part(text[at:]))
    after.append(Part(text[at:]))
    return Swapped(
        tuple(part for part in before if part.text), tuple(part for part in after if part.text), tuple(stuck)
    )

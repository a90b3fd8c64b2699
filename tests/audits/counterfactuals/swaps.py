"""Swaps by the lists that ship."""

from __future__ import annotations

from audits.counterfactuals.lexicon import Unswapped, lexicons
from audits.counterfactuals.list_files import shipped
from audits.counterfactuals.swapping import swap

LEXICONS = lexicons(shipped())


def swapped(attribute: str, first: str, second: str, text: str) -> str:
    """The text with two groups in each other's place."""
    lexicon = LEXICONS[attribute]
    return swap(text, lexicon.find(text)[0], lexicon, first, second).text


def left(attribute: str, first: str, second: str, text: str) -> list[Unswapped]:
    """What stays as it is, and why."""
    lexicon = LEXICONS[attribute]
    found, unread = lexicon.find(text)
    return [*unread, *swap(text, found, lexicon, first, second).stuck]

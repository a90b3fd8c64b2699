"""The right word that somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The closest of the words, whatever their case, by difflib's ratio; None where nothing comes near."""
    spelt = {known.casefold(): known for known in words}
    found = get_close_matches(word.casefold(), spelt, n=1, cutoff=0.5)
    return spelt[found[0]] if found else None

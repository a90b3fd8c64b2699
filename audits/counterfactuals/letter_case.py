"""A swapped word is written as the word in its place was: in capitals, with one, or without."""

from __future__ import annotations

import re

_START = re.compile(r"(?:^|[.!?:…]['\"”’)\]]*\s+|\n\s*)['\"“‘(\[*]*$")


def begins_sentence(before: str) -> bool:
    """Whether what follows this text begins a sentence."""
    return _START.search(before) is not None


def in_the_case_of(written: str, listed: str, target: str, before: str) -> str:
    """`target` as `written` stands for `listed`: "MEN" -> "WOMEN", "Men" -> "Women", "muslims" -> "christians"."""
    shouted = written.isupper() and not listed.isupper() and len(written) > 1
    if shouted:
        return target.upper()
    if written == written.lower() and listed != listed.lower():
        return target.lower()
    if written == written.title() and listed == listed.lower() and " " in written:
        return target.title()
    capital = written[:1].isupper() and (listed[:1].islower() or begins_sentence(before))
    return target[:1].upper() + target[1:] if capital else target

"""A or an before a swapped word: what is heard decides, not what is written."""

from __future__ import annotations

import re

_ARTICLE = re.compile(r"(?<![\w'’-])(an?)(\s+[\"'“‘(*]?)$", re.IGNORECASE)
_SILENT_H = re.compile(r"h(?:our|onest|onou?r|eir)", re.IGNORECASE)
_GLIDE = re.compile(r"(?:eu|ew|uni(?!n|m)|us[aeiu]|ut[aeiou]|uk|ur[aeiou]|one\b|once\b|ouija)", re.IGNORECASE)
_SPELT = re.compile(r"[A-Z]{2,5}\b(?![a-z])")


def sounds_like_a_vowel(word: str) -> bool:
    """Whether the word takes "an": an hour, a university, an MP, a European."""
    if _SPELT.match(word) and not re.search(r"[AEIOU]", word[1:]):
        return word[0] in "AEFHILMNORSX"
    if _SILENT_H.match(word):
        return True
    return word[:1].lower() in {*"aeiou"} and not _GLIDE.match(word)


def with_article(before: str, old: str, new: str) -> str:
    """The text before a swapped word, its article following the new word where the two sound different."""
    found = _ARTICLE.search(before)
    if found is None or sounds_like_a_vowel(old) == sounds_like_a_vowel(new):
        return before
    article = found[1]
    fitting = "an" if sounds_like_a_vowel(new) else "a"
    if article[0] == "A":
        shouted = article == "AN" or (article == "A" and new.isupper() and len(new) > 1)
        fitting = fitting.upper() if shouted else fitting.capitalize()
    return before[: found.start(1)] + fitting + found[2]

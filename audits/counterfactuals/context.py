"""What an ambiguous English word is in its place, by closed lists of function words and a few rules."""

from __future__ import annotations

import re
from typing import Final

DETERMINERS: Final = frozenset(
    """a an the this that these those every each either neither another any some no one my your his her its our their
    which what""".split()
)
SINGULAR: Final = frozenset("a an this that every each either neither another one".split())

BEING: Final = frozenset("is are was were be been being am isn't aren't wasn't weren't not very so too more".split())

FUNCTION_WORDS: Final = DETERMINERS | frozenset(
    """i you he she it we they me him us them mine yours hers ours theirs myself yourself himself herself itself
    ourselves themselves who whom whose when where why how there here all both much more most less
    and or but nor yet so if because although though while since unless until than as
    of in on at by for with about against between into through during before after above below to from up
    over under again further then once without within along across behind beyond near despite toward towards
    upon around onto per via
    is are was were be been being am do does did doing done has have had having will would shall should can could may
    might must ought need isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't won't wouldn't
    shouldn't can't cannot couldn't ain't gonna gotta
    not never ever always often sometimes just even also too very quite rather really already now today yesterday
    tomorrow tonight soon ago away alone together instead maybe perhaps anyway though
    go goes went come comes came say says said get gets got make makes made know knows knew think thinks thought
    want wants wanted believe believes live lives lived feel feels felt""".split()
)
"""After them no noun follows at once; common verbs are among them, for they follow a noun, not an adjective."""

PARTICLES: Final = frozenset("back home down out off inside outside still later like only".split())
"""After "her" they mostly belong to the verb ("brought her back"), unless a preposition stands before it."""

PREPOSITIONS: Final = frozenset("of in on at by for with about from into to near behind under over".split())

ADJECTIVES_IN_LY: Final = frozenset("early only lovely elderly family daily friendly lonely ugly silly holy".split())

_WORD_AFTER = re.compile(r"\s+([^\W\d_]+(?:['’-][^\W\d_]+)*)")
_HYPHEN_AFTER = re.compile(r"-[^\W\d_]")
_WORDS_BEFORE = re.compile(r"(?:([^\W_]+(?:['’-][^\W_]+)*)[ \t]+)?([^\W_]+(?:['’-][^\W_]+)*)[ \t\n]+[\"'“‘(*]?$")


def word_after(after: str) -> str:
    """The next word in lower case, if only blanks lie between."""
    found = _WORD_AFTER.match(after)
    return found[1].lower().replace("’", "'") if found else ""


def noun_follows(after: str) -> bool:
    """Whether the word before stands with a noun: "her book", "a Muslim family", "his-and-hers" not."""
    if _HYPHEN_AFTER.match(after):
        return True
    word = word_after(after)
    if not word or word.removesuffix("'s") in FUNCTION_WORDS:
        return False
    return not word.endswith("ly") or word in ADJECTIVES_IN_LY


def possesses(written: str, before: str, after: str) -> bool:
    """Whether "her" or "his" belongs to the noun after it: "her book" does, "saw her", "it is his" do not."""
    if word_after(after) in PARTICLES:
        return written.lower() != "her" or _words_before(before)[1] in PREPOSITIONS
    return noun_follows(after)


def _words_before(before: str) -> tuple[str, str]:
    found = _WORDS_BEFORE.search(before[-80:])
    return ((found[1] or "").lower(), found[2].lower()) if found else ("", "")


def is_noun(before: str, after: str) -> bool:
    """Whether a word that is noun and adjective alike ("a Muslim", "is Muslim") is the noun here.

    It is where no noun follows and a determiner stands one or two words before; after a form of "be" it is not.
    """
    second, first = _words_before(before)
    if noun_follows(after) or first in BEING:
        return False
    return first in DETERMINERS or (second in DETERMINERS and first not in FUNCTION_WORDS)


def is_singular(before: str) -> bool:
    """Whether a noun with one form for both numbers is singular here: after a, this, every."""
    second, first = _words_before(before)
    return first in SINGULAR or second in SINGULAR


def follows_the(before: str) -> bool:
    """Whether "the" stands just before: "the Chinese" are many."""
    return _words_before(before)[1] in ("the", "many", "most", "some", "all", "these", "those", "few")


def person_follows(after: str, people: frozenset[str]) -> bool:
    """Whether a word for people is the next word or the one after it: "black people", "black young men"."""
    match = re.match(r"[\s-]+([^\W\d_]+)(?:[\s-]+([^\W\d_]+))?", after)
    if match is None:
        return False
    first, second = match[1].lower(), (match[2] or "").lower()
    return first in people or (first not in FUNCTION_WORDS and second in people)

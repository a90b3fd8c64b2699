"""The terms of one attribute, ready to be found in a text and read as what they are in their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from audits.counterfactuals import context
from audits.counterfactuals.word_lists import Term, WordList
from probes.errors import BadPlan

Reason = Literal["no-counterpart", "not-people", "fixed"]
"""Why a word stays as it is: no form in the other group, not said of people, part of a fixed expression."""

_UNSPACED: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts written without blanks: words are not bounded there."""
_LETTER: Final = rf"[^\W{_UNSPACED}]"
_WORD: Final = re.compile(r"\w+")
_IS_UNSPACED: Final = re.compile(f"[{_UNSPACED}]")
_ADDRESS: Final = r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\S+|@\w+"
"""Links, addresses and handles are names of something else."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a written word can be."""

    group: str
    term: int
    variant: int
    part: int
    listed: str


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text, as it is read there."""

    start: int
    end: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Unswapped:
    """A word of the list that stays as it is, and why."""

    word: str
    reason: Reason


@dataclass(frozen=True)
class Lexicon:
    """All terms of one attribute in all languages."""

    attribute: str
    groups: tuple[str, ...]
    terms: tuple[Term, ...]
    languages: tuple[str, ...]
    """The language of each term."""
    readings: Mapping[str, tuple[Reading, ...]]
    people: frozenset[str]
    openings: frozenset[str]
    """The first word of every term: most texts hold none of them."""
    pattern: re.Pattern[str]
    kept: re.Pattern[str]

    def find(self, text: str) -> tuple[list[Found], list[Unswapped]]:
        """The terms in a text from left to right, and words that are not meant as one here."""
        found: list[Found] = []
        left: list[Unswapped] = []
        if not is_unspaced(text) and self.openings.isdisjoint(_WORD.findall(text.casefold())):
            return found, left
        kept = [(span.start(), span.end(), span["fixed"] is not None) for span in self.kept.finditer(text)]
        for match in self.pattern.finditer(text):
            start, end = match.span()
            inside = next(
                (span for span in kept if span[0] <= start and end <= span[1] and span[:2] != (start, end)), None
            )
            if inside is not None:
                if inside[2]:
                    left.append(Unswapped(text[inside[0] : inside[1]], "fixed"))
                continue
            written = match[0]
            candidates = self.readings.get(_plain(written), ())
            if written == written.lower():
                # A name in lower case is more often another word.
                candidates = tuple(
                    one for one in candidates if self.terms[one.term].kind != "names" or is_unspaced(written)
                )
            if not candidates:
                continue
            reading = self._read(candidates, text[:start], text[end:])
            if reading is None:
                left.append(Unswapped(written, "not-people"))
            else:
                found.append(Found(start, end, reading))
        return found, left

    def counterpart(self, reading: Reading, group: str) -> str | None:
        """The form of another group in the same place; None where the list has none."""
        entries = self.terms[reading.term].forms.get(group)
        if entries is None:
            return None
        at = reading.variant if self.terms[reading.term].kind == "names" else 0
        return entries[at].split("/")[reading.part]

    def first_form(self, kind: Literal["noun", "adjective"], group: str, part: int, language: str) -> str | None:
        """What templates write for a group: the first term of that kind and language that has it."""
        for term, spoken in zip(self.terms, self.languages, strict=True):
            if term.kind == kind and spoken == language and group in term.forms:
                return term.forms[group][0].split("/")[part]
        return None

    def _read(self, candidates: Sequence[Reading], before: str, after: str) -> Reading | None:
        kinds = {one: self.terms[one.term].kind for one in candidates}
        fitting = [
            one
            for one in candidates
            if not self.terms[one.term].before_people or context.person_follows(after, self.people)
        ]
        if len(fitting) < 2 or is_unspaced(candidates[0].listed):
            return fitting[0] if fitting else None
        if all(kind == "pronouns" for kind in kinds.values()):
            possessive = context.possesses(candidates[0].listed, before, after)
            return next((one for one in fitting if (one.part == 2) == possessive), fitting[0])
        nouns = [one for one in fitting if kinds[one] == "noun"]
        others = [one for one in fitting if kinds[one] != "noun"]
        either_number = {one.part for one in nouns} == {0, 1}
        many = either_number and context.follows_the(before) and not context.noun_follows(after)
        if nouns and (not others or many or context.is_noun(before, after)):
            wanted = 0 if context.is_singular(before) else 1
            return next((one for one in nouns if not either_number or one.part == wanted), nouns[0])
        return others[0]


def lexicons(lists: Sequence[WordList]) -> dict[str, Lexicon]:
    """One lexicon for each attribute, over all lists. Raises BadPlan where a word would belong to two groups."""
    names = dict.fromkeys(name for one in lists for name in one.attributes)
    return {name: _lexicon(name, lists) for name in names}


def _lexicon(attribute: str, lists: Sequence[WordList]) -> Lexicon:
    parts = [(one, one.attributes[attribute]) for one in lists if attribute in one.attributes]
    terms = tuple(term for _, part in parts for term in part.terms)
    readings: dict[str, list[Reading]] = {}
    for at, term in enumerate(terms):
        for written, reading in _forms(at, term):
            known = readings.setdefault(written, [])
            if known and known[0].group != reading.group:
                raise BadPlan(
                    "the word list for {attribute} has {word} for {first} and for {second}; a word tells one group",
                    attribute=attribute,
                    word=written,
                    first=known[0].group,
                    second=reading.group,
                )
            if all((one.term, one.part) != (at, reading.part) for one in known):
                known.append(reading)
    kept = sorted({_plain(phrase) for one in lists for phrase in one.keep}, key=len, reverse=True)
    return Lexicon(
        attribute=attribute,
        groups=tuple(dict.fromkeys(group for _, part in parts for group in part.groups)),
        terms=terms,
        languages=tuple(one.language for one, part in parts for _ in part.terms),
        readings={written: tuple(known) for written, known in readings.items()},
        people=frozenset(word.lower() for one in lists for word in one.people),
        openings=frozenset(word for written in readings for word in _WORD.findall(written)[:1]),
        pattern=re.compile(_any_of(readings), re.IGNORECASE),
        kept=re.compile(f"(?P<fixed>{_any_of(kept)})|{_ADDRESS}", re.IGNORECASE),
    )


def _forms(at: int, term: Term) -> Iterator[tuple[str, Reading]]:
    for group, entries in term.forms.items():
        for variant, entry in enumerate(entries):
            for part, listed in enumerate(entry.split("/")):
                yield _plain(listed), Reading(group, at, variant, part, listed)


def _any_of(phrases: Iterable[str]) -> str:
    """The longest first; a word is never found inside another, unless its script has no blanks."""
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    spaced = [phrase for phrase in longest if not is_unspaced(phrase)]
    unspaced = [phrase for phrase in longest if is_unspaced(phrase)]
    ways = []
    if spaced:
        # Grouped by beginnings and tried only where a word begins: a long list costs hardly more than a short one.
        ways.append(rf"(?<!{_LETTER})(?:{_branches(spaced)})(?!{_LETTER})")
    if unspaced:
        ways.append(_branches(unspaced))
    return "|".join(ways) or r"(?!)"


def _branches(phrases: Sequence[str]) -> str:
    """Alternatives in the order given, behind a look at their first letter."""
    branches: dict[str, list[str]] = {}
    for phrase in phrases:
        branches.setdefault(phrase[0], []).append(r"\s+".join(map(re.escape, phrase.split())).replace("'", "['’]"))
    return "|".join(f"(?={re.escape(first)})(?:{'|'.join(each)})" for first, each in branches.items())


def is_unspaced(text: str) -> bool:
    """Whether some of it is in a script written without blanks."""
    return _IS_UNSPACED.search(text) is not None


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())

"""Contrasts: the same text once as about one group, once as about another; from the data's texts or from templates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import combinations
from typing import TYPE_CHECKING

from audits.counterfactuals.articles import with_article
from audits.counterfactuals.lexicon import Found, Lexicon, Unswapped
from audits.counterfactuals.swapping import Part, swap

if TYPE_CHECKING:
    from audits.data.rows import Row

_GAP = re.compile(r"\{(adjective|noun|plural)\}")


@dataclass(frozen=True, slots=True)
class Version:
    """What the model reads, and its parts for readers."""

    inputs: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A text as about `first` (as it stands, where it is the data's) and as about `second`."""

    unit: str
    """The text or template, over which rates are counted."""
    first: str
    second: str
    before: Version
    after: Version
    sided: bool
    """False where the text names both groups: they trade places, and no version is about one of them."""


@dataclass
class Material:
    """What one attribute is judged by."""

    contrasts: list[Contrast] = field(default_factory=list)
    holding: int = 0
    """Texts that hold a term, before repeats and sampling."""
    repeated: int = 0
    """Texts that differ from another one in nothing but the terms."""
    unsampled: int = 0
    """Texts beyond the cap."""
    capped: bool = False
    """Whether some text could have been swapped in more ways than were tried."""
    unswapped: Counter[Unswapped] = field(default_factory=Counter)

    @property
    def units(self) -> int:
        """Distinct texts or templates with at least one contrast."""
        return len({contrast.unit for contrast in self.contrasts})


@dataclass(frozen=True, slots=True)
class Holding:
    """A row with the terms in each of its inputs."""

    row: Row
    found: tuple[tuple[Found, ...], ...]

    @property
    def groups(self) -> set[str]:
        return {one.reading.group for found in self.found for one in found}


def from_texts(rows: Iterable[Row], lexicon: Lexicon, most: int, versions: int, seed: int) -> Material:
    """Every text with a term, against every other group; texts that differ only in their terms count once.

    Of more than `most` texts, and of more than `versions` swaps of one, those are taken that a draw by content and
    seed puts first, so that neither the order of rows nor further rows change the choice among the same texts.
    """
    material = Material()
    distinct: dict[str, Holding] = {}
    for row in rows:
        looked = [lexicon.find(text) for text in row.inputs]
        material.unswapped.update({one for _, left in looked for one in _lowered(left)})
        if not any(found for found, _ in looked):
            continue
        material.holding += 1
        holding = Holding(row, tuple(tuple(found) for found, _ in looked))
        bare = _skeleton(holding)
        known = distinct.get(bare)
        material.repeated += known is not None
        if known is None or (row.digest, row.key) < (known.row.digest, known.row.key):
            distinct[bare] = holding
    drawn = sorted(distinct.values(), key=lambda one: _draw(seed, one.row.digest))
    material.unsampled = max(0, len(drawn) - most)
    for holding in drawn[:most]:
        pairs = _pairs(holding.groups, lexicon.groups)
        material.capped |= len(pairs) > versions
        for first, second in sorted(pairs, key=lambda pair: _draw(seed, holding.row.digest, *pair))[:versions]:
            contrast, stuck = _contrast(holding, lexicon, first, second)
            material.unswapped.update(set(_lowered(stuck)))
            if contrast is not None:
                material.contrasts.append(contrast)
    return material


def from_templates(templates: Mapping[str, Sequence[str]], lexicon: Lexicon, languages: Iterable[str]) -> Material:
    """Every template filled for every group, compared pair by pair; the template is the unit (Dixon et al. 2018)."""
    material = Material()
    for language in languages:
        for at, template in enumerate(templates.get(language, ())):
            filled = {
                group: version
                for group in lexicon.groups
                if (version := _filled(template, lexicon, group, language)) is not None
            }
            material.holding += len(filled) > 1
            material.contrasts += [
                Contrast(f"{language}-{at + 1}", first, second, filled[first], filled[second], sided=True)
                for first, second in combinations(filled, 2)
            ]
    return material


def _contrast(
    holding: Holding, lexicon: Lexicon, first: str, second: str
) -> tuple[Contrast | None, tuple[Unswapped, ...]]:
    swapped = [
        swap(text, found, lexicon, first, second) for text, found in zip(holding.row.inputs, holding.found, strict=True)
    ]
    stuck = tuple(one for each in swapped for one in each.stuck)
    after = tuple(each.text for each in swapped)
    if stuck or after == holding.row.inputs:
        return None, stuck
    between = Part(" ⏐ ")
    joined: tuple[list[Part], list[Part]] = ([], [])
    for at, each in enumerate(swapped):
        for parts, more in zip(joined, (each.before, each.after), strict=True):
            parts += [between, *more] if at else more
    return (
        Contrast(
            unit=holding.row.key,
            first=first,
            second=second,
            before=Version(holding.row.inputs, tuple(joined[0])),
            after=Version(after, tuple(joined[1])),
            sided=not {first, second} <= holding.groups,
        ),
        (),
    )


def _filled(template: str, lexicon: Lexicon, group: str, language: str) -> Version | None:
    gap = _GAP.search(template)
    if gap is None:
        return None
    kind, part = {"adjective": ("adjective", 0), "noun": ("noun", 0), "plural": ("noun", 1)}[gap[1]]
    form = lexicon.first_form("adjective" if kind == "adjective" else "noun", group, part, language)
    if form is None:
        return None
    before = template[: gap.start()]
    if language == "en":
        before = with_article(before, "b", form)
    after = template[gap.end() :]
    return Version((before + form + after,), tuple(p for p in (Part(before), Part(form, True), Part(after)) if p.text))


def _pairs(named: set[str], groups: Sequence[str]) -> list[tuple[str, str]]:
    """Every named group with every other; two that are both named are one pair."""
    return [
        (one, two)
        for at, one in enumerate(groups)
        for other, two in enumerate(groups)
        if one in named and one != two and (two not in named or at < other)
    ]


def _skeleton(holding: Holding) -> str:
    """The text without its terms: two texts with the same one are versions of each other."""
    pieces = []
    for text, found in zip(holding.row.inputs, holding.found, strict=True):
        at = 0
        for one in found:
            pieces += [text[at : one.start], f"\0{one.reading.term}.{one.reading.part}\0"]
            at = one.end
        pieces += [text[at:], "\1"]
    return "".join(pieces)


def _lowered(left: Iterable[Unswapped]) -> list[Unswapped]:
    return [Unswapped(one.word.lower(), one.reason) for one in left]


def _draw(seed: int, *content: str) -> bytes:
    return blake2b("\0".join((str(seed), *content)).encode("utf-8", "surrogatepass"), digest_size=16).digest()

"""Word lists: for every attribute its groups, and terms that have one form for each group."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from probes.record import Record

Kind = Literal["noun", "adjective", "word", "names", "pronouns"]
Forms = dict[str, tuple[str, ...]]

PARTS: dict[Kind, int] = {"noun": 2, "adjective": 1, "word": 1, "names": 1, "pronouns": 5}
"""How many forms stand in one entry, with a slash between them."""

SHAPES: dict[Kind, str] = {
    "noun": "singular/plural",
    "adjective": "one form",
    "word": "one form",
    "names": "names",
    "pronouns": "subject/object/possessive/independent/reflexive",
}


class Term(Record):
    """One meaning with its forms in each group; of several variants of a group the first is written, all are read."""

    noun: Forms | None = None
    adjective: Forms | None = None
    word: Forms | None = None
    """A form that stands for itself: a religion, a country, a title."""
    names: Forms | None = None
    """First names, the same number for each group, paired by their place; read only with a capital."""
    pronouns: Forms | None = None
    before_people: bool = False
    """Read only before a word for people: "black" is a colour elsewhere."""

    @field_validator("noun", "adjective", "word", "names", "pronouns", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return {group: (forms,) if isinstance(forms, str) else forms for group, forms in value.items()}
        return value

    @model_validator(mode="after")
    def _has_whole_forms(self) -> Self:
        given = [kind for kind in PARTS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"a term is one of {', '.join(PARTS)}, and this one is {' and '.join(given) or 'none'}")
        for group, entries in self.forms.items():
            for entry in entries:
                parts = entry.split("/")
                if len(parts) != PARTS[self.kind] or not all(part == part.strip() and part for part in parts):
                    raise ValueError(f"{entry!r} ({group}) is not {SHAPES[self.kind]}")
            if not entries:
                raise ValueError(f"{group} has an empty list of forms")
        if self.kind == "names" and len({len(entries) for entries in self.forms.values()}) > 1:
            raise ValueError("names need the same number for each group, since they are paired by their place")
        return self

    @property
    def kind(self) -> Kind:
        """Which of the kinds of term this is."""
        return next(kind for kind in PARTS if getattr(self, kind) is not None)

    @property
    def forms(self) -> Forms:
        """Group -> its variants."""
        forms: Forms = getattr(self, self.kind)
        return forms


class AttributeList(Record):
    """The groups of one attribute and the terms that tell them apart."""

    groups: tuple[str, ...] = Field(min_length=2, max_length=20)
    """As readers are told about them."""
    terms: tuple[Term, ...] = Field(min_length=1)
    extends: bool = False
    """Added to the list of that name that is there; replaces it otherwise."""

    @model_validator(mode="after")
    def _terms_are_of_its_groups(self) -> Self:
        if len(set(self.groups)) != len(self.groups):
            raise ValueError("a group is named twice")
        for term in self.terms:
            unknown = [group for group in term.forms if group not in self.groups]
            if unknown:
                raise ValueError(f"a term names {unknown[0]!r}, which is none of the groups {', '.join(self.groups)}")
        return self


class WordList(Record):
    """Lists for one language."""

    language: str = "en"
    """Articles follow the word in en; other languages only have their words swapped."""
    attributes: dict[str, AttributeList] = Field(min_length=1)
    keep: tuple[str, ...] = ()
    """Fixed expressions in which nothing is swapped."""
    people: tuple[str, ...] = ()
    """The words for people before which terms with before_people are read."""

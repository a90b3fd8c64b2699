"""Which rows the address asks for, in which order, and which page of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from audits.browse.filters import Filter, Sort
from audits.browse.rows import BrowsedRows
from audits.browse.slices import Slice
from dashboard import address
from probes.errors import BadData, EvenlightError
from probes.speech import Sentence

PAGE: Final = 50
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of the address that cannot be followed: its name and value there, and why."""

    name: str
    value: str
    why: Sentence


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the rows; what of it cannot be followed is told beside them."""

    part: Slice | None = None
    own: tuple[Filter, ...] = ()
    """Filters beside those of the part."""
    sort: Sort | None = None
    page: int = 1
    problems: tuple[Problem, ...] = ()

    @property
    def filters(self) -> tuple[Filter, ...]:
        """Every condition that the rows fulfil."""
        return (*(self.part.filters if self.part else ()), *self.own)

    @property
    def asked(self) -> tuple[str, ...]:
        """The conditions as text, by which answers are kept."""
        return tuple(one.text for one in self.filters)

    @property
    def order(self) -> str:
        """The order as text; nothing is the data's own."""
        return self.sort.text if self.sort else ""


def question(rows: BrowsedRows, parts: tuple[Slice, ...]) -> Question:
    """The address, read for these rows."""
    problems: list[Problem] = []
    named = address.asked("slice")
    part = next((each for each in parts if each.key == named), None)
    if named and part is None:
        problem = BadData("these rows have no part named {name}; choose one of those above", name=named[:80])
        problems.append(Problem("slice", named, problem.sentence))
    own: list[Filter] = []
    for text in dict.fromkeys(address.asked_all("filter")):
        try:
            one = Filter.read(text)
            one.expression(rows.columns)
        except EvenlightError as failed:
            problems.append(Problem("filter", text, failed.sentence))
        else:
            own.append(one)
    sort = None
    if address.asked("sort"):
        try:
            sort = Sort.read(address.asked("sort"))
            sort.check(rows.columns)
        except EvenlightError as failed:
            sort = None
            problems.append(Problem("sort", address.asked("sort"), failed.sentence))
    return Question(part, tuple(own), sort, max(1, address.number("page") or 1), tuple(problems))


def pages(n: int) -> int:
    """How many pages so many rows fill; nothing fills one too."""
    return max(1, -(-n // PAGE))


def without(name: str, value: str) -> dict[str, str | list[str] | None]:
    """The change of the address that takes one condition out."""
    if name == "filter":
        return {"filter": [text for text in address.asked_all("filter") if text != value], "page": None, "row": None}
    return {name: None, "page": None, "row": None}

"""The documents that a run can become, one file each; a file registers its format by its name and suffix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

from audits.runs import Run

Render = Callable[[Run], str]
R = TypeVar("R", bound=Render)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document: its name, the file suffix that asks for it, and how a run becomes it."""

    name: str
    suffix: str
    render: Render


_formats: dict[str, Format] = {}


def renders(name: str, suffix: str) -> Callable[[R], R]:
    """Registers a function from a run to a document's text."""

    def register(render: R) -> R:
        _formats[name] = Format(name, suffix, render)
        return render

    return register


@cache
def formats() -> dict[str, Format]:
    """Every format there is, by name: each file in this folder registers its own."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_formats.items()))

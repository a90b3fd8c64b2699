"""One drawing for each kind of evidence, one file each; `drawn(evidence)` finds it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from audits.evidence import Evidence
from reports.figures.drawing import Draw, Drawing, drawings
from reports.look.palette import GroupColours

__all__ = ["Drawing", "drawn", "figures"]


@cache
def figures() -> dict[type, Draw]:
    """Every drawing there is, by kind of evidence: each file in this folder registers its own."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return drawings()


def drawn(evidence: Evidence, colours: GroupColours | None = None) -> Drawing:
    """The evidence, drawn; `colours` keeps a run's groups in the same colours everywhere."""
    return figures()[type(evidence)](evidence, colours or GroupColours())

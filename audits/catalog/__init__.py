"""One file for each audit; `catalog()` finds them, and those that installed plug-ins bring."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from audits.audit import Audit, registered
from probes.errors import SetupBroken

ENTRY_POINTS = "evenlight.audits"
"""The group under which a plug-in names the modules that hold its audits."""


@cache
def catalog() -> dict[str, type[Audit]]:
    """Every audit there is, by name. A plug-in's module registers by being imported, as the built-in ones do."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    for point in entry_points(group=ENTRY_POINTS):
        try:
            point.load()
        except (ImportError, AttributeError) as problem:
            raise SetupBroken(
                "the plug-in {name} cannot be loaded ({problem}); mend it or uninstall it",
                name=point.name,
                problem=str(problem),
            ) from problem
    return registered()

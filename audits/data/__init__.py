"""The rows under audit: opened lazily, mapped by the plan, keyed and digested. Imports nothing heavy by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audits.data.opening import open_population
    from audits.data.population import Population

__all__ = ["Population", "open_population"]


def __getattr__(name: str) -> Any:
    if name == "open_population":
        from audits.data.opening import open_population

        return open_population
    if name == "Population":
        from audits.data.population import Population

        return Population
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

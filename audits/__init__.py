"""Audits: the questions, the evidence they gather and the verdicts they reach.

`audits.run(plan)` audits as a plan says (a path, a dict or a Plan); `audits.load(id)` gives a run again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audits.engine.runner import load, run
    from audits.findings import Finding, Verdict
    from audits.plan import Plan
    from audits.runs import Run

__all__ = ["Finding", "Plan", "Run", "Verdict", "load", "run"]

_HOMES = {
    "Finding": "audits.findings",
    "Plan": "audits.plan",
    "Run": "audits.runs",
    "Verdict": "audits.findings",
    "load": "audits.engine.runner",
    "run": "audits.engine.runner",
}


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first used: the command line must answer at once."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'audits' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

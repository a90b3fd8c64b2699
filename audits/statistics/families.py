"""The closing step of a run: tests of a family are corrected together, then findings that waited get their verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from audits.audit import Pending
from audits.evidence import Test
from audits.findings import Finding
from audits.statistics.holm import holm


@runtime_checkable
class Asks(Protocol):
    """A pending finding that says which hypotheses it tests, so that the same ones are counted once in a family."""

    @property
    def hypotheses(self) -> str:
        """The same for findings whose tests, one by one, ask the same: a rate and its complement."""


def close(drafts: Sequence[Finding | Pending]) -> tuple[Finding, ...]:
    """The findings in the order given; every pending one closed with Holm's p over its whole family (Holm 1979)."""
    families: dict[str, dict[str, list[float | None]]] = {}
    for at, draft in enumerate(drafts):
        if not isinstance(draft, Finding):
            families.setdefault(draft.family, {})[_name(draft, at)] = [test.p for test in draft.tests]
    corrected = {family: _corrected(asked) for family, asked in families.items()}
    sizes = {family: sum(p is not None for ps in asked.values() for p in ps) for family, asked in families.items()}
    return tuple(
        draft
        if isinstance(draft, Finding)
        else draft.close(_with(draft.tests, corrected[draft.family][_name(draft, at)], sizes[draft.family]))
        for at, draft in enumerate(drafts)
    )


def _name(draft: Pending, at: int) -> str:
    """Whoever says the same and finds the same asks the same; all others ask for themselves."""
    if not isinstance(draft, Asks):
        return f"{at}"
    return " ".join([draft.hypotheses, *("-" if test.p is None else f"{test.p:.9g}" for test in draft.tests)])


def _corrected(family: Mapping[str, Sequence[float | None]]) -> dict[str, list[float | None]]:
    adjusted = iter(holm([p for ps in family.values() for p in ps]))
    return {name: [next(adjusted) for _ in ps] for name, ps in family.items()}


def _with(tests: Sequence[Test], adjusted: Sequence[float | None], size: int) -> list[Test]:
    return [
        test if p is None else test.model_copy(update={"adjusted": p, "family": size})
        for test, p in zip(tests, adjusted, strict=True)
    ]

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
    families: dict[str, dict[str, Sequence[Test]]] = {}
    for at, draft in enumerate(drafts):
        if not isinstance(draft, Finding):
            families.setdefault(draft.family, {}).setdefault(_name(draft, at), draft.tests)
    corrected = {family: _corrected(tests) for family, tests in families.items()}
    return tuple(
        draft if isinstance(draft, Finding) else draft.close(corrected[draft.family][_name(draft, at)])
        for at, draft in enumerate(drafts)
    )


def _name(draft: Pending, at: int) -> str:
    return f"{draft.hypotheses}:{len(draft.tests)}" if isinstance(draft, Asks) else f"{at}"


def _corrected(family: Mapping[str, Sequence[Test]]) -> dict[str, list[Test]]:
    size = sum(test.p is not None for tests in family.values() for test in tests)
    adjusted = iter(holm([test.p for tests in family.values() for test in tests]))
    return {name: [_with(test, next(adjusted), size) for test in tests] for name, tests in family.items()}


def _with(test: Test, p: float | None, size: int) -> Test:
    return test if p is None else test.model_copy(update={"adjusted": p, "family": size})

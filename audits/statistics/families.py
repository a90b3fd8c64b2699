"""The closing step of a run: tests of a family are corrected together, then findings that waited get their verdicts."""

from __future__ import annotations

from collections.abc import Sequence

from audits.audit import Pending
from audits.evidence import Test
from audits.findings import Finding
from audits.statistics.holm import holm


def close(drafts: Sequence[Finding | Pending]) -> tuple[Finding, ...]:
    """The findings in the order given; every pending one closed with Holm's p over its whole family (Holm 1979)."""
    families: dict[str, list[Test]] = {}
    for draft in drafts:
        if not isinstance(draft, Finding):
            families.setdefault(draft.family, []).extend(draft.tests)
    corrected = {family: iter(_corrected(tests)) for family, tests in families.items()}
    return tuple(
        draft if isinstance(draft, Finding) else draft.close([next(corrected[draft.family]) for _ in draft.tests])
        for draft in drafts
    )


def _corrected(tests: Sequence[Test]) -> list[Test]:
    size = sum(test.p is not None for test in tests)
    return [
        test if p is None else test.model_copy(update={"adjusted": p, "family": size})
        for test, p in zip(tests, holm([test.p for test in tests]), strict=True)
    ]

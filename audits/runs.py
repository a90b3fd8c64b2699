"""A finished run: the plan, the manifest and the findings; equal to its own JSON round trip."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from audits.findings import Finding, Verdict
from audits.manifest import Manifest
from audits.plan import Plan
from probes.record import Record

if TYPE_CHECKING:
    import polars as pl

SCHEMA_VERSION = 1
"""Raised when a stored run of the version before can no longer be read as it is; then a migration is added."""


class Run(Record):
    """One audit of one model on one population."""

    schema_version: int = SCHEMA_VERSION
    id: str
    plan: Plan
    manifest: Manifest
    findings: tuple[Finding, ...]

    @property
    def verdicts(self) -> Counter[Verdict]:
        """How many findings ended in each verdict."""
        return Counter(finding.verdict for finding in self.findings)

    @property
    def unchecked(self) -> tuple[Finding, ...]:
        """Findings whose question could not be answered."""
        return tuple(finding for finding in self.findings if not finding.verdict.checked)

    def finding(self, name: str) -> Finding:
        """The finding of that name; KeyError lists the names there are."""
        for finding in self.findings:
            if finding.name == name:
                return finding
        raise KeyError(f"no finding {name!r}; there are {[f.name for f in self.findings]}")

    def table(self, name: str) -> pl.DataFrame:
        """Every evidence of that name as a data frame (its finding's verdict beside it)."""
        from audits.frames import evidence_frame

        return evidence_frame(self.findings, name)

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        """A run from its JSON; older schema versions are migrated."""
        from audits.migrations import migrated

        return cls.model_validate(migrated(text))

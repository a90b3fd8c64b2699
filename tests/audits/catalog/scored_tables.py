"""Rows whose scores or predictions stand in columns, asked through a real bench: no model, no files but the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from audits.audit import Audit
from audits.data.population import Population
from audits.engine.bench import Bench
from audits.engine.pairing import matched
from audits.findings import Finding
from audits.statistics.families import close
from audits.store.measurements import Measurements
from probes.subjects.opening import open_subject
from tests.audits.catalog.populations import population

SCORES = "table:?score=score"
PREDICTIONS = "table:?prediction=prediction"


@dataclass(frozen=True)
class Asked:
    """An audit's findings by name, on rows that a table subject decided about."""

    columns: Mapping[str, Sequence[Any]]
    uri: str = SCORES
    seed: int = 0
    plan: Mapping[str, Any] = field(default_factory=dict)

    def data(self) -> Population:
        return population(self.columns, **{"positive": "yes", **self.plan})

    def findings(self, audit: Audit) -> dict[str, Finding]:
        subject, data = matched(open_subject(self.uri), self.data())
        bench = Bench(subject, cast(Measurements, None), seed=self.seed)
        return {finding.name: finding for finding in close(list(audit.run(bench, data)))}

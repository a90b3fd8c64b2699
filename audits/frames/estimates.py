"""Frames of evidence about named numbers."""

from __future__ import annotations

from collections.abc import Iterator

from audits.estimate_evidence import Estimates
from audits.frames.rows import Row, bounds, rows


@rows.register
def _estimates(evidence: Estimates) -> Iterator[Row]:
    for row in evidence.rows:
        yield {
            "label": row.label.text,
            "n": row.n,
            "value": row.value,
            **bounds(row.interval),
            "firm": row.firm,
            "unit": evidence.unit,
            "line": evidence.line,
        }

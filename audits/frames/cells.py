"""Cells of crossed attributes and slices of rows, as rows."""

from __future__ import annotations

from collections.abc import Iterator

from audits.cell_evidence import Cells, Slices
from audits.frames.rows import Row, bounds, rows


@rows.register
def _cells(evidence: Cells) -> Iterator[Row]:
    for cell in evidence.cells:
        yield {
            **dict(zip(evidence.attributes, cell.labels, strict=True)),
            "events": cell.events,
            "n": cell.n,
            "rate": cell.rate,
            **bounds(cell.interval),
            "shrunk": cell.shrunk,
            **bounds(cell.shrunk_interval, "shrunk_"),
            "tested": cell.tested,
            "reference": evidence.reference,
        }


@rows.register
def _slices(evidence: Slices) -> Iterator[Row]:
    for one in evidence.slices:
        yield {
            "rule": "; ".join(condition.words for condition in one.conditions),
            "conditions": len(one.conditions),
            "rows": one.rows,
            "events": one.events,
            "n": one.n,
            "rate": one.rate,
            "rest": one.rest,
            "difference": one.difference,
            **bounds(one.interval),
            "p": one.p,
            "adjusted": one.adjusted,
        }

"""Evidence as data frames: what a figure shows can always be taken away as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import polars as pl

from audits.evidence import Evidence, Scalar, Table
from audits.findings import Finding
from audits.frames.rows import Row, rows
from audits.frames.tables import headings
from probes.nearest import nearest

__all__ = ["evidence_frame", "frame"]


def evidence_frame(findings: Sequence[Finding], name: str) -> pl.DataFrame:
    """Every evidence of that name, one below the other, with its finding and verdict beside it.

    A scalar has no name of its own and answers to its finding's name.
    """
    frames = []
    known: dict[str, None] = {}
    for finding in findings:
        for evidence in finding.evidence:
            called = _name(evidence, finding)
            known[called] = None
            if called == name:
                frames.append(_beside(finding, frame(evidence)))
    if not frames:
        near = nearest(name, known)
        hint = f"did you mean {near!r}?" if near else f"there are {list(known)}"
        raise KeyError(f"no table {name!r} in this run; {hint}")
    return pl.concat(frames, how="diagonal_relaxed")


def frame(evidence: Evidence) -> pl.DataFrame:
    """One evidence as a data frame; undefined numbers are null."""
    found = list(_registered(evidence))
    if not found and isinstance(evidence, Table):
        return pl.DataFrame(schema=dict.fromkeys(headings(evidence), pl.Null))
    return pl.DataFrame(found, infer_schema_length=None, strict=False)


def _registered(evidence: Evidence) -> Iterable[Row]:
    _kinds()
    return rows(evidence)


@cache
def _kinds() -> None:
    """Each file in this folder registers its own kinds."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


def _name(evidence: Evidence, finding: Finding) -> str:
    return finding.name if isinstance(evidence, Scalar) else evidence.name


def _beside(finding: Finding, table: pl.DataFrame) -> pl.DataFrame:
    taken = {c: f"{c} (data)" for c in table.columns if c in ("finding", "verdict")}
    return table.rename(taken).select(
        pl.lit(finding.name).alias("finding"), pl.lit(finding.verdict.value).alias("verdict"), pl.all()
    )

"""What the columns of a table did, as rows."""

from __future__ import annotations

from collections.abc import Iterator

from audits.column_evidence import Dependences, Swarms, Waterfalls
from audits.frames.rows import Row, bounds, rows


@rows.register
def _waterfalls(evidence: Waterfalls) -> Iterator[Row]:
    for row in evidence.rows:
        for column, cell, score in zip(row.columns, row.example.words, row.scores, strict=True):
            yield {
                "key": row.example.key,
                "target": row.target,
                "scale": row.scale,
                "base": row.base,
                "column": column,
                "cell": cell,
                "score": score,
                "output": row.output,
                "error": row.error,
                "adds_up": row.adds_up,
            }


@rows.register
def _swarms(evidence: Swarms) -> Iterator[Row]:
    for swarm in evidence.columns:
        about = {"column": swarm.column, "n": swarm.n, "mean_size": swarm.mean, **bounds(swarm.interval)}
        for cell, score in zip(swarm.values, swarm.scores, strict=True):
            yield {**about, "cell": cell, "score": score}


@rows.register
def _dependences(evidence: Dependences) -> Iterator[Row]:
    for one in evidence.columns:
        yield from ({"column": one.column, "number": at, "value": None, "score": score} for at, score in one.points)
        for strip in one.strips:
            about = {"column": one.column, "number": None, "value": strip.value}
            yield from ({**about, "score": score} for score in strip.scores)

"""Evidence as data frames: what a figure shows can always be taken away as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch
from typing import Any

import polars as pl

from audits.column_evidence import Dependences, Swarms, Waterfalls
from audits.evidence import (
    Attention,
    Evidence,
    GroupRates,
    Heatmap,
    PairTests,
    Scalar,
    Spreads,
    Table,
    Test,
    TokenScores,
)
from audits.findings import Finding
from probes.nearest import nearest
from probes.speech import Interval, Quantity
from probes.speech.language import ENGLISH

Row = dict[str, Any]


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
    rows = list(_rows(evidence))
    if not rows and isinstance(evidence, Table):
        return pl.DataFrame(schema=dict.fromkeys(_headings(evidence), pl.Null))
    return pl.DataFrame(rows, infer_schema_length=None, strict=False)


def _name(evidence: Evidence, finding: Finding) -> str:
    return finding.name if isinstance(evidence, Scalar) else evidence.name


def _beside(finding: Finding, table: pl.DataFrame) -> pl.DataFrame:
    taken = {c: f"{c} (data)" for c in table.columns if c in ("finding", "verdict")}
    return table.rename(taken).select(
        pl.lit(finding.name).alias("finding"), pl.lit(finding.verdict.value).alias("verdict"), pl.all()
    )


@singledispatch
def _rows(evidence: object) -> Iterable[Row]:
    raise TypeError(f"no data frame for {type(evidence).__name__}")


@_rows.register
def _scalar(evidence: Scalar) -> Iterator[Row]:
    yield {
        "title": evidence.title.text(ENGLISH),
        "value": _plain(evidence.value),
        "n": evidence.n,
        **_bounds(evidence.interval),
        **_test(evidence.test),
    }


@_rows.register
def _table(evidence: Table) -> Iterator[Row]:
    headings = _headings(evidence)
    for row in evidence.rows:
        yield dict(zip(headings, (None if cell is None else _plain(cell) for cell in row), strict=True))


@_rows.register
def _group_rates(evidence: GroupRates) -> Iterator[Row]:
    for group in evidence.groups:
        yield {
            "group": group.group,
            "label": group.label,
            "events": group.events,
            "n": group.n,
            "rate": group.rate,
            **_bounds(group.interval),
            "tested": group.tested,
            "reference": evidence.reference,
            "tolerance": evidence.tolerance,
        }


@_rows.register
def _pair_tests(evidence: PairTests) -> Iterator[Row]:
    for pair in evidence.pairs:
        yield {
            "first": pair.first,
            "second": pair.second,
            "difference": pair.difference,
            **_bounds(pair.interval),
            **_bounds(pair.simultaneous, "simultaneous_"),
            **_bounds(pair.equivalence, "equivalence_"),
            **_test(pair.test),
        }


@_rows.register
def _spreads(evidence: Spreads) -> Iterator[Row]:
    for group in evidence.groups:
        quantiles = group.quantiles or (None,) * 5
        yield {
            "group": group.group,
            "label": group.label,
            "n": group.n,
            **dict(zip(("q05", "q25", "q50", "q75", "q95"), quantiles, strict=True)),
        }


@_rows.register
def _heatmap(evidence: Heatmap) -> Iterator[Row]:
    for row, values in zip(evidence.rows, evidence.values, strict=True):
        for column, value in zip(evidence.columns, values, strict=True):
            yield {"row": row, "column": column, "value": value}


@_rows.register
def _token_scores(evidence: TokenScores) -> Iterator[Row]:
    for text in evidence.texts:
        for place, (word, score) in enumerate(zip(text.example.words, text.scores, strict=True)):
            yield {
                "key": text.example.key,
                "target": text.target,
                "place": place,
                "word": word,
                "score": score,
                "error": text.error,
                "change": text.change,
                "adds_up": text.adds_up,
            }


@_rows.register
def _attention(evidence: Attention) -> Iterator[Row]:
    for view in evidence.texts:
        for i, query in enumerate(view.tokens):
            for j, key in enumerate(view.tokens):
                yield {
                    "key": view.example.key,
                    "layer": view.layer,
                    "head": view.head,
                    "query_place": i,
                    "query": query,
                    "key_place": j,
                    "looked_at": key,
                    "weight": view.weights[i][j],
                    "rollout": view.rollout[j],
                }


@_rows.register
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


@_rows.register
def _swarms(evidence: Swarms) -> Iterator[Row]:
    for swarm in evidence.columns:
        about = {"column": swarm.column, "n": swarm.n, "mean_size": swarm.mean, **_bounds(swarm.interval)}
        for cell, score in zip(swarm.values, swarm.scores, strict=True):
            yield {**about, "cell": cell, "score": score}


@_rows.register
def _dependences(evidence: Dependences) -> Iterator[Row]:
    for one in evidence.columns:
        yield from ({"column": one.column, "number": at, "value": None, "score": score} for at, score in one.points)
        for strip in one.strips:
            about = {"column": one.column, "number": None, "value": strip.value}
            yield from ({**about, "score": score} for score in strip.scores)


def _headings(table: Table) -> list[str]:
    """Column names in English, whoever reads; repeated headings are numbered."""
    names: list[str] = []
    for column in table.columns:
        heading, turn = column.heading.text(ENGLISH), 2
        name = heading
        while name in names:
            name, turn = f"{heading} ({turn})", turn + 1
        names.append(name)
    return names


def _plain(value: Quantity) -> Any:
    """The number or the text inside a typed value."""
    match value.kind:
        case "name" | "phrase":
            return value.text
        case "names":
            return ", ".join(value.texts)
        case "range":
            return f"{value.low} to {value.high}"
        case "duration":
            return value.seconds
        case _:
            return value.value


def _bounds(interval: Interval | None, prefix: str = "") -> Row:
    if interval is None:
        return {f"{prefix}low": None, f"{prefix}high": None, f"{prefix}level": None}
    return {f"{prefix}low": interval.low, f"{prefix}high": interval.high, f"{prefix}level": interval.level}


def _test(test: Test | None) -> Row:
    if test is None:
        return {"test": None, "p": None, "adjusted": None}
    return {"test": test.name, "p": test.p, "adjusted": test.adjusted}

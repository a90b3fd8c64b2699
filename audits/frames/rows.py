"""How a kind of evidence becomes rows of a data frame: each kind registers with `rows`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from audits.evidence import Test
from probes.speech import Interval, Quantity

Row = dict[str, Any]


@singledispatch
def rows(evidence: object) -> Iterable[Row]:
    """The rows of one evidence; a kind that nobody registered is a TypeError."""
    raise TypeError(f"no data frame for {type(evidence).__name__}")


def plain(value: Quantity) -> Any:
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


def bounds(interval: Interval | None, prefix: str = "") -> Row:
    """An interval's bounds and level as cells."""
    if interval is None:
        return {f"{prefix}low": None, f"{prefix}high": None, f"{prefix}level": None}
    return {f"{prefix}low": interval.low, f"{prefix}high": interval.high, f"{prefix}level": interval.level}


def significance(test: Test | None) -> Row:
    """A test's name and p-values as cells."""
    if test is None:
        return {"test": None, "p": None, "adjusted": None}
    return {"test": test.name, "p": test.p, "adjusted": test.adjusted}

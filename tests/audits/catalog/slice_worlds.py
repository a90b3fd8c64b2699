"""Rows with errors that are spread evenly, or piled up in one slice that the test knows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from audits.audit import Audit
from audits.data.population import Population
from audits.engine.bench import Bench
from audits.findings import Finding
from audits.statistics.families import close
from tests.audits.catalog.populations import PREDICTION, Judge, Ledger, population


@dataclass(frozen=True)
class Kept(Judge):
    """A subject whose answers stand in a column, which is therefore no column to slice by."""

    prediction: str | None = PREDICTION
    score: str | None = None
    threshold: float = 0.5

    def with_labels(self, labels: tuple[str, ...]) -> Kept:
        return replace(self, labels=labels)


@dataclass(frozen=True)
class Seeded(Ledger):
    """A bench that looks decisions up, with a seed to draw by."""

    seed: int = 0


def columns(seed: int, n: int, planted: float = 0.0, base: float = 0.15) -> dict[str, list[Any]]:
    """Five columns; `planted` is added to the error rate of those whose job is u and who are older than 60."""
    draw = np.random.default_rng(seed)
    rows = {
        "group": draw.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]),
        "job": draw.choice(list("uvwxyz"), n),
        "town": draw.choice(list("klm"), n),
        "age": draw.integers(18, 80, n),
        "hours": draw.normal(40, 10, n).round(3),
    }
    inside = (rows["job"] == "u") & (rows["age"] > 60)
    wrong = draw.random(n) < base + planted * inside
    biased = draw.random(n) < 0.4
    names = np.array(["neutral", "biased"])
    answers = {"label": names[biased.astype(int)], PREDICTION: names[(biased != wrong).astype(int)]}
    return {name: values.tolist() for name, values in {**rows, **answers}.items()}


def judged(audit: Audit, data: Population, seed: int = 0) -> Finding:
    """The audit's only finding."""
    (finding,) = close(list(audit.run(cast(Bench, Seeded(Kept(), seed)), data)))
    return finding


def world(seed: int, n: int, planted: float = 0.0, **plan: Any) -> Population:
    """The columns as a population; the protected attribute is group."""
    return population(columns(seed, n, planted), **plan)

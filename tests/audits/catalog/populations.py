"""Rows in memory and a bench whose decisions stand in a column: counting audits need no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import polars as pl

from audits.audit import Audit
from audits.catalog.group_rates import GroupRates
from audits.data.columns import LABEL
from audits.data.opening import population_of
from audits.data.population import Population
from audits.engine.bench import Bench
from audits.engine.decisions import ACTUAL, CORRECT, SELECTED
from audits.evidence import GroupRates as Rates
from audits.findings import Finding, Verdict
from audits.plan import DataPlan, Words
from audits.statistics.families import close
from probes.subjects.capabilities import Description

PREDICTION = "prediction"

COMMENTS = Words(
    item="comment", positive="flagged as biased", relation="about", groups={"muslims": "Muslims", "jews": "Jews"}
)


FALSE_POSITIVES = "group-rates.group.false-positive-rate"
CLEAN = dict.fromkeys(("muslims", "jews", "women"), (300, 75, 120, 480))
PLANTED = {**CLEAN, "muslims": (300, 75, 260, 340)}


@dataclass(frozen=True)
class Judge:
    """A subject that classifies, and whose answers stand in the data."""

    labels: tuple[str, ...] = ("neutral", "biased")
    multilabel: bool = False
    uri: str = "table:"
    fingerprint: str = "judge"
    policy: str = "none"

    def describe(self) -> Description:
        return Description(name="judge")


@dataclass(frozen=True)
class Ledger:
    """A bench that looks its decisions up."""

    subject: Judge = field(default_factory=Judge)

    def decisions(self, data: Population, positive: str | None) -> pl.LazyFrame:
        chosen, predicted = pl.lit(positive, pl.String), pl.col(PREDICTION)
        return data.frame.with_columns(
            **{
                SELECTED: predicted == chosen,
                ACTUAL: pl.col(LABEL) == chosen,
                CORRECT: predicted == pl.col(LABEL),
            }
        )


def population(
    columns: Mapping[str, Sequence[Any]],
    *,
    protected: tuple[str, ...] = ("group",),
    label: str | None = "label",
    words: Words = COMMENTS,
    **plan: Any,
) -> Population:
    """Rows as the plan would read them from a file."""
    frame = pl.DataFrame(
        {
            name: pl.Series(name, values, dtype=None if any(value is not None for value in values) else pl.String)
            for name, values in columns.items()
        }
    )
    return population_of(frame, DataPlan(source="rows", label=label, protected=protected, **plan), words)


def tallied(counts: Mapping[str, tuple[int, int, int, int]]) -> dict[str, list[str]]:
    """Rows from each group's confusion: true positives, false negatives, false positives, true negatives."""
    cells = (("biased", "biased"), ("biased", "neutral"), ("neutral", "biased"), ("neutral", "neutral"))
    rows = [
        (group, actual, predicted)
        for group, four in counts.items()
        for (actual, predicted), n in zip(cells, four, strict=True)
        for _ in range(n)
    ]
    groups, labels, predictions = (list(column) for column in zip(*rows, strict=True))
    return {"group": groups, "label": labels, PREDICTION: predictions}


def findings(audit: Audit, data: Population, subject: Judge | None = None) -> dict[str, Finding]:
    """What an audit concludes, closed as a run closes it, by name."""
    bench = cast(Bench, Ledger(subject or Judge()))
    return {finding.name: finding for finding in close(list(audit.run(bench, data)))}


def audited(columns: Mapping[str, Sequence[Any]], **plan: Any) -> dict[str, Finding]:
    """The group rates of these rows, by finding."""
    return findings(GroupRates(), population(columns, **plan))


def rates(finding: Finding) -> Rates:
    """The finding's rates by group."""
    return next(evidence for evidence in finding.evidence if isinstance(evidence, Rates))


def verdicts(found: Mapping[str, Finding]) -> dict[str, Verdict]:
    """The verdict on each metric."""
    return {name.rsplit(".", 1)[1]: finding.verdict for name, finding in found.items()}

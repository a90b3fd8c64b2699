"""Rows with scores in memory, counted and judged as a run does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from audits.audit import Audit
from audits.data.columns import WEIGHT, group_column
from audits.engine.bench import Bench
from audits.engine.decisions import ACTUAL
from audits.engine.pairing import matched
from audits.engine.scores import SCORE
from audits.findings import Finding
from audits.statistics.families import close
from audits.statistics.score_counts import ScoreCounts, by_group, tally_scores
from audits.store.measurements import Measurements
from probes.subjects import open_subject
from tests.audits.catalog.populations import population

GROUP = group_column("group")


def scored_rows(
    groups: Sequence[str], scores: Sequence[float | None], labels: Sequence[bool | None], weights: Any = 1.0
) -> pl.LazyFrame:
    """What `scores` hands over, written out."""
    weight = np.broadcast_to(np.asarray(weights, float), len(groups))
    return pl.LazyFrame(
        {GROUP: groups, SCORE: list(scores), ACTUAL: list(labels), WEIGHT: weight},
        schema={GROUP: pl.String, SCORE: pl.Float64, ACTUAL: pl.Boolean, WEIGHT: pl.Float64},
    )


def counted(*columns: Any, exact: bool = True) -> ScoreCounts:
    """Score counts of rows written out."""
    return by_group(tally_scores(scored_rows(*columns), [GROUP], exact=exact), GROUP)


def findings(audit: Audit, columns: Mapping[str, Sequence[Any]], uri: str = "table:?score=score") -> dict[str, Finding]:
    """What an audit of scores concludes about rows with the columns score, label and group, closed as a run does."""
    subject, data = matched(open_subject(uri), population(columns, positive="biased"))
    bench = Bench(subject, Measurements("memory://scores"))
    return {finding.name: finding for finding in close(list(audit.run(bench, data)))}


def drawn_scores(
    sizes: Mapping[str, int], shift: Mapping[str, float] | None = None, seed: int = 0
) -> dict[str, list[Any]]:
    """Rows whose label is biased with the probability of their score; `shift` is added to a group's log-odds after."""
    draw = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {"group": [], "score": [], "label": []}
    for group, size in sizes.items():
        odds = draw.normal(0, 1.5, size)
        label = draw.random(size) < 1 / (1 + np.exp(-odds))
        odds += (shift or {}).get(group, 0.0)
        columns["group"] += [group] * size
        columns["score"] += (1 / (1 + np.exp(-odds))).tolist()
        columns["label"] += np.where(label, "biased", "neutral").tolist()
    return columns

"""What every column of a row, real or typed in, adds to a model's score: as the audit measures it, for one row."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from audits.adding_up import adds_up
from audits.background import Drawn, background
from audits.browse.origin import Origin
from audits.browse.reader import Answer, Reader, quoted
from audits.catalog.attribution import AttributionAudit
from audits.column_evidence import ColumnScores
from audits.data.rows import Row, input_digest
from audits.engine.pairing import open_pair
from audits.runs import Run
from probes.errors import NotApplicable
from probes.shapley_values import ShapleyValues
from probes.subjects.capabilities import Tabular


def background_of(run: Run, base: Path | None) -> Drawn:
    """The background that the run's own audit draws; needs the data. Raises BadData where it has gone."""
    _, data = open_pair(run.plan, base)
    return background(data, _settings(run).background, run.plan.seed)


def contributions(
    reader: Reader, run: Run, drawn: Drawn, cells: tuple[str, ...], target: str, origin: Origin
) -> tuple[Answer, ColumnScores]:
    """The model's answer to the cells, and each column's contribution to the score of one class.

    Raises NotApplicable for a model that reads no table.
    """
    subject = reader.subject
    if not isinstance(subject, Tabular):
        raise NotApplicable("{subject} reads texts, which have no columns", subject=subject.uri)
    answer, how = reader.answer(cells), subject.explaining()
    probe = ShapleyValues(rows=drawn.rows, target=reader.labels.index(target), seed=run.plan.seed)
    results = reader.bench.measure(probe, [Row("", input_digest(cells), cells)])
    result = results[0]
    base, output = float(result.base), float(result.output)
    change, size = output - base, float(np.abs(result.values).sum())
    error = abs(float(result.values.sum()) - change)
    scores = ColumnScores(
        example=quoted(answer, cells, origin),
        columns=subject.features,
        target=target,
        scale=how.scale,
        base=base,
        output=output,
        scores=tuple(map(float, result.values)),
        error=error,
        adds_up=adds_up(error, change, size, _settings(run).tolerance),
        array=results.reference(0, "values"),
    )
    return answer, scores


def _settings(run: Run) -> AttributionAudit:
    """The options that the run's plan gives the audit, or the defaults."""
    chosen = next((choice.options for choice in run.plan.audits if choice.name == AttributionAudit.name), {})
    return AttributionAudit.model_validate(chosen)

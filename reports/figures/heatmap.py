"""A matrix of magnitudes as a shaded grid."""

from __future__ import annotations

from audits.evidence import Column, Heatmap, Table
from probes.speech import Name, Number, say
from reports.figures.drawing import Drawing, draws
from reports.figures.grid import grid
from reports.look.palette import GroupColours

WIDEST = 16
"""A table of numbers with more columns than this does not fit on paper; the shaded cells still carry their values."""


@draws(Heatmap)
def heatmap(evidence: Heatmap, _: GroupColours) -> Drawing:
    """A shaded grid in one sequential colour; undefined cells are hatched."""
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=grid(
            evidence.title,
            evidence.row_axis,
            evidence.column_axis,
            evidence.unit,
            evidence.rows,
            evidence.columns,
            evidence.values,
        ),
        hint=evidence.hint,
        numbers=_numbers(evidence) if len(evidence.columns) <= WIDEST else None,
    )


def _numbers(evidence: Heatmap) -> Table:
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(
            Column(heading=evidence.row_axis),
            *(Column(heading=say("{name}", name=column), numeric=True) for column in evidence.columns),
        ),
        rows=tuple(
            (Name(text=row), *(None if value is None else Number(value=value) for value in values))
            for row, values in zip(evidence.rows, evidence.values, strict=True)
        ),
    )

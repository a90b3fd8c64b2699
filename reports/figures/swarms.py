"""Every column over many rows: where its contributions lie, how large they are, and whether high numbers raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.column_evidence import ColumnSwarm, Swarms
from audits.evidence import Column, Table
from probes.speech import Count, Name, Number, Quantity, say
from reports.figures.drawing import Drawing, draws
from reports.figures.strip import scale
from reports.figures.swarm import SwarmRow, number, settle, swarm_html
from reports.look.palette import GroupColours, Theme
from reports.look.wording import fragment, plain, shown

if TYPE_CHECKING:
    import plotly.graph_objects as go


@draws(Swarms)
def swarms(evidence: Swarms, _: GroupColours) -> Drawing:
    """One swarm a column, the strongest first."""
    axis = scale([0.0, *(score for column in evidence.columns for score in column.scores)])

    def chart(theme: Theme) -> go.Figure:
        from reports.figures.swarm_chart import swarm_figure

        return swarm_figure(evidence, axis, theme)

    rows = [
        SwarmRow(column.column, "", mean_size(column), settle(column.scores, column.places, axis))
        for column in evidence.columns
    ]
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=swarm_html((plain(say("Column")), mean_head()), rows, axis, evidence.axis, number, legend=True),
        hint=evidence.hint,
        chart=chart,
        numbers=_numbers(evidence),
    )


def mean_head() -> str:
    """What stands over the mean sizes."""
    return plain(say("Mean size (interval)"))


def mean_size(column: ColumnSwarm) -> str:
    """The mean size of a column's contributions with its interval."""
    mean = Number(value=column.mean)
    if column.interval is None:
        return shown(mean)
    low, high = (Number(value=bound) for bound in (column.interval.low, column.interval.high))
    return fragment("{mean} ({low} to {high})", mean=mean, low=low, high=high)


def _numbers(evidence: Swarms) -> Table:
    def cells(column: ColumnSwarm) -> tuple[Quantity | None, ...]:
        bounds = column.interval
        return (
            Name(text=column.column),
            Count(value=column.n),
            Number(value=column.mean, digits=3),
            Number(value=bounds.low, digits=3) if bounds else None,
            Number(value=bounds.high, digits=3) if bounds else None,
            Number(value=min(column.scores), digits=3) if column.scores else None,
            Number(value=max(column.scores), digits=3) if column.scores else None,
        )

    numbers = (
        say("Rows (n)"),
        say("Mean size"),
        say("95 % interval from"),
        say("To"),
        say("Least contribution"),
        say("Greatest contribution"),
    )
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=(Column(heading=say("Column")), *(Column(heading=heading, numeric=True) for heading in numbers)),
        rows=tuple(cells(column) for column in evidence.columns),
    )

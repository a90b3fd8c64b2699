"""Swarms of contributions as a plotly figure: the same dots, with each row's value on hover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.column_evidence import ColumnSwarm, Swarms
from probes.speech import say
from reports.figures.strip import Scale
from reports.figures.swarm import HEIGHT, number, settle, signed
from reports.figures.swarms import mean_head, mean_size
from reports.look.palette import Theme, template
from reports.look.wording import chart_label, plain

if TYPE_CHECKING:
    import plotly.graph_objects as go

LABEL_WIDTH = 24
TOP, BOTTOM = 34, 62


def swarm_figure(evidence: Swarms, axis: Scale, theme: Theme) -> go.Figure:
    """One trace a column, on numbered rows: plotly would guess dates and numbers from columns' names."""
    import plotly.graph_objects as go

    figure = go.Figure(layout={"template": template(theme)})
    sizes = [mean_size(column) for column in evidence.columns]
    aside = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 14, "showarrow": False, "align": "left"}
    figure.add_annotation(y=0, yanchor="bottom", text=chart_label(mean_head()), font={"color": theme.quiet}, **aside)
    for place, column in enumerate(evidence.columns):
        _add_dots(figure, column, place * HEIGHT, axis, theme)
        figure.add_annotation(y=(place + 0.5) * HEIGHT, text=chart_label(sizes[place]), **aside)
    if axis.low <= 0 <= axis.high:
        zero = {"color": theme.quiet, "width": 1.2}
        figure.add_shape(type="line", x0=0, x1=0, y0=0, y1=1, yref="paper", layer="below", line=zero)
    height = len(evidence.columns) * HEIGHT
    figure.update_layout(
        height=height + TOP + BOTTOM,
        margin={"l": 16, "r": 24 + 7.4 * max(map(len, (mean_head(), *sizes))), "t": TOP, "b": BOTTOM},
        xaxis={
            "range": [axis.low, axis.high],
            "tickvals": list(axis.ticks),
            "ticktext": [chart_label(number(tick)) for tick in axis.ticks],
            "title": {"text": chart_label(plain(evidence.axis), 70)},
            "fixedrange": True,
        },
        yaxis={
            "range": [height, 0],
            "tickvals": [(place + 0.5) * HEIGHT for place in range(len(evidence.columns))],
            "ticktext": [chart_label(column.column, LABEL_WIDTH) for column in evidence.columns],
            "showgrid": False,
            "automargin": True,
            "fixedrange": True,
        },
    )
    return figure


def _add_dots(figure: go.Figure, column: ColumnSwarm, top: float, axis: Scale, theme: Theme) -> None:
    dots = settle(column.scores, column.places, axis)
    line = {"color": theme.quiet, "width": 0.5}
    nothing = plain(say("empty"))
    hover = [
        f"<b>{chart_label(column.column, 40)}</b><br>{chart_label(value or nothing, 40)}<br>{signed(score)}"
        for value, score in zip(column.values, column.scores, strict=True)
    ]
    for shaded in (False, True):
        chosen = [at for at, place in enumerate(column.places) if (place is not None) == shaded]
        if not chosen:
            continue
        marker = {"size": 7, "line": line, "color": theme.quiet, "opacity": 0.55}
        if shaded:
            scale = [[0, theme.least], [1, theme.most]]
            marker = {**marker, "opacity": 1, "color": [column.places[at] for at in chosen],
                      "colorscale": scale, "cmin": -0.18, "cmax": 1}  # fmt: skip
        figure.add_scatter(
            x=[column.scores[at] for at in chosen],
            y=[top + dots[at].y for at in chosen],
            mode="markers",
            cliponaxis=False,
            marker=marker,
            hoverinfo="text",
            hovertext=[hover[at] for at in chosen],
        )

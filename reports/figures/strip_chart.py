"""A strip chart as a plotly figure: the same rows, with values on hover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.figures.strip import Box, Strip, StripRow, Whisker
from reports.look.palette import GroupColours, Theme, template
from reports.look.wording import chart_label, plain

if TYPE_CHECKING:
    import plotly.graph_objects as go

LABEL_WIDTH = 26
VALUE_WIDTH = 34
"""Letters in a line of a label and of a value; longer ones are wrapped."""
ROW_HEIGHT = 24
LINE_HEIGHT = 19
TOP, BOTTOM = 34, 62


def strip_figure(strip: Strip, colours: GroupColours, theme: Theme) -> go.Figure:
    """One trace for each row, on numbered rows: plotly would guess dates and numbers from groups' names."""
    import plotly.graph_objects as go

    labels = [_tick_label(row, theme) for row in strip.rows]
    heights = [ROW_HEIGHT + LINE_HEIGHT * (label.count("<br>") + 1) for label in labels]
    places = [sum(heights[:i]) + height / 2 for i, height in enumerate(heights)]
    figure = go.Figure(layout={"template": template(theme)})
    for row, place in zip(strip.rows, places, strict=True):
        _add_mark(figure, row, place, colours.colour(row.label, theme), theme)
    _add_ground(figure, strip, theme)
    for row, place in zip(strip.rows, places, strict=True):
        figure.add_annotation(
            x=1, xref="paper", xanchor="left", xshift=14, y=place, showarrow=False, align="left",
            text=chart_label(row.value, VALUE_WIDTH),
        )  # fmt: skip
    bottom = BOTTOM + (LINE_HEIGHT if strip.band else 0)
    figure.update_layout(
        height=sum(heights) + TOP + bottom,
        margin={"l": 16, "r": 20 + 7.4 * min(VALUE_WIDTH, max((len(row.value) for row in strip.rows), default=0)),
                "t": TOP, "b": bottom},
        xaxis={
            "range": [strip.scale.low, strip.scale.high],
            "tickvals": list(strip.scale.ticks),
            "ticktext": [chart_label(strip.tick(tick)) for tick in strip.scale.ticks],
            "title": {"text": _axis_title(strip)},
            "fixedrange": True,
        },
        yaxis={
            "range": [sum(heights), 0],
            "tickvals": places,
            "ticktext": labels,
            "showgrid": False,
            "automargin": True,
            "fixedrange": True,
        },
    )  # fmt: skip
    return figure


def _add_mark(figure: go.Figure, row: StripRow, place: float, colour: str, theme: Theme) -> None:
    hover = f"<b>{chart_label(row.label, 40)}</b><br>{chart_label(row.value, 60)}<br>{chart_label(row.aside)}"
    shared: dict[str, Any] = {"hoverinfo": "text", "hovertext": hover}
    match row.mark:
        case Whisker(low, point, high):
            figure.add_scatter(
                x=[point],
                y=[place],
                mode="markers",
                cliponaxis=False,
                marker={
                    "size": 13,
                    "color": theme.ground if row.hollow else colour,
                    "line": {"color": theme.ink, "width": 1.2},
                },
                error_x={
                    "type": "data",
                    "array": [max(high - point, 0.0)],
                    "arrayminus": [max(point - low, 0.0)],
                    "color": theme.ink,
                    "thickness": 1.6,
                    "width": 5,
                },
                **shared,
            )
        case Box((q05, q25, q50, q75, q95)):
            figure.add_box(
                y=[place],
                orientation="h",
                lowerfence=[q05], q1=[q25], median=[q50], q3=[q75], upperfence=[q95],
                width=22,
                whiskerwidth=0.5,
                fillcolor=colour,
                line={"color": theme.ink, "width": 1.4},
                **shared,
            )  # fmt: skip
        case None:
            return


def _add_ground(figure: go.Figure, strip: Strip, theme: Theme) -> None:
    whole = {"y0": 0, "y1": 1, "yref": "paper", "layer": "below"}
    if strip.band:
        low, high = (min(max(end, strip.scale.low), strip.scale.high) for end in strip.band)
        figure.add_shape(type="rect", x0=low, x1=high, fillcolor=theme.band, line={"width": 0}, **whole)
    if strip.line is not None:
        dashed = {"color": theme.quiet, "width": 1.4, "dash": "dash"}
        figure.add_shape(type="line", x0=strip.line, x1=strip.line, line=dashed, **whole)
        figure.add_annotation(
            x=strip.line, y=1, yref="paper", yanchor="bottom", showarrow=False,
            text=chart_label(strip.line_label), font={"color": theme.quiet},
        )  # fmt: skip


def _axis_title(strip: Strip) -> str:
    title = chart_label(plain(strip.axis), 70)
    return f"{title}<br>{chart_label(strip.band_label, 70)}" if strip.band else title


def _tick_label(row: StripRow, theme: Theme) -> str:
    label = chart_label(row.label, LABEL_WIDTH)
    # An empty second line would lift the label off its mark.
    return f'{label}<br><span style="color:{theme.quiet}">{chart_label(row.aside)}</span>' if row.aside else label

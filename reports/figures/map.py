"""Points in a plane, one colour and one mark for each kind: an exploration of rows, and not evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

from probes.speech import Sentence
from reports.look.palette import Theme, template
from reports.look.wording import chart_label, plain

if TYPE_CHECKING:
    import plotly.graph_objects as go

WIDTH: Final = 1080
"""Pixels that the plane has on a wide page; a narrower one leaves room beneath it."""

LOWEST: Final = 300
HIGHEST: Final = 640
AROUND: Final = 130
"""Pixels of the legend and the axis title."""

MARKS: Final = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "pentagon", "star")
"""Beside the colour, for those who see few colours."""

WRAPPED: Final = 64
"""Letters in a line of a hover."""


@dataclass(frozen=True, slots=True)
class Point:
    """A row at its place, and what is told when it is pointed at, line by line."""

    key: str
    x: float
    y: float
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Points of one colour under one name; quiet ones stand in the background."""

    name: str
    colour: str
    points: Sequence[Point]
    quiet: bool = False


def map_figure(kinds: Sequence[Kind], axes: tuple[Sentence, Sentence], theme: Theme) -> go.Figure:
    """A trace for each kind, quiet ones first; both axes have the same scale, as distances are what is read."""
    import plotly.graph_objects as go

    figure = go.Figure(layout={"template": template(theme)})
    marks = dict(zip((kind.name for kind in kinds if not kind.quiet), cycle(MARKS), strict=False))
    for kind in sorted(kinds, key=lambda each: not each.quiet):
        figure.add_scatter(
            x=[point.x for point in kind.points],
            y=[point.y for point in kind.points],
            customdata=[point.key for point in kind.points],
            mode="markers",
            legendrank=2000 if kind.quiet else 1000,
            name=chart_label(f"{kind.name} ({len(kind.points):,})", 40),
            hoverinfo="text",
            hovertext=[_hover(point) for point in kind.points],
            marker={
                "size": 5 if kind.quiet else 8,
                "color": theme.line if kind.quiet else kind.colour,
                "symbol": "circle" if kind.quiet else marks[kind.name],
                "opacity": 0.6 if kind.quiet else 0.85,
                "line": {"color": theme.ground, "width": 0 if kind.quiet else 0.6},
            },
            unselected={"marker": {"opacity": 0.15}},
        )
    horizontal, vertical = (chart_label(plain(axis)) for axis in axes)
    figure.update_layout(
        height=_height(kinds),
        showlegend=True,
        dragmode="select",
        margin={"l": 16, "r": 16, "t": 16, "b": 16},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "itemsizing": "constant"},
        xaxis={"title": {"text": horizontal}, "showticklabels": False, "automargin": True},
        yaxis={
            "title": {"text": vertical},
            "showticklabels": False,
            "automargin": True,
            "scaleanchor": "x",
            "constrain": "domain",
            "constraintoward": "top",
        },
    )
    return figure


def _height(kinds: Sequence[Kind]) -> float:
    """As flat as the points lie: with one scale for both axes the rest would stay empty."""
    xs = [point.x for kind in kinds for point in kind.points]
    ys = [point.y for kind in kinds for point in kind.points]
    wide, high = (max(each, default=1) - min(each, default=0) for each in (xs, ys))
    return min(max(LOWEST, WIDTH * high / wide if wide else HIGHEST), HIGHEST) + AROUND


def _hover(point: Point) -> str:
    return "<br>".join(chart_label(line, WRAPPED) for line in point.told)

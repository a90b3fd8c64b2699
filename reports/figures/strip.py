"""A strip chart: one row for each group or pair, all marks along one shared axis; forest plots and boxes are strips."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup

from probes.speech import Sentence
from reports.figures.pieces import piece
from reports.look.palette import GroupColours, Theme

if TYPE_CHECKING:
    import plotly.graph_objects as go

TICKS = 6
"""At most so many intervals between gridlines: labels stay apart at 390 pixels."""


@dataclass(frozen=True, slots=True)
class Whisker:
    """A point with its interval."""

    low: float
    point: float
    high: float

    @property
    def places(self) -> tuple[float, ...]:
        """Every value that must fit on the axis."""
        return (self.low, self.point, self.high)


@dataclass(frozen=True, slots=True)
class Box:
    """Five quantiles: 5, 25, 50, 75 and 95 %."""

    quantiles: tuple[float, float, float, float, float]

    @property
    def places(self) -> tuple[float, ...]:
        """Every value that must fit on the axis."""
        return self.quantiles


@dataclass(frozen=True, slots=True)
class StripRow:
    """One row; label and note may hold text from the data."""

    label: str
    aside: str
    """Beside the label: "n = 61" or "p = 0.03"."""
    value: str
    """The number and its interval, in words."""
    mark: Whisker | Box | None
    """None where the value is undefined; the row is listed all the same."""
    hollow: bool = False
    """Shown but not tested."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The shared axis: its ends and its ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def percent(self, value: float) -> float:
        """Where a value stands, from 0 at the left end to 100 at the right."""
        return round(100 * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low), 3)


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything a strip chart shows; drawn as HTML here and by plotly in strip_chart."""

    heads: tuple[str, str]
    """Over the labels and over the values."""
    axis: Sentence
    rows: tuple[StripRow, ...]
    scale: Scale
    tick: Callable[[float], str]
    line: float | None = None
    line_label: str = ""
    band: tuple[float, float] | None = None
    band_label: str = ""

    def still(self, colours: GroupColours) -> Markup:
        """The chart as an HTML table whose third column is the drawing: no script, any width, any theme, paper."""
        return piece("strip.html", strip=self, colours=colours, is_box=lambda mark: isinstance(mark, Box))

    def chart(self, colours: GroupColours) -> Callable[[Theme], go.Figure]:
        """The chart as a plotly figure."""

        def figure(theme: Theme) -> go.Figure:
            from reports.figures.strip_chart import strip_figure

            return strip_figure(self, colours, theme)

        return figure


def scale(
    values: Iterable[float], least_step: float = 0.0, bounds: tuple[float, float] = (-math.inf, math.inf)
) -> Scale:
    """A round axis around the values: steps of 1, 2 or 5 times a power of ten, no finer than `least_step`."""
    values = list(values)
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if high - low < max(least_step, 1e-12):
        pad = max(least_step, abs(high) / 10, 1e-6)
        low, high = low - pad, high + pad
    step = max(_round_step((high - low) / TICKS), least_step)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [round(i * step, 12) for i in range(first, last + 1) if bounds[0] <= round(i * step, 12) <= bounds[1]]
    if len(ticks) < 2 or any(b <= a for a, b in pairwise(ticks)):
        return Scale(low, high, (low, high))
    return Scale(ticks[0], ticks[-1], tuple(ticks))


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= rough * (1 - 1e-9))

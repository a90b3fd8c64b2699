"""A swarm: one dot for each row along a shared axis, dots of like value beside each other; shared by two drawings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from probes.speech import Number, Sentence
from reports.figures.pieces import piece
from reports.figures.strip import Scale
from reports.look.wording import shown

HEIGHT = 46
"""Pixels of a row."""

BINS = 100
"""Dots in the same hundredth of the axis are set one above the other."""

APART = 4.2
"""Pixels between them, where there is room."""


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a row's dot stands, in percent and pixels, and how dark it is; None is grey."""

    x: float
    y: float
    shade: float | None


@dataclass(frozen=True, slots=True)
class SwarmRow:
    """One row of the drawing; label may hold text from the data."""

    label: str
    aside: str
    value: str
    dots: tuple[Dot, ...]
    mean: float | None = None
    """A mark at the mean, where it has a sign."""


def settle(scores: Sequence[float], shades: Sequence[float | None], axis: Scale) -> tuple[Dot, ...]:
    """Dots that do not hide each other, as far as the height allows; paler ones above."""
    heaps: dict[int, list[int]] = defaultdict(list)
    places = [axis.percent(score) for score in scores]
    for at, place in enumerate(places):
        heaps[int(place * BINS / 100.001)].append(at)
    highest = max(map(len, heaps.values()), default=1)
    apart = min(APART, (HEIGHT - 8) / max(1, highest - 1))
    heights = [HEIGHT / 2] * len(scores)
    for heap in heaps.values():
        heap.sort(key=lambda at: (shades[at] is None, shades[at] or 0.0, at))
        for turn, at in enumerate(heap):
            heights[at] = round(HEIGHT / 2 + (turn - (len(heap) - 1) / 2) * apart, 1)
    return tuple(map(Dot, places, heights, shades))


def swarm_html(
    heads: tuple[str, str], rows: Sequence[SwarmRow], scale: Scale, axis: Sentence, tick: Callable[[float], str],
    legend: bool,
) -> Markup:  # fmt: skip
    """The rows as an HTML table whose third column is the drawing."""
    return piece(
        "swarm.html", heads=heads, rows=rows, scale=scale, axis=axis, tick_label=tick, legend=legend, height=HEIGHT
    )


def number(value: float) -> str:
    """A number on an axis."""
    return f"{value:,.6g}".replace("-", "−")


def signed(value: float) -> str:
    """A contribution, always with its sign."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{shown(Number(value=abs(value)))}"

"""What a drawing is, and how the drawing of a kind of evidence is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from markupsafe import Markup

from audits.evidence import Evidence, Table
from probes.speech import Sentence
from reports.look.palette import GroupColours, Theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    import polars as pl


@dataclass(frozen=True, slots=True)
class Drawing:
    """One piece of evidence drawn: readable markup, and a plotly twin where a chart can do more than stand still."""

    evidence: Evidence
    title: Sentence
    still: Markup
    """HTML and SVG that need no script, follow the reader's theme and print."""
    hint: Sentence | None = None
    """How to read it, in one line."""
    chart: Callable[[Theme], go.Figure] | None = None
    """The same drawing as a plotly figure, for one ground."""
    numbers: Table | None = None
    """What is drawn, as a table for readers; None where the drawing is a table."""
    has_texts: bool = False
    """Whether rows of the data are quoted: strong language stays behind a click."""

    def frame(self) -> pl.DataFrame:
        """What is drawn, as a data frame."""
        from audits.frames import frame

        return frame(self.evidence)


Draw = Callable[[Any, GroupColours], Drawing]
D = TypeVar("D", bound=Draw)

_drawings: dict[type, Draw] = {}


def draws(kind: type) -> Callable[[D], D]:
    """Registers the one drawing of a kind of evidence."""

    def register(draw: D) -> D:
        if kind in _drawings:
            raise TypeError(f"{kind.__name__} has two drawings: {_drawings[kind].__module__} and {draw.__module__}")
        _drawings[kind] = draw
        return draw

    return register


def drawings() -> dict[type, Draw]:
    """Every drawing registered so far, by kind of evidence."""
    return dict(_drawings)

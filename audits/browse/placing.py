"""A run's rows on a map: a sample of them where the model puts their texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.browse.projection import Map, project
from audits.browse.rows import BrowsedRows
from audits.engine.progress import Meter, Progress, silent
from probes.errors import NotApplicable
from probes.speech import Sentence, Share, say

if TYPE_CHECKING:
    from audits.browse.models import Models

MOST: Final = 1_000
"""Rows that are placed: drawn at random, the same for everybody."""

LENT: Final = 64
"""Texts for which the model is held: others may ask it in between."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Rows by key at their places."""

    keys: tuple[str, ...]
    map: Map
    directions: int
    """Numbers that the model keeps of a text; a map shows two directions among so many."""
    whole: int
    """Rows of the run."""

    def title(self, plural: str, colour: str) -> Sentence:
        """What the map shows."""
        if len(self.keys) < self.whole:
            return say(
                "How the model places {n} of {whole} {plural}, coloured by {colour}",
                n=len(self.keys),
                whole=self.whole,
                plural=plural,
                colour=colour,
            )
        return say(
            "How the model places all {n} {plural}, coloured by {colour}", n=self.whole, plural=plural, colour=colour
        )

    @property
    def axes(self) -> tuple[Sentence, Sentence]:
        """What each axis is, and how much of the differences lies along it."""
        first, second = self.map.explained
        return (
            say("First direction ({share} of the variance)", share=Share(value=first)),
            say("Second direction ({share} of the variance)", share=Share(value=second)),
        )

    def aid(self, plural: str) -> Sentence:
        """How to read it, how it was made, and what it cannot show."""
        return say(
            "Nearby points: {plural} whose hidden states in the last layer, averaged over their words, are alike. "
            "The map shows the two of {directions} directions in which they differ most (principal components), "
            "{share} of the variance: what lies together here may lie apart in the others.",
            plural=plural,
            directions=self.directions,
            share=Share(value=sum(self.map.explained)),
        )


def placed(rows: BrowsedRows, models: Models, base: Path | None = None, progress: Progress = silent) -> Placed:
    """Measures what is not stored yet, and projects.

    Raises NotApplicable where the model reads no text or shows no hidden states, BadSubject where it is another now.
    """
    if not rows.run.plan.data.input:
        raise NotApplicable("the audited decisions come without a model that reads texts, so there is no map of them")
    keys = rows.keys("random", most=MOST)
    texts = rows.inputs(keys)
    meter = Meter(progress, "Embedding", len(texts), 0)
    vectors = []
    for start in range(0, len(texts), LENT):
        some = texts[start : start + LENT]
        with models.lend_for(rows.run, base) as reader:
            vectors.append(reader.embed(some))
        meter.advance(len(some))
    if not vectors:
        raise NotApplicable("this run has no rows to place")
    found = np.concatenate(vectors)
    plane = project(found, rows.run.plan.seed)
    return Placed(tuple(texts.keys[place] for place in plane.rows), plane, found.shape[1], rows.count())

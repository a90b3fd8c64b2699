"""A map of texts: the plane in which the model's vectors for them differ most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from probes.errors import NotApplicable
from probes.speech import Sentence, Share, say

if TYPE_CHECKING:
    from jaxtyping import Float, Int

MOST = 5_000
"""Rows on a map; more would be drawn on top of each other."""


@dataclass(frozen=True, slots=True)
class Map:
    """Places of rows in a plane."""

    xy: Float[np.ndarray, "row 2"]
    explained: tuple[float, float]
    """Share of the vectors' variance along each axis."""
    rows: Int[np.ndarray, "row"]
    """Which of the given vectors are on the map, in their order."""
    told: Sentence
    """What is shown, and how much of the differences a plane can show."""


def project(vectors: Float[np.ndarray, "row hidden"], seed: int = 0, most: int = MOST) -> Map:
    """The first two principal components (Pearson 1901); of more than `most` rows a sample drawn by the seed.

    An axis has no direction of its own: it is turned so that its largest loading is positive. Raises NotApplicable
    for fewer than two rows.
    """
    total = len(vectors)
    if total < 2:
        raise NotApplicable("a map needs at least two texts, and there is {n}; choose more", n=total)
    rows = np.arange(total)
    if total > most:
        rows = np.sort(np.random.default_rng(seed).choice(total, most, replace=False))
    centred = vectors[rows].astype(np.float64)
    centred -= centred.mean(axis=0)
    left, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    turned = np.where(np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], 1)[:, 0] < 0, -1.0, 1.0)
    places = left * sizes * turned
    xy, shares = np.zeros((len(rows), 2)), np.zeros(2)
    there = min(2, len(sizes))
    xy[:, :there] = places[:, :there]
    variance = float((sizes**2).sum())
    if variance > 0:
        shares[:there] = sizes[:there] ** 2 / variance
    return Map(xy, (float(shares[0]), float(shares[1])), rows, _told(total, len(rows), float(shares.sum())))


def _told(total: int, shown: int, share: float) -> Sentence:
    if shown < total:
        return say(
            "{shown} of {total} texts, drawn at random by the plan's seed; the map shows {share} of how they differ.",
            shown=shown,
            total=total,
            share=Share(value=share),
        )
    return say("{shown} texts; the map shows {share} of how they differ.", shown=shown, share=Share(value=share))

"""Holm's step-down correction (1979): the chance of any false alarm in the family stays below the level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray


def holm(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjusted p-values in the order given; undefined ones stay undefined and do not count as tests."""
    defined = [i for i, value in enumerate(p) if value is not None]
    adjusted: list[float | None] = [None] * len(p)
    for i, value in zip(defined, holm_array(np.array([p[i] for i in defined], float)), strict=True):
        adjusted[i] = float(value)
    return tuple(adjusted)


def holm_array(p: Float[ndarray, "... test"]) -> Float[ndarray, "... test"]:
    """Adjusted p-values along the last axis, never below the raw ones, in the same order among themselves."""
    order = np.argsort(p, axis=-1, kind="stable")
    left = np.arange(p.shape[-1], 0, -1)
    stepped = np.maximum.accumulate(np.take_along_axis(p, order, -1) * left, axis=-1)
    adjusted = np.empty_like(stepped)
    np.put_along_axis(adjusted, order, np.minimum(1.0, stepped), -1)
    return adjusted

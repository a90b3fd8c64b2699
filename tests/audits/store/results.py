"""A kind of result for the tests of the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Result:
    """Two arrays of any shape."""

    one: np.ndarray
    other: np.ndarray


def digest(at: int) -> str:
    """A row's digest."""
    return f"{at:032x}"


def result(at: float) -> Result:
    """A small result that tells which it is."""
    return Result(np.array(at), np.full(3, at, dtype=np.float32))


def results(*places: int) -> dict[str, Result]:
    return {digest(at): result(at) for at in places}


def equal(left: Any, right: Any) -> None:
    """Same shapes, same types, same bits."""
    for name in ("one", "other"):
        a, b = getattr(left, name), getattr(right, name)
        assert isinstance(b, np.ndarray)
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        np.testing.assert_array_equal(a, b)

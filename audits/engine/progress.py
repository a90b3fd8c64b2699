"""How far a measurement is, how fast it goes and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Step:
    """A moment in a measurement. `left_seconds` is None until a rate is known."""

    what: str
    done: int
    total: int
    rate: float | None
    """Rows a second, of those measured now (not those found in the store)."""
    left_seconds: float | None


class Progress(Protocol):
    """Whoever wants to know."""

    def __call__(self, step: Step, /) -> None:
        """Called at the start, then as rows are done, and at the end of each measurement."""


def silent(step: Step) -> None:
    """Tells nobody."""


class Meter:
    """Counts rows of one measurement and tells a listener, at most ten times a second."""

    def __init__(
        self, tell: Progress, what: str, total: int, found: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tell, self._what, self._total, self._clock = tell, what, total, clock
        self._found = self._done = found
        self._start = self._told = clock()
        self._report()

    def advance(self, rows: int) -> None:
        """So many more rows are measured."""
        self._done += rows
        if self._done == self._total or self._clock() - self._told >= 0.1:
            self._report()

    def _report(self) -> None:
        self._told = self._clock()
        elapsed = self._told - self._start
        rate = (self._done - self._found) / elapsed if elapsed > 0 and self._done > self._found else None
        left = None if rate is None else (self._total - self._done) / rate
        self._tell(Step(self._what, self._done, self._total, rate, left))

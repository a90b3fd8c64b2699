"""When scores of parts count as adding up to a whole, and what follows where they do not."""

from __future__ import annotations

from typing import Final

from audits.findings import Verdict
from audits.statistics.intervals import wilson

ENOUGH: Final = 100
"""Examples below which a method is not judged."""

REQUIRED: Final = 0.95
"""Share of examples whose scores must add up."""

LEAST_CHANGE: Final = 0.01
"""Below so much change of a score, a share of the change would be a share of nothing."""


def adds_up(error: float, change: float, size: float, tolerance: float) -> bool:
    """Whether an error is small beside the change, or a tenth of the scores' total size where they cancel out."""
    return error <= tolerance * max(abs(change), 0.1 * size, LEAST_CHANGE)


def ruling(good: int, n: int) -> Verdict:
    """The verdict on so many examples of which so many add up."""
    if wilson(good, n).at(()).high < REQUIRED:
        return Verdict.FAIL
    if good / n < REQUIRED:
        return Verdict.CONCERN
    return Verdict.PASS if n >= ENOUGH else Verdict.INSUFFICIENT

"""What an audit will ask of a model, told before it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from probes.probe import Probe


@dataclass(frozen=True, slots=True)
class Passes:
    """A probe on so many rows, and how often one of them goes through the model."""

    probe: Probe[Any] | None
    """None where only the data tells its options, so that what is stored cannot be told."""
    rows: int
    forward: float = 1.0
    """Passes for each row without a gradient."""
    backward: float = 0.0
    """Passes for each row with a gradient."""

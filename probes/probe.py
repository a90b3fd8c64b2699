"""What a probe is: frozen options and one method, written for one example as the paper writes it."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from probes.example import Example
from probes.record import Record
from probes.requests import Request

R = TypeVar("R")

Steps = Generator[Sequence[Request], Sequence[Any], R]
"""A probe's work: it yields the requests it needs next, is sent their answers in order, and returns its result."""


class Probe(Record, ABC, Generic[R]):
    """An instrument: it never calls the model, never batches and never sees a device.

    The result is a frozen dataclass whose fields are arrays. `version` is raised whenever the same options
    would give other numbers: stored results of older versions are then no longer used.
    """

    version: ClassVar[int]
    result: ClassVar[type]
    needs: ClassVar[tuple[type, ...]]
    """Capability protocols of the subject without which the probe has nothing to ask."""

    @abstractmethod
    def measure(self, example: Example) -> Steps[R]:
        """The loop for one example."""

    @property
    def identity(self) -> str:
        """Name, version and options in canonical JSON: what the store files results under."""
        options = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return f"{type(self).__name__}/{self.version}{options}"

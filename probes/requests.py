"""What a probe may ask of a model, and what it is answered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from probes.example import Example

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True, slots=True)
class Request(ABC):
    """One row of work for the model; requests of one type and `kind` run in one batch."""

    example: Example

    @property
    @abstractmethod
    def kind(self) -> str:
        """Requests of the same kind can share a batch."""

    @property
    def identity(self) -> bytes:
        """Two requests of the same identity have the same answer."""
        return self.kind.encode() + self.example.digest


@dataclass(frozen=True, slots=True)
class Forward(Request):
    """The model's outputs for the example; with `attention`, also its attention weights."""

    attention: bool = False

    @property
    def kind(self) -> str:
        return "forward+attention" if self.attention else "forward"


@dataclass(frozen=True, slots=True)
class Embed(Request):
    """The input embeddings of the example, and of its baseline (every token that is not special replaced)."""

    @property
    def kind(self) -> str:
        return "embed"


@dataclass(frozen=True, slots=True)
class Gradient(Request):
    """The gradient of one output with respect to the input embeddings, at given embeddings."""

    embeddings: Float[np.ndarray, "token hidden"]
    target: int

    @property
    def kind(self) -> str:
        return "gradient"

    @property
    def identity(self) -> bytes:
        state = blake2b(self.embeddings.tobytes(), digest_size=16)
        return b"gradient" + self.example.digest + self.target.to_bytes(4, "little") + state.digest()


@dataclass(frozen=True, slots=True)
class Scores:
    """Answer to Forward."""

    logits: Float[np.ndarray, "label"]
    attention: Float[np.ndarray, "layer head query key"] | None = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """Answer to Embed."""

    embeddings: Float[np.ndarray, "token hidden"]
    baseline: Float[np.ndarray, "token hidden"]


@dataclass(frozen=True, slots=True)
class Slope:
    """Answer to Gradient."""

    logits: Float[np.ndarray, "label"]
    gradient: Float[np.ndarray, "token hidden"]


Answer = Scores | Embedded | Slope

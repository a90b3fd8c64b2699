"""What a probe may ask of a model, and what it is answered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from probes.example import Example

if TYPE_CHECKING:
    from jaxtyping import Bool, Float


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


@dataclass(frozen=True)
class Background:
    """Rows whose values stand in for a column that is taken away."""

    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def digest(self) -> str:
        """What makes two backgrounds the same, in their order."""
        state = blake2b(digest_size=16)
        for row in self.rows:
            state.update(Example(row).digest)
        return state.hexdigest()


@dataclass(frozen=True, slots=True)
class Shapley(Request):
    """What every column of a row adds to the score of one class, against a background."""

    target: int
    background: Background
    seed: int = 0

    @property
    def kind(self) -> str:
        return f"shapley {self.target} {self.seed} {self.background.digest}"


@dataclass(frozen=True, slots=True)
class Without(Request):
    """The model's outputs when some tokens are replaced by the baseline's, as Embed gives it."""

    absent: Bool[np.ndarray, "token"]

    @property
    def kind(self) -> str:
        return "without"

    @property
    def identity(self) -> bytes:
        return b"without" + self.example.digest + np.packbits(self.absent).tobytes()


@dataclass(frozen=True, slots=True)
class LastLayer(Request):
    """The hidden states that the model's answer is computed from."""

    @property
    def kind(self) -> str:
        return "last-layer"


@dataclass(frozen=True, slots=True)
class Scores:
    """Answer to Forward and Without."""

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


@dataclass(frozen=True, slots=True)
class Contributions:
    """Answer to Shapley, on the scale that the subject explains on."""

    values: Float[np.ndarray, "column"]
    base: float
    """The mean score over the background."""
    output: float
    """The score as the model itself gives it, not as the explanation adds it up."""


@dataclass(frozen=True, slots=True)
class States:
    """Answer to LastLayer."""

    states: Float[np.ndarray, "token hidden"]


Answer = Scores | Embedded | Slope | Contributions | States

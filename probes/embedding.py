"""Where the model puts a text: one vector for each, to see which texts it takes for alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from probes.example import Example
from probes.probe import Probe, Steps
from probes.requests import LastLayer
from probes.subjects.capabilities import Represents

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True, slots=True)
class TextVector:
    """A text as the model represents it."""

    vector: Float[np.ndarray, "hidden"]


class Embedding(Probe[TextVector]):
    """The mean of the last layer's hidden states over the text's own tokens (Reimers and Gurevych 2019).

    Tokens that the tokenizer added do not count, unless there are no others.
    """

    version: ClassVar[int] = 1
    result: ClassVar[type] = TextVector
    needs: ClassVar[tuple[type, ...]] = (Represents,)

    def measure(self, example: Example) -> Steps[TextVector]:
        """One pass that keeps the hidden states."""
        (answer,) = yield [LastLayer(example)]
        own = ~example.encoded.special
        states = answer.states[own] if own.any() else answer.states
        return TextVector(states.astype(np.float64).mean(axis=0).astype(np.float32))

"""What the model answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from probes.example import Example
from probes.probe import Probe, Steps
from probes.requests import Forward
from probes.subjects.capabilities import Classifies

if TYPE_CHECKING:
    from jaxtyping import Bool, Float


@dataclass(frozen=True, slots=True)
class Prediction:
    """Raw outputs for one example, before softmax or sigmoid."""

    logits: Float[np.ndarray, "label"]
    truncated: Bool[np.ndarray, ""]
    """Whether the model read only the beginning of the text."""


class Predictions(Probe[Prediction]):
    """The model's logits for every class."""

    version: ClassVar[int] = 1
    result: ClassVar[type] = Prediction
    needs: ClassVar[tuple[type, ...]] = (Classifies,)

    def measure(self, example: Example) -> Steps[Prediction]:
        """One forward pass."""
        (scores,) = yield [Forward(example)]
        truncated = example.tokens is not None and example.tokens.truncated
        return Prediction(logits=scores.logits, truncated=np.array(truncated))


def probabilities(logits: Float[np.ndarray, "*rows label"], multilabel: bool) -> Float[np.ndarray, "*rows label"]:
    """Softmax over classes, or a sigmoid for each label of a multi-label model."""
    logits = logits.astype(np.float64)
    if multilabel:
        # Without overflow, whatever the logit.
        return np.asarray(np.exp(-np.logaddexp(0, -logits)))
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))

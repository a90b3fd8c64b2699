"""What each word does to the answer, by taking one word out at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from probes.errors import NotApplicable
from probes.example import Example
from probes.probe import Probe, Steps
from probes.requests import Forward, Without
from probes.subjects.capabilities import Classifies, Omits

if TYPE_CHECKING:
    from jaxtyping import Float, Int


@dataclass(frozen=True, slots=True)
class WordEffects:
    """What the output of one class loses with each word, in logits."""

    scores: Float[np.ndarray, "word"]
    target: Int[np.ndarray, ""]
    change: Float[np.ndarray, ""]
    """f(text) - f(text without any word); single effects need not add up to it, since words work together."""


class Occlusion(Probe[WordEffects]):
    """The logit of the text minus its logit without a word, for each word (Li, Monroe and Jurafsky 2016).

    A word is taken out by replacing its tokens by the padding token, so the others keep their places. Each effect is
    that of a single absence: two words that say the same each have little.
    """

    version: ClassVar[int] = 1
    result: ClassVar[type] = WordEffects
    needs: ClassVar[tuple[type, ...]] = (Classifies, Omits)

    target: int | None = Field(None, ge=0, description="Class to explain; the predicted one where left out.")

    def measure(self, example: Example) -> Steps[WordEffects]:
        """One pass for the text, one without each word and one without all of them."""
        words = example.encoded.words
        absent = np.zeros((len(words) + 1, len(example.encoded)), dtype=bool)
        for at, word in enumerate(words):
            absent[[at, -1], word.start : word.stop] = True
        whole, *rest = yield [Forward(example), *(Without(example, tokens) for tokens in absent)]
        target = int(whole.logits.argmax()) if self.target is None else self.target
        if target >= len(whole.logits):
            raise NotApplicable(
                "class {target} is to be explained and the model has {n}, counted from 0; choose a lower target",
                target=target,
                n=len(whole.logits),
            )
        effects = float(whole.logits[target]) - np.array([scores.logits[target] for scores in rest], dtype=np.float64)
        return WordEffects(
            scores=effects[:-1].astype(np.float32), target=np.array(target), change=np.array(effects[-1])
        )

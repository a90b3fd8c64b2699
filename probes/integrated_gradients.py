"""Integrated gradients on input embeddings, integrated as finely as each text needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field

from probes.errors import NotApplicable
from probes.example import Example
from probes.probe import Probe, Steps
from probes.quadrature import clenshaw_curtis
from probes.requests import Embed, Forward, Gradient
from probes.subjects.capabilities import Classifies, Differentiates

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int


@dataclass(frozen=True, slots=True)
class Attribution:
    """Signed scores of tokens for one output of the model, in logits."""

    scores: Float[np.ndarray, "token"]
    target: Int[np.ndarray, ""]
    change: Float[np.ndarray, ""]
    """f(input) - f(baseline): what the scores should add up to."""
    error: Float[np.ndarray, ""]
    """|sum of the scores - change|."""
    adds_up: Bool[np.ndarray, ""]
    """Whether the error is within `tolerance` times max(|change|, 0.1 x sum |scores|, 0.01 logit)."""
    steps: Int[np.ndarray, ""]
    """Points of the finest rule that was needed."""


class IntegratedGradients(Probe[Attribution]):
    """The gradient integrated along the straight line from a baseline, times the way (Sundararajan et al. 2017).

    The baseline replaces every token that is not special by the padding token. Integration is by nested
    Clenshaw-Curtis rules: points are added (9, 17, 33, ...) until the scores add up to the change of the logit.
    """

    version: ClassVar[int] = 1
    result: ClassVar[type] = Attribution
    needs: ClassVar[tuple[type, ...]] = (Classifies, Differentiates)

    tolerance: float = Field(0.05, gt=0, le=1, description="Largest completeness error, as a share of the change.")
    most_steps: int = Field(65, ge=9, le=1025, description="Points of the finest rule that may be used.")
    target: int | None = Field(None, ge=0, description="Class to explain; the predicted one where left out.")

    def measure(self, example: Example) -> Steps[Attribution]:
        """Embeds, then asks for gradients on ever finer nested rules."""
        scores, embedded = yield [Forward(example), Embed(example)]
        target = int(scores.logits.argmax()) if self.target is None else self.target
        if target >= len(scores.logits):
            raise NotApplicable(
                "class {target} is to be explained and the model has {n}, counted from 0; choose a lower target",
                target=target,
                n=len(scores.logits),
            )
        way = embedded.embeddings - embedded.baseline
        known: dict[float, tuple[float, Float[np.ndarray, "token"]]] = {}
        points = 9
        while True:
            rule = clenshaw_curtis(points)
            new = [node for node in rule.nodes if node not in known]
            slopes = yield [Gradient(example, embedded.baseline + np.float32(node) * way, target) for node in new]
            for node, slope in zip(new, slopes, strict=True):
                product = (slope.gradient.astype(np.float64) * way).sum(axis=-1)
                known[node] = (float(slope.logits[target]), product)
            attribution = np.sum([w * known[x][1] for x, w in zip(rule.nodes, rule.weights, strict=True)], axis=0)
            change = known[1.0][0] - known[0.0][0]
            error = abs(float(attribution.sum()) - change)
            adds_up = error <= self.tolerance * max(abs(change), 0.1 * float(np.abs(attribution).sum()), 0.01)
            if adds_up or 2 * points - 1 > self.most_steps:
                break
            points = 2 * points - 1
        return Attribution(
            scores=attribution.astype(np.float32),
            target=np.array(target),
            change=np.array(change),
            error=np.array(error),
            adds_up=np.array(adds_up),
            steps=np.array(points),
        )


def by_word(scores: Float[np.ndarray, "token"], example: Example) -> Float[np.ndarray, "word"]:
    """Scores of words: the sum over each word's tokens, so that what adds up for tokens adds up for words.

    Special tokens do not move along the path, so their score is zero and nothing is lost.
    """
    return np.array([scores[word.start : word.stop].sum() for word in example.encoded.words], dtype=np.float64)

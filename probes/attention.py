"""Where a transformer looks: attention weights, their entropy and their rollout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from probes.example import Example
from probes.probe import Probe, Steps
from probes.requests import Forward
from probes.subjects.capabilities import Attends, Classifies

if TYPE_CHECKING:
    from jaxtyping import Bool, Float


@dataclass(frozen=True, slots=True)
class AttentionMaps:
    """All heads of all layers for one example."""

    weights: Float[np.ndarray, "layer head query key"]
    """Stored as float16: three digits, enough to draw; entropy and rollout are computed before rounding."""
    entropy: Float[np.ndarray, "layer head"]
    """Mean over queries of the entropy of where they look, in bits."""
    rollout: Float[np.ndarray, "query key"]


class AttentionHeads(Probe[AttentionMaps]):
    """Attention weights of every layer and head in one pass, with entropy and rollout (Abnar and Zuidema 2020)."""

    version: ClassVar[int] = 1
    result: ClassVar[type] = AttentionMaps
    needs: ClassVar[tuple[type, ...]] = (Classifies, Attends)

    def measure(self, example: Example) -> Steps[AttentionMaps]:
        """One forward pass that keeps the weights."""
        (scores,) = yield [Forward(example, attention=True)]
        weights = scores.attention.astype(np.float64)
        return AttentionMaps(
            weights=weights.astype(np.float16),
            entropy=entropy(weights).mean(axis=-1).astype(np.float32),
            rollout=rollout(weights).astype(np.float32),
        )


def entropy(weights: Float[np.ndarray, "*rows key"]) -> Float[np.ndarray, "*rows"]:
    """Shannon entropy over keys in bits: 0 looks at one token, log2(tokens) looks at all alike."""
    safe = np.where(weights > 0, weights, 1.0)
    # + 0.0 turns the -0.0 of a one-hot row into 0.0.
    return np.asarray(-(weights * np.log2(safe)).sum(axis=-1) + 0.0)


def rollout(weights: Float[np.ndarray, "layer head query key"]) -> Float[np.ndarray, "query key"]:
    """Attention rollout: heads averaged, half of each layer passed through by the residual, layers multiplied."""
    tokens = weights.shape[-1]
    flow = np.eye(tokens)
    for layer in weights.mean(axis=1):
        mixed = 0.5 * layer + 0.5 * np.eye(tokens)
        flow = (mixed / mixed.sum(axis=-1, keepdims=True)) @ flow
    return np.asarray(flow)


def hardest_head(
    weights: Float[np.ndarray, "layer head query key"],
    special: Bool[np.ndarray, "token"],
    layer: int | None = None,
    head: int | None = None,
) -> tuple[int, int]:
    """The head that looks hardest, on average over the words, at a single word that is not its neighbour.

    Of a layer or of heads of a number where one is given. Heads that look at added tokens, at the word itself or at
    the one beside it are the commonest and say the least.
    """
    places = np.arange(weights.shape[-1])
    apart = np.abs(places[:, None] - places[None, :]) > 1
    looked_at = apart & ~special[None, :] & ~special[:, None]
    hardness = np.where(looked_at, weights.astype(np.float64), 0.0).max(axis=-1).sum(axis=-1)
    allowed = np.zeros(hardness.shape, dtype=bool)
    allowed[slice(None) if layer is None else layer, slice(None) if head is None else head] = True
    found = np.unravel_index(int(np.where(allowed, hardness, -1.0).argmax()), hardness.shape)
    return int(found[0]), int(found[1])


def answering_token(weights: Float[np.ndarray, "layer head query key"]) -> int:
    """The token that the answer is read from: the first, or the last where no token looks ahead (decoders)."""
    ahead = np.triu(np.ones(weights.shape[-2:], dtype=bool), 1)
    return weights.shape[-1] - 1 if ahead.any() and not weights[..., ahead].any() else 0

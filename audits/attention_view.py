"""One head's attention in one text, as evidence: the head that is asked for, or the one that looks hardest."""

from __future__ import annotations

from audits.evidence import AttentionView, Example
from probes.attention import AttentionMaps, answering_token, hardest_head
from probes.errors import NotApplicable
from probes.example import Tokens


def attention_view(
    about: Example, tokens: Tokens, maps: AttentionMaps, layer: int | None = None, head: int | None = None
) -> AttentionView:
    """The view of a layer and head, counted from 0; what is left open is the one that looks hardest.

    Raises NotApplicable where the model has no such layer or head.
    """
    layers, heads = maps.weights.shape[:2]
    if (layer is not None and not 0 <= layer < layers) or (head is not None and not 0 <= head < heads):
        raise NotApplicable(
            "the model has {layers} layers of {heads} heads, counted from 0; choose one of them",
            layers=layers,
            heads=heads,
        )
    layer, head = hardest_head(maps.weights, tokens.special, layer, head)
    return AttentionView(
        example=about,
        tokens=tokens.texts,
        layer=layer,
        head=head,
        weights=tuple(tuple(round(float(value), 4) for value in row) for row in maps.weights[layer, head]),
        rollout=tuple(round(float(value), 5) for value in maps.rollout[answering_token(maps.weights)]),
        entropy=tuple(tuple(round(float(value), 3) for value in row) for row in maps.entropy),
    )

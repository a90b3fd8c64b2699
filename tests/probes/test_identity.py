"""What is measured twice is measured once: identities are equal for equal questions and for no others."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from probes.attention import AttentionHeads
from probes.embedding import Embedding
from probes.example import Example
from probes.integrated_gradients import IntegratedGradients
from probes.occlusion import Occlusion
from probes.predictions import Predictions
from probes.probe import Probe
from probes.requests import Embed, Forward, Gradient, LastLayer, Request, Without
from probes.subjects.scripted import Scripted
from tests.probes.asking import encoded

inputs = st.one_of(st.tuples(st.text(max_size=4)), st.tuples(st.text(max_size=4), st.text(max_size=4)))


@given(inputs, inputs)
def test_examples_are_the_same_where_their_texts_are(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (Example(one).digest == Example(other).digest) == (one == other)


def test_a_text_does_not_move_from_one_input_to_the_next_unseen() -> None:
    splits = [("ab", "c"), ("a", "bc"), ("abc", ""), ("", "abc"), ("abc",), ("\ud800",), ("ab\0c",)]
    assert len({Example(texts).digest for texts in splits}) == len(splits)


@given(st.text(max_size=12))
def test_length_is_tokens_where_they_are_known_and_characters_elsewhere(text: str) -> None:
    assert Example((text, "xy")).length == len(text) + 2
    assert encoded(Scripted(), text).length == len(text.split()) + 2


def test_requests_are_the_same_where_they_ask_the_same() -> None:
    def questions() -> list[Request]:
        examples = [Example(("a",)), Example(("b",))]
        points = [np.zeros((2, 3), np.float32), np.full((2, 3), 1e-7, np.float32)]
        return [
            *(Forward(example, attention) for example in examples for attention in (False, True)),
            *(Embed(example) for example in examples),
            *(LastLayer(example) for example in examples),
            *(Without(example, np.array(absent)) for example in examples for absent in ([True, False], [False, True])),
            *(Gradient(e, point, target) for e in examples for point in points for target in (0, 1, 70_000)),
        ]

    identities = [request.identity for request in questions()]
    assert len(set(identities)) == len(identities)
    assert identities == [request.identity for request in questions()]
    assert {request.kind for request in questions()} == {
        "forward",
        "forward+attention",
        "embed",
        "gradient",
        "last-layer",
        "without",
    }


def test_probes_are_the_same_where_kind_version_and_options_are() -> None:
    probes: list[Probe[Any]] = [
        Predictions(),
        AttentionHeads(),
        IntegratedGradients(),
        IntegratedGradients(tolerance=0.01),
        IntegratedGradients(most_steps=129),
        IntegratedGradients(target=0),
        IntegratedGradients(target=1),
        Occlusion(),
        Occlusion(target=0),
        Embedding(),
    ]
    assert len({probe.identity for probe in probes}) == len(probes)
    assert IntegratedGradients(tolerance=0.05).identity == IntegratedGradients().identity

    class Newer(IntegratedGradients):
        version = 2

    Newer.__name__ = IntegratedGradients.__name__
    assert Newer().identity != IntegratedGradients().identity

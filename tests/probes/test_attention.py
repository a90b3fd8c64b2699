"""Attention weights are the model's own; entropy and rollout are what the papers say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy as oracle

from probes.attention import AttentionHeads, answering_token, entropy, rollout
from probes.errors import NotApplicable
from probes.subjects.hf_classifier import HFClassifier
from probes.subjects.scripted import Scripted
from tests.probes.asking import encoded, measured, one_line, opened, raw, scores
from tests.probes.tiny_models import SENTENCES


@st.composite
def attention(draw: st.DrawFn) -> np.ndarray:
    """Random rows that sum to one, some of them looking at a single token."""
    layers, heads, tokens = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 6))
    sharpness = draw(st.sampled_from([0.1, 1.0, 50.0]))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    raised = np.exp(sharpness * random.normal(size=(layers, heads, tokens, tokens)))
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def slow_rollout(weights: np.ndarray) -> list[list[float]]:
    """Abnar and Zuidema 2020, section 3, entry by entry: A~(l) = A(l) A~(l-1), with A = 0.5 W + 0.5 I."""
    layers, heads, tokens, _ = weights.shape
    flow: list[list[float]] = []
    for layer in range(layers):
        mixed = [
            [
                0.5 * sum(weights[layer, head, i, j] for head in range(heads)) / heads + (0.5 if i == j else 0.0)
                for j in range(tokens)
            ]
            for i in range(tokens)
        ]
        if layer == 0:
            flow = mixed
        else:
            flow = [
                [sum(mixed[i][k] * flow[k][j] for k in range(tokens)) for j in range(tokens)] for i in range(tokens)
            ]
    return flow


@given(attention())
def test_rollout_is_the_paper_s_and_its_rows_sum_to_one(weights: np.ndarray) -> None:
    np.testing.assert_allclose(rollout(weights), slow_rollout(weights), atol=1e-12)
    np.testing.assert_allclose(rollout(weights).sum(-1), 1)


@pytest.mark.parametrize("layers", [1, 5])
def test_tokens_that_look_only_at_themselves_flow_nowhere(layers: int) -> None:
    alone = np.broadcast_to(np.eye(4), (layers, 2, 4, 4))
    np.testing.assert_array_equal(rollout(alone), np.eye(4))


@given(attention())
def test_entropy_is_the_usual_one_within_its_bounds(weights: np.ndarray) -> None:
    bits = entropy(weights)
    np.testing.assert_allclose(bits, oracle(weights, base=2, axis=-1), atol=1e-9)
    assert (bits >= 0).all()
    assert (bits <= np.log2(weights.shape[-1]) + 1e-9).all()


@pytest.mark.parametrize("tokens", [1, 2, 7, 512])
def test_entropy_reaches_its_bounds(tokens: int) -> None:
    one_hot, uniform = np.eye(tokens), np.full((tokens, tokens), 1 / tokens)
    assert entropy(one_hot).tolist() == [0.0] * tokens
    assert not np.signbit(entropy(one_hot)).any()
    np.testing.assert_allclose(entropy(uniform), np.log2(tokens))


def test_weights_are_the_library_s_own(subject: HFClassifier, checkpoints: dict[str, Path], kind: str) -> None:
    model, tokenizer = raw(checkpoints[kind])
    for text in SENTENCES:
        with torch.no_grad():
            given_text = tokenizer(text, return_tensors="pt", truncation=True)
            theirs = np.stack([layer[0].numpy() for layer in model(**given_text, output_attentions=True).attentions])
        (ours,) = scores(subject, encoded(subject, text), attention=True)
        assert ours.attention is not None
        np.testing.assert_allclose(ours.attention, theirs, atol=1e-6)
        np.testing.assert_allclose(ours.attention.sum(-1), 1, atol=1e-5)


def test_a_probe_tells_every_head_of_every_layer(subject: HFClassifier) -> None:
    for text in SENTENCES:
        example = encoded(subject, text)
        maps = measured(AttentionHeads(), subject, text)
        (answer,) = scores(subject, example, attention=True)
        assert answer.attention is not None
        exact = answer.attention.astype(np.float64)
        assert maps.weights.shape == (*exact.shape[:2], len(example.encoded), len(example.encoded))
        np.testing.assert_allclose(maps.weights.astype(float), exact, atol=1e-3)
        np.testing.assert_allclose(maps.rollout, slow_rollout(exact), atol=1e-6)
        np.testing.assert_allclose(maps.entropy, oracle(exact, base=2, axis=-1).mean(-1), atol=1e-6)


def test_a_script_looks_at_all_alike() -> None:
    maps = measured(AttentionHeads(), Scripted(), "one two")
    np.testing.assert_allclose(maps.entropy, 2, atol=1e-6)
    np.testing.assert_allclose(maps.rollout, 0.25 * np.eye(4) + 0.75 / 4)


def test_encoders_answer_from_the_first_token_and_decoders_from_the_last(subject: HFClassifier, kind: str) -> None:
    for text in SENTENCES:
        maps = measured(AttentionHeads(), subject, text)
        last = len(encoded(subject, text).encoded) - 1
        assert answering_token(maps.weights) == (last if kind == "gpt2" else 0)


def test_a_single_token_answers_itself() -> None:
    assert answering_token(np.ones((2, 2, 1, 1))) == 0


def test_sdpa_keeps_no_weights_and_says_what_would(checkpoints: dict[str, Path]) -> None:
    subject = opened(checkpoints["bert"], attention="sdpa")
    with pytest.raises(NotApplicable) as caught:
        subject.check_attention()
    one_line(caught.value, "'sdpa'", "attention=eager")
    opened(checkpoints["bert"], attention="eager").check_attention()


def test_both_kernels_give_the_same_answer(subject: HFClassifier, checkpoints: dict[str, Path], kind: str) -> None:
    other = opened(checkpoints[kind], attention="sdpa")
    assert (subject.policy, other.policy) == ("float32/eager", "float32/sdpa")
    ours = scores(subject, *(encoded(subject, text) for text in SENTENCES))
    theirs = scores(other, *(encoded(other, text) for text in SENTENCES))
    for one, two in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one.logits, two.logits, atol=1e-5)

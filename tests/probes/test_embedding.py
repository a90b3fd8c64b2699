"""A text's vector: the mean of the last layer over its own tokens, by a model that is left as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from probes.embedding import Embedding
from probes.errors import NotApplicable
from probes.requests import LastLayer, States
from probes.subjects.hf_classifier import HFClassifier
from probes.subjects.scripted import Scripted
from tests.probes.asking import encoded, measured, parts, raw, weights
from tests.probes.tiny_models import SENTENCES


def test_it_is_the_mean_of_the_last_hidden_states(
    checkpoints: dict[str, Path], subjects: dict[str, HFClassifier]
) -> None:
    """Against the library's own states, nothing of ours in between."""
    for kind, subject in subjects.items():
        model, _ = raw(checkpoints[kind])
        for text in SENTENCES:
            tokens = encoded(subject, text).encoded
            with torch.no_grad():
                output = model(input_ids=torch.from_numpy(tokens.ids)[None], output_hidden_states=True)
            expected = output.hidden_states[-1][0][~torch.from_numpy(tokens.special)].mean(dim=0)
            vector = measured(Embedding(), subject, text).vector
            assert vector.shape == (subject.state_size(),)
            np.testing.assert_allclose(vector, expected.numpy(), atol=1e-5)


def test_scripted_states_are_the_weights_of_the_words() -> None:
    subject = Scripted(words={"awful": 2.0, "kind": -1.0})
    assert measured(Embedding(), subject, "awful kind boss").vector == pytest.approx([1 / 3])
    assert measured(Embedding(), subject, "").vector == pytest.approx([0.0])


def test_a_text_has_the_same_vector_in_any_batch(subject: HFClassifier) -> None:
    requests = [LastLayer(encoded(subject, text)) for text in SENTENCES]
    for request, answer in zip(requests, subject.answer(requests), strict=True):
        (alone,) = subject.answer([request])
        assert isinstance(alone, States)
        assert isinstance(answer, States)
        assert answer.states.shape == (len(request.example.encoded), subject.state_size())
        np.testing.assert_allclose(answer.states, alone.states, atol=1e-5)


def test_the_model_is_bit_for_bit_what_it_was(subject: HFClassifier) -> None:
    model, _ = parts(subject)
    before = weights(model)
    for text in SENTENCES:
        measured(Embedding(), subject, text)
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert not any(parameter.requires_grad for parameter in model.parameters())


def test_a_model_that_shows_no_states_says_so(bert: HFClassifier, monkeypatch: pytest.MonkeyPatch) -> None:
    model, _ = parts(bert)
    usual = model.forward

    def without(*given: object, **named: object) -> object:
        output = usual(*given, **named)
        output.hidden_states = None
        return output

    monkeypatch.setattr(model, "forward", without)
    with pytest.raises(NotApplicable, match="no hidden state"):
        measured(Embedding(), bert, "rude")

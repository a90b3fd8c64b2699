"""Occlusion: a word's score is what its absence costs, and the model is left as it was."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from probes.errors import NotApplicable
from probes.occlusion import Occlusion
from probes.requests import Gradient, Scores, Without
from probes.subjects.hf_classifier import HFClassifier
from probes.subjects.scripted import Scripted
from tests.probes.asking import embedded, encoded, measured, parts, scores, weights
from tests.probes.tiny_models import SENTENCES

WEIGHTS = {"awful": 2.0, "rude": 1.5, "kind": -1.0}


@given(st.lists(st.sampled_from([*WEIGHTS, "the", "boss"]), max_size=12))
def test_on_a_sum_over_words_every_word_scores_its_weight(words: list[str]) -> None:
    result = measured(Occlusion(target=1), Scripted(words=WEIGHTS, bias=-0.5), " ".join(words))
    np.testing.assert_allclose(result.scores, [WEIGHTS.get(word, 0.0) for word in words], atol=1e-6)
    assert float(result.change) == pytest.approx(sum(WEIGHTS.get(word, 0.0) for word in words), abs=1e-6)
    assert result.target == 1


def test_of_the_other_class_words_say_nothing() -> None:
    result = measured(Occlusion(target=0), Scripted(words=WEIGHTS), "the awful boss")
    np.testing.assert_array_equal(result.scores, np.zeros(3))


def test_as_the_definition_has_it_word_by_word(subject: HFClassifier) -> None:
    """A slow twin: for each word one pass, with the baseline's embeddings in the place of its tokens."""
    for text in SENTENCES:
        example, result = encoded(subject, text), measured(Occlusion(), subject, text)
        whole = embedded(subject, example)
        (usual,) = scores(subject, example)
        target = int(usual.logits.argmax())
        twin = []
        for word in example.encoded.words:
            given = whole.embeddings.copy()
            given[word.start : word.stop] = whole.baseline[word.start : word.stop]
            (slope,) = subject.answer([Gradient(example, given, target)])
            twin.append(usual.logits[target] - slope.logits[target])  # type: ignore[union-attr]
        assert result.target == target
        np.testing.assert_allclose(result.scores, twin, atol=1e-5)


def test_captum_finds_the_same(subject: HFClassifier) -> None:
    """Feature ablation of the embeddings, the tokens of a word being one feature (Kokhlikyan et al. 2020)."""
    captum = pytest.importorskip("captum.attr")
    model, table = parts(subject)
    for text in SENTENCES:
        example = encoded(subject, text)
        tokens = example.encoded
        ids = torch.from_numpy(tokens.ids)[None]
        where = torch.full((1, len(tokens), 1), len(tokens.words))
        for at, word in enumerate(tokens.words):
            where[0, word.start : word.stop] = at
        both = embedded(subject, example)

        def forward(given: torch.Tensor, ids: torch.Tensor = ids) -> torch.Tensor:
            # Decoders find the last token by the ids, so the embeddings are put in where the table is asked.
            handle = table.register_forward_hook(
                lambda _, asked, usual: given if asked and asked[0].shape == ids.shape and usual.dim() == 3 else usual
            )
            try:
                return torch.as_tensor(model(input_ids=ids).logits)
            finally:
                handle.remove()

        result = measured(Occlusion(), subject, text)
        found = captum.FeatureAblation(forward).attribute(
            torch.from_numpy(both.embeddings)[None],
            baselines=torch.from_numpy(both.baseline)[None],
            target=int(result.target),
            feature_mask=where.expand(1, len(tokens), both.embeddings.shape[1]),
        )
        ours = result.scores
        theirs = [float(found[0, word.start, 0]) for word in tokens.words]
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_a_word_that_is_not_there_costs_nothing_and_batches_do_not_matter(subject: HFClassifier) -> None:
    examples = [encoded(subject, text) for text in SENTENCES]
    nothing = [np.zeros(len(example.encoded), dtype=bool) for example in examples]
    words = [~example.encoded.special for example in examples]
    requests = [Without(e, absent) for e, absent in zip(examples * 2, nothing + words, strict=True)]
    together = subject.answer(requests)
    for request, answer in zip(requests, together, strict=True):
        (alone,) = subject.answer([request])
        assert isinstance(alone, Scores)
        assert isinstance(answer, Scores)
        np.testing.assert_allclose(answer.logits, alone.logits, atol=1e-5)
    for example, answer in zip(examples, together, strict=False):
        (usual,) = scores(subject, example)
        np.testing.assert_allclose(answer.logits, usual.logits, atol=1e-5)  # type: ignore[union-attr]


def test_the_model_is_left_as_it_was(subject: HFClassifier) -> None:
    model, table = parts(subject)
    before, example = weights(model), encoded(subject, SENTENCES[1])
    (usual,) = scores(subject, example)
    measured(Occlusion(), subject, SENTENCES[1])
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert not table._forward_hooks
    np.testing.assert_array_equal(scores(subject, example)[0].logits, usual.logits)


def test_a_text_without_words_has_no_scores(subject: HFClassifier) -> None:
    assert measured(Occlusion(), subject, "").scores.shape == (0,)


def test_a_class_that_is_not_there_is_told(bert: HFClassifier) -> None:
    with pytest.raises(NotApplicable, match="Class 7"):
        measured(Occlusion(target=7), bert, "rude")

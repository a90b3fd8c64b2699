"""Integrated gradients add up (Sundararajan et al. 2017, proposition 1) and are what captum computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients as Oracle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probes.errors import NotApplicable
from probes.integrated_gradients import Attribution, IntegratedGradients, by_word
from probes.subjects.hf_classifier import HFClassifier
from probes.subjects.scripted import Scripted
from tests.probes.asking import embedded, encoded, measured, one_line, opened, raw, scores
from tests.probes.tiny_models import SENTENCES, WORDS, edited

FINE = IntegratedGradients(tolerance=1e-5, most_steps=257)

texts = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)


def allowed(found: Attribution, tolerance: float) -> float:
    return tolerance * max(abs(float(found.change)), 0.1 * float(np.abs(found.scores).sum()), 0.01)


def outputs(model: Any, subject: HFClassifier, text: str) -> tuple[np.ndarray, np.ndarray]:
    """The logits of a text and of its baseline by the library's own path: embeddings given to the model."""
    answer = embedded(subject, encoded(subject, text))
    with torch.no_grad():
        both = model(inputs_embeds=torch.tensor(np.stack([answer.embeddings, answer.baseline]))).logits.numpy()
    return both[0], both[1]


@given(text=texts, target=st.sampled_from([0, 1]))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_scores_add_up_to_the_change_of_the_logit(
    bert: HFClassifier, checkpoints: dict[str, Path], text: str, target: int
) -> None:
    model, _ = raw(checkpoints["bert"])
    found = measured(IntegratedGradients(tolerance=0.01, most_steps=1025, target=target), bert, text)
    here, baseline = outputs(model, bert, text)
    assert found.adds_up
    assert float(found.change) == pytest.approx(float(here[target] - baseline[target]), abs=1e-4)
    assert abs(found.scores.sum() - (here - baseline)[target]) <= allowed(found, 0.01) + 1e-4


def test_scores_add_up_for_every_kind_of_model(subject: HFClassifier) -> None:
    for text in SENTENCES:
        found = measured(IntegratedGradients(tolerance=0.001, most_steps=1025), subject, text)
        assert found.adds_up
        assert found.scores.sum() == pytest.approx(float(found.change), abs=allowed(found, 0.001) + 1e-4)
        assert np.abs(found.scores).max() > 0.01


@pytest.mark.parametrize("tolerance", [1.0, 0.1, 1e-3, 1e-5])
@pytest.mark.parametrize("most_steps", [9, 17, 129])
def test_the_error_is_told_and_the_flag_is_honest(bert: HFClassifier, tolerance: float, most_steps: int) -> None:
    for text in SENTENCES:
        found = measured(IntegratedGradients(tolerance=tolerance, most_steps=most_steps), bert, text)
        error = abs(float(found.scores.astype(np.float64).sum()) - float(found.change))
        assert float(found.error) == pytest.approx(error, abs=1e-5)
        assert bool(found.adds_up) == (float(found.error) <= allowed(found, tolerance))
        assert found.adds_up or int(found.steps) == most_steps
        assert int(found.steps) in (9, 17, 33, 65, 129)


def test_where_too_few_steps_are_allowed_it_says_so(bert: HFClassifier) -> None:
    flags = {
        bool(measured(IntegratedGradients(tolerance=tolerance, most_steps=9), bert, text).adds_up)
        for text in SENTENCES
        for tolerance in (1e-7, 1.0)
    }
    assert flags == {True, False}


def test_a_tighter_tolerance_takes_more_steps_and_leaves_less_error(bert: HFClassifier) -> None:
    steps, errors = [], []
    for tolerance in (1.0, 0.01, 1e-4):
        found = [measured(IntegratedGradients(tolerance=tolerance, most_steps=1025), bert, t) for t in SENTENCES]
        steps.append([int(f.steps) for f in found])
        errors.append(sum(float(f.error) for f in found))
    assert all(a <= b <= c for a, b, c in zip(*steps, strict=True))
    assert errors[0] > errors[1] > errors[2]


@pytest.mark.parametrize("target", [0, 1])
def test_captum_finds_the_same(bert: HFClassifier, checkpoints: dict[str, Path], target: int) -> None:
    model, tokenizer = raw(checkpoints["bert"])
    oracle = Oracle(lambda embeddings: model(inputs_embeds=embeddings).logits)
    for text in SENTENCES:
        ids = tokenizer(text, return_tensors="pt")["input_ids"]
        special = torch.isin(ids, torch.tensor([tokenizer.cls_token_id, tokenizer.sep_token_id]))
        blank = torch.where(special, ids, tokenizer.pad_token_id)
        table = model.get_input_embeddings()
        theirs = oracle.attribute(
            table(ids), table(blank), target=target, n_steps=150, method="gausslegendre", internal_batch_size=150
        )
        ours = measured(IntegratedGradients(tolerance=1e-5, most_steps=257, target=target), bert, text)
        np.testing.assert_allclose(ours.scores, theirs.sum(-1)[0].detach().numpy(), atol=1e-4)


def test_the_predicted_class_is_explained_unless_another_is_named(bert: HFClassifier) -> None:
    for text in SENTENCES:
        (answer,) = scores(bert, encoded(bert, text))
        predicted = int(answer.logits.argmax())
        found = measured(IntegratedGradients(), bert, text)
        assert int(found.target) == predicted
        np.testing.assert_array_equal(found.scores, measured(IntegratedGradients(target=predicted), bert, text).scores)


def test_a_class_that_the_model_does_not_have_cannot_be_explained(bert: HFClassifier) -> None:
    with pytest.raises(NotApplicable) as caught:
        measured(IntegratedGradients(target=2), bert, "kind")
    one_line(caught.value, "Class 2", "has 2")


def test_words_keep_the_sum_of_their_tokens(subject: HFClassifier) -> None:
    for text in SENTENCES:
        example = encoded(subject, text)
        found = measured(FINE, subject, text)
        assert by_word(found.scores, example).sum() == pytest.approx(float(found.scores.sum()), abs=1e-4)
        np.testing.assert_array_equal(found.scores[example.encoded.special], 0)


@given(weights=st.dictionaries(st.sampled_from(WORDS), st.integers(-64, 64).map(lambda n: n / 8)), text=texts)
def test_in_a_linear_model_each_word_gets_its_weight(weights: dict[str, float], text: str) -> None:
    subject = Scripted(words=weights, bias=0.5)
    found = measured(IntegratedGradients(target=1), subject, text)
    words = by_word(found.scores, encoded(subject, text))
    assert words.tolist() == [weights.get(word, 0.0) for word in text.split()]
    assert (int(found.steps), bool(found.adds_up)) == (9, True)
    assert measured(IntegratedGradients(target=0), subject, text).scores.tolist() == [0.0] * (len(text.split()) + 2)


def test_a_word_that_the_model_cannot_tell_from_nothing_gets_nothing(
    checkpoints: dict[str, Path], tmp_path: Path
) -> None:
    """The axiom "sensitivity (b)": whatever stands around it."""
    _, tokenizer = raw(checkpoints["bert"])

    def blind(weights: dict[str, torch.Tensor]) -> None:
        table = weights["bert.embeddings.word_embeddings.weight"]
        table[tokenizer.convert_tokens_to_ids("boss")] = table[tokenizer.pad_token_id]

    subject = opened(edited(tmp_path / "blind", checkpoints["bert"], blind))
    text = "the boss and the driver were never kind to a boss"
    words = by_word(measured(FINE, subject, text).scores, encoded(subject, text))
    zero = [word == "boss" for word in text.split()]
    assert (words == 0).tolist() == zero


def test_two_models_that_compute_the_same_are_explained_alike(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    """The axiom "implementation invariance": neurons change places and the function stays."""

    def shuffled(weights: dict[str, torch.Tensor]) -> None:
        order = torch.randperm(48, generator=torch.Generator().manual_seed(0))
        for layer in range(3):
            name = f"bert.encoder.layer.{layer}"
            for part in ("weight", "bias"):
                key = f"{name}.intermediate.dense.{part}"
                weights[key] = weights[key][order].contiguous()
            key = f"{name}.output.dense.weight"
            weights[key] = weights[key][:, order].contiguous()

    one = opened(checkpoints["bert"])
    other = opened(edited(tmp_path / "shuffled", checkpoints["bert"], shuffled))
    assert one.fingerprint != other.fingerprint
    for text in SENTENCES:
        np.testing.assert_allclose(measured(FINE, one, text).scores, measured(FINE, other, text).scores, atol=1e-4)


def test_nothing_to_read_is_nothing_to_explain(subject: HFClassifier, kind: str) -> None:
    for text in ["", *(["   ", "\n\t"] if kind == "bert" else [])]:
        found = measured(IntegratedGradients(), subject, text)
        assert (float(found.change), float(np.abs(found.scores).sum()), bool(found.adds_up)) == (0.0, 0.0, True)

"""An answer does not depend on what else stands in the batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from probes.requests import Embed, Embedded, Forward, Gradient, Scores
from probes.subjects.hf_classifier import HFClassifier
from tests.probes.asking import embedded, encoded, opened, raw, scores, slopes
from tests.probes.tiny_models import SENTENCES, gpt2


def test_a_text_alone_and_among_longer_ones_is_answered_alike(subject: HFClassifier) -> None:
    examples = [encoded(subject, text) for text in (*SENTENCES, "")]
    together = scores(subject, *examples, attention=True)
    for example, inside in zip(examples, together, strict=True):
        (alone,) = scores(subject, example, attention=True)
        np.testing.assert_allclose(inside.logits, alone.logits, atol=1e-5)
        assert alone.attention is not None
        assert inside.attention is not None
        np.testing.assert_allclose(inside.attention, alone.attention, atol=1e-5)


def test_texts_get_different_answers(subject: HFClassifier) -> None:
    """Without it, all other tests here could pass on a model that answers everything alike."""
    logits = np.stack([answer.logits for answer in scores(subject, *(encoded(subject, t) for t in SENTENCES))])
    assert logits.std(axis=0).min() > 0.1


def test_gradients_alone_and_among_longer_ones_are_alike(subject: HFClassifier) -> None:
    examples = [encoded(subject, text) for text in SENTENCES]
    requests = [Gradient(e, embedded(subject, e).embeddings * 0.5, i % 2) for i, e in enumerate(examples)]
    for request, inside in zip(requests, slopes(subject, *requests), strict=True):
        (alone,) = slopes(subject, request)
        np.testing.assert_allclose(inside.logits, alone.logits, atol=1e-5)
        np.testing.assert_allclose(inside.gradient, alone.gradient, atol=1e-5)
        assert np.abs(alone.gradient).max() > 1e-3


def test_at_a_text_s_own_embeddings_the_answer_is_the_text_s(subject: HFClassifier) -> None:
    examples = [encoded(subject, text) for text in SENTENCES]
    requests = [Gradient(example, embedded(subject, example).embeddings, 0) for example in examples]
    for answer, slope in zip(scores(subject, *examples), slopes(subject, *requests), strict=True):
        np.testing.assert_allclose(slope.logits, answer.logits, atol=1e-5)


def test_a_gradient_is_the_slope_of_the_logit(subject: HFClassifier) -> None:
    """Against differences along a random direction, inside a batch with a longer text."""
    short, long = encoded(subject, SENTENCES[0]), encoded(subject, SENTENCES[-1])
    here = embedded(subject, short).embeddings
    way = np.random.default_rng(0).normal(size=here.shape).astype(np.float32)
    step = np.float32(1e-3)
    ahead, behind, there, _ = slopes(
        subject,
        Gradient(short, here + step * way, 1),
        Gradient(short, here - step * way, 1),
        Gradient(short, here, 1),
        Gradient(long, embedded(subject, long).embeddings, 1),
    )
    difference = float(ahead.logits[1] - behind.logits[1]) / (2 * float(step))
    assert float((there.gradient * way).sum()) == pytest.approx(difference, rel=0.02, abs=0.01)


def test_answers_are_the_library_s_own(subject: HFClassifier, checkpoints: dict[str, Path], kind: str) -> None:
    model, tokenizer = raw(checkpoints[kind])
    for text in SENTENCES:
        with torch.no_grad():
            theirs = model(**tokenizer(text, return_tensors="pt", truncation=True)).logits[0].numpy()
        np.testing.assert_allclose(scores(subject, encoded(subject, text))[0].logits, theirs, atol=1e-5)


def test_pairs_are_answered_as_the_library_does(bert: HFClassifier, checkpoints: dict[str, Path]) -> None:
    model, tokenizer = raw(checkpoints["bert"])
    pairs = [("the boss", "is rude and never kind"), ("people", "walk")]
    examples = bert.encode(pairs)
    for pair, ours in zip(pairs, scores(bert, *examples), strict=True):
        with torch.no_grad():
            theirs = model(**tokenizer(*pair, return_tensors="pt")).logits[0].numpy()
        np.testing.assert_allclose(ours.logits, theirs, atol=1e-5)
    assert not np.allclose(scores(bert, encoded(bert, "the boss is rude and never kind"))[0].logits,
                           scores(bert, examples[0])[0].logits, atol=1e-3)  # fmt: skip


def test_a_decoder_finds_its_last_token_by_its_own_padding(tmp_path: Path) -> None:
    """Where the tokenizer has no padding token and the model's configuration names one."""
    folder = gpt2(tmp_path / "gpt2")
    config = folder / "config.json"
    config.write_text(config.read_text().replace('"pad_token_id": null', '"pad_token_id": 1'))
    assert '"pad_token_id": 1' in config.read_text()
    subject, (model, tokenizer) = opened(folder), raw(folder)
    texts = [*SENTENCES, "kind</s>"]
    for text, inside in zip(texts, scores(subject, *(encoded(subject, text) for text in texts)), strict=True):
        with torch.no_grad():
            theirs = model(**tokenizer(text, return_tensors="pt", truncation=True)).logits[0].numpy()
        np.testing.assert_allclose(inside.logits, theirs, atol=1e-5)


@pytest.mark.parametrize("pad", [None, "<pad>"])
def test_a_decoder_with_segments_in_its_tokenizer_keeps_its_gradients(tmp_path: Path, pad: str | None) -> None:
    """GPT-2 looks segments up in the table of words; generic tokenizers name segments for every model."""
    folder = gpt2(tmp_path / "gpt2", pad=pad)
    settings = folder / "tokenizer_config.json"
    settings.write_text(
        settings.read_text().replace("{", '{"model_input_names": ["input_ids", "token_type_ids", "attention_mask"],', 1)
    )
    subject, (model, tokenizer) = opened(folder), raw(folder)
    assert "token_type_ids" in tokenizer.model_input_names
    for text in ("!!!!", *SENTENCES):
        example = encoded(subject, text)
        (slope,) = slopes(subject, Gradient(example, embedded(subject, example).embeddings, 0))
        with torch.no_grad():
            theirs = model(**tokenizer(text, return_tensors="pt", truncation=True)).logits[0].numpy()
        np.testing.assert_allclose(slope.logits, theirs, atol=1e-5)


def test_the_baseline_keeps_special_tokens_and_blanks_the_rest(subject: HFClassifier, kind: str) -> None:
    example = encoded(subject, SENTENCES[0])
    answer = embedded(subject, example)
    special = example.encoded.special
    np.testing.assert_array_equal(answer.baseline[special], answer.embeddings[special])
    blanks = answer.baseline[~special]
    assert (blanks == blanks[0]).all()
    assert (kind == "gpt2") == (not special.any())


def test_answers_come_in_the_order_of_the_requests(subject: HFClassifier) -> None:
    examples = [encoded(subject, text) for text in SENTENCES]
    forwards = subject.answer([Forward(example) for example in examples])
    backwards = subject.answer([Forward(example) for example in reversed(examples)])
    for one, other in zip(forwards, reversed(backwards), strict=True):
        assert isinstance(one, Scores)
        assert isinstance(other, Scores)
        np.testing.assert_allclose(one.logits, other.logits, atol=1e-6)
    rows = subject.answer([Embed(example) for example in examples])
    for example, row in zip(examples, rows, strict=True):
        assert isinstance(row, Embedded)
        assert row.embeddings.shape == row.baseline.shape == (len(example.encoded), subject.embedding_size())

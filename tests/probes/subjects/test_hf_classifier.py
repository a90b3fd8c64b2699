"""A checkpoint as a subject: what it tells of itself, what it cuts, and in which precision it works."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from probes.attention import AttentionHeads
from probes.integrated_gradients import IntegratedGradients
from probes.predictions import Predictions
from probes.subjects import open_subject
from probes.subjects.capabilities import Description
from probes.subjects.hf_classifier import HFClassifier, detect_device
from tests.probes.asking import encoded, measured, opened, raw, scores
from tests.probes.tiny_models import SENTENCES, roberta

LONGEST = {"bert": 64, "gpt2": 64, "roberta": 62}
"""What each tiny model can read; RoBERTa keeps two of its 64 positions for itself."""


def test_it_tells_what_stands_in_the_manifest(checkpoints: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = checkpoints["bert"]
    expected = Description(
        name="bert",
        architecture="BertForSequenceClassification",
        parameters=sum(weight.numel() for weight in load_file(folder / "model.safetensors").values()),
        device="cpu",
        dtype="float32",
        attention="eager",
    )
    assert opened(folder).describe() == expected
    monkeypatch.chdir(folder)
    assert open_subject("hf:.?device=cpu").describe() == expected


def test_without_a_device_it_is_the_one_that_is_there(checkpoints: dict[str, Path]) -> None:
    subject = open_subject(f"hf:{checkpoints['bert']}")
    assert isinstance(subject, HFClassifier)
    assert subject.device == detect_device()
    assert (subject.dtype, subject.attention, subject.policy) == ("float32", "eager", "float32/eager")


def test_a_text_of_20000_tokens_is_cut_and_marked(
    subject: HFClassifier, checkpoints: dict[str, Path], kind: str
) -> None:
    text = "the boss is rude and " * 4000
    example = encoded(subject, text)
    assert example.encoded.truncated
    assert len(example.encoded) == LONGEST[kind]
    _, tokenizer = raw(checkpoints[kind])
    assert example.encoded.ids.tolist() == tokenizer(text, truncation=True, max_length=LONGEST[kind])["input_ids"]
    (answer,) = scores(subject, example, attention=True)
    assert np.isfinite(answer.logits).all()
    assert measured(Predictions(), subject, text).truncated


@pytest.mark.parametrize(("named", "read"), [(40, 40), (62, 62), (64, 62), (10**30, 62)])
def test_both_the_tokenizer_and_the_model_limit_what_is_read(tmp_path: Path, named: int, read: int) -> None:
    """RoBERTa's 64 positions are 62 tokens, and tokenizers may count either, or not know."""
    subject = opened(roberta(tmp_path / "roberta", longest=named))
    example = encoded(subject, "x" * 100)
    assert len(example.encoded) == read
    assert np.isfinite(scores(subject, example)[0].logits).all()


def test_a_text_that_just_fits_is_whole(bert: HFClassifier) -> None:
    fits, over = encoded(bert, "rude " * 62), encoded(bert, "rude " * 63)
    assert (len(fits.encoded), fits.encoded.truncated) == (64, False)
    assert (len(over.encoded), over.encoded.truncated) == (64, True)


def test_a_long_pair_is_cut_and_marked(bert: HFClassifier) -> None:
    tokens = encoded(bert, "rude " * 200, "kind " * 200).encoded
    assert (len(tokens), tokens.truncated) == (64, True)
    assert set(tokens.types.tolist()) == {0, 1}


@pytest.mark.parametrize("text", ["", " ", "\n", "zqx vvv", "\x00", "\u200b", "🤖" * 300, "\ufeff"])
def test_strange_texts_are_measured_like_others(subject: HFClassifier, text: str) -> None:
    """Nothing, blanks, and only words that no tokenizer knows."""
    prediction = measured(Predictions(), subject, text)
    assert np.isfinite(prediction.logits).all()
    maps = measured(AttentionHeads(), subject, text)
    np.testing.assert_allclose(maps.rollout.sum(-1), 1, atol=1e-5)
    found = measured(IntegratedGradients(most_steps=1025), subject, text)
    assert found.adds_up
    example = encoded(subject, text)
    assert maps.rollout.shape == (len(example.encoded), len(example.encoded))


def test_unknown_words_are_tokens_of_the_text(bert: HFClassifier) -> None:
    tokens = encoded(bert, "zqx vvv").encoded
    assert tokens.texts == ("[CLS]", "[UNK]", "[UNK]", "[SEP]")
    assert tokens.special.tolist() == [True, False, False, True]
    assert [word.text for word in tokens.words] == ["zqx", "vvv"]


def test_nothing_is_encoded_as_nothing(bert: HFClassifier) -> None:
    assert bert.encode([]) == []


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_is_close(checkpoints: dict[str, Path], subject: HFClassifier, kind: str, dtype: str) -> None:
    half = opened(checkpoints[kind], dtype=dtype)
    assert half.policy == f"{dtype}/eager"
    for text in SENTENCES:
        ours, theirs = measured(Predictions(), half, text), measured(Predictions(), subject, text)
        assert ours.logits.dtype == np.float32
        np.testing.assert_allclose(ours.logits, theirs.logits, atol=0.15)
        one = measured(IntegratedGradients(target=1), half, text)
        other = measured(IntegratedGradients(target=1), subject, text)
        assert float(one.change) == pytest.approx(float(other.change), abs=0.3)
        assert np.abs(one.scores - other.scores).mean() < 0.1


def test_a_model_saved_in_half_precision_is_computed_as_asked(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    model, tokenizer = raw(checkpoints["bert"])
    model.to(torch.bfloat16).save_pretrained(tmp_path / "half")
    tokenizer.save_pretrained(tmp_path / "half")
    subject = opened(tmp_path / "half")
    (answer,) = scores(subject, encoded(subject, "rude"))
    with torch.no_grad():
        expected = model.to(torch.float32)(**tokenizer("rude", return_tensors="pt")).logits[0].numpy()
    np.testing.assert_allclose(answer.logits, expected, atol=1e-5)


def test_a_folder_may_have_a_name_with_blanks(checkpoints: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(checkpoints["bert"], tmp_path / "my model & more #1"))
    subject = opened(folder)
    assert subject.describe().name == "my model & more #1"
    assert subject.fingerprint == opened(checkpoints["bert"]).fingerprint


@pytest.mark.gpu
def test_an_accelerator_gives_the_same_answers(checkpoints: dict[str, Path], subject: HFClassifier, kind: str) -> None:
    device = detect_device()
    if device == "cpu":
        pytest.skip("there is no accelerator here")
    for dtype, close in (("float32", 1e-3), ("bfloat16", 0.15)):
        other = opened(checkpoints[kind], device=device, dtype=dtype)
        for text in SENTENCES:
            ours, theirs = measured(Predictions(), other, text), measured(Predictions(), subject, text)
            np.testing.assert_allclose(ours.logits, theirs.logits, atol=close)
            one = measured(IntegratedGradients(target=1), other, text)
            two = measured(IntegratedGradients(target=1), subject, text)
            np.testing.assert_allclose(one.scores, two.scores, atol=2 * close)
            maps = measured(AttentionHeads(), other, text)
            np.testing.assert_allclose(maps.weights, measured(AttentionHeads(), subject, text).weights, atol=5 * close)

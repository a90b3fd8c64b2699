"""A model is bit for bit what it was, whatever it was asked, and also after an exception."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import BartConfig, BartForSequenceClassification

from probes.attention import AttentionHeads
from probes.errors import NotApplicable, OutOfMemory
from probes.integrated_gradients import IntegratedGradients
from probes.requests import Embed, Forward, Gradient, Request
from probes.subjects.hf_classifier import HFClassifier
from tests.probes.asking import embedded, encoded, measured, one_line, opened, parts, scores, weights
from tests.probes.tiny_models import SENTENCES, byte_level


class Snapshot:
    """Weights and hooks of a subject's model; the library has hooks of its own from the first attention on."""

    def __init__(self, subject: HFClassifier) -> None:
        scores(subject, encoded(subject, "kind"), attention=True)
        self.model, self.table = parts(subject)
        self.weights, self.hooks = weights(self.model), self._hooks()

    def _hooks(self) -> list[tuple[int, ...]]:
        return [(*module._forward_hooks, *module._forward_pre_hooks) for module in self.model.modules()]

    def check(self) -> None:
        after = self.model.state_dict()
        assert after.keys() == self.weights.keys()
        assert all(torch.equal(after[name], self.weights[name]) for name in after)
        assert self._hooks() == self.hooks
        assert not self.table._forward_hooks
        assert not any(parameter.requires_grad or parameter.grad is not None for parameter in self.model.parameters())
        assert not self.model.training


def test_measuring_changes_nothing(subject: HFClassifier) -> None:
    before = Snapshot(subject)
    for text in SENTENCES:
        measured(IntegratedGradients(), subject, text)
        measured(AttentionHeads(), subject, text)
    before.check()


class Interrupted(Exception):
    pass


def test_an_exception_inside_changes_nothing(subject: HFClassifier, monkeypatch: pytest.MonkeyPatch) -> None:
    example = encoded(subject, SENTENCES[0])
    request = Gradient(example, embedded(subject, example).embeddings, 0)
    before, (expected,) = Snapshot(subject), scores(subject, example)
    hooks: list[int] = []

    def interrupted(*_: Any, **__: Any) -> Any:
        hooks.append(len(before.table._forward_hooks))
        raise Interrupted

    with monkeypatch.context() as patched:
        patched.setattr(before.model, "forward", interrupted)
        with pytest.raises(Interrupted):
            subject.answer([request])
    assert hooks == [1]
    before.check()
    np.testing.assert_array_equal(scores(subject, example)[0].logits, expected.logits)


@pytest.mark.parametrize(
    "problem",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("[enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate memory: 9 bytes"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        MemoryError(),
    ],
    ids=["cuda", "cpu", "mps", "cublas", "python"],
)
@pytest.mark.parametrize("what", ["forward", "gradient"])
def test_what_does_not_fit_is_told_as_such(
    bert: HFClassifier, monkeypatch: pytest.MonkeyPatch, problem: Exception, what: str
) -> None:
    example = encoded(bert, SENTENCES[0])
    request: Request = Forward(example)
    if what == "gradient":
        request = Gradient(example, embedded(bert, example).embeddings, 0)
    before = Snapshot(bert)

    def full(*_: Any, **__: Any) -> Any:
        raise problem

    with monkeypatch.context() as patched:
        patched.setattr(before.model, "forward", full)
        with pytest.raises(OutOfMemory) as caught:
            bert.answer([request, request])
    one_line(caught.value, "batch of 2")
    assert caught.value.__cause__ is problem
    before.check()


def test_other_problems_of_the_model_are_not_taken_for_memory(
    bert: HFClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("shapes do not agree")

    model, _ = parts(bert)
    example = encoded(bert, "kind")
    monkeypatch.setattr(model, "forward", broken)
    with pytest.raises(RuntimeError, match="shapes do not agree"):
        bert.answer([Forward(example)])


def test_a_model_that_reads_twice_cannot_be_differentiated(tmp_path: Path) -> None:
    """An encoder-decoder: half of what it reads would stay where it is along the path."""
    tokenizer = byte_level(template=True)
    config = BartConfig(
        vocab_size=len(tokenizer),
        d_model=16,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=16,
        decoder_ffn_dim=16,
        max_position_embeddings=64,
        pad_token_id=1,
        bos_token_id=0,
        eos_token_id=2,
        decoder_start_token_id=2,
        num_labels=3,
    )
    BartForSequenceClassification(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    subject = opened(tmp_path)
    example = encoded(subject, SENTENCES[0])
    assert scores(subject, example)[0].logits.shape == (len(subject.labels),) == (3,)
    with pytest.raises(NotApplicable) as gradients:
        subject.answer([Gradient(example, embedded(subject, example).embeddings, 0)])
    one_line(gradients.value, "BartForSequenceClassification")
    with pytest.raises(NotApplicable) as attention:
        subject.answer([Forward(example, attention=True)])
    one_line(attention.value, "BartForSequenceClassification")
    assert not parts(subject)[1]._forward_hooks


def test_asking_what_a_subject_can_do_loads_nothing(
    checkpoints: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judging again must not need the model: protocols look attributes up to see whether they are there."""
    from probes.subjects import loading, transformer
    from probes.subjects.capabilities import Answers, Attends, Classifies, Differentiates, Recorded, Subject

    def loaded(*_: Any) -> Any:
        raise AssertionError("the model was loaded")

    for module in (loading, transformer):
        monkeypatch.setattr(module, "load_classifier", loaded)
    subject: Any = opened(checkpoints["bert"])
    for capability in (Subject, Answers, Attends, Classifies, Differentiates):
        assert isinstance(subject, capability)
    assert not isinstance(subject, Recorded)
    assert subject.describe().parameters == sum(p.numel() for p in parts_count(checkpoints["bert"]))
    with pytest.raises(AssertionError, match="loaded"):
        subject.answer([Embed(encoded(subject, "kind"))])


def parts_count(folder: Path) -> list[torch.Tensor]:
    from safetensors.torch import load_file

    return list(load_file(folder / "model.safetensors").values())

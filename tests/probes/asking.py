"""Asking a subject without a bench: one probe, one text, one batch at a time."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import torch

from probes.errors import EvenlightError
from probes.example import Example
from probes.probe import Probe
from probes.requests import Embed, Embedded, Forward, Gradient, Scores, Slope
from probes.subjects import open_subject
from probes.subjects.capabilities import Answers
from probes.subjects.hf_classifier import HFClassifier

R = TypeVar("R")


def opened(folder: Path, **options: str) -> HFClassifier:
    """A checkpoint folder as a subject on the processor, where nothing else is said."""
    named = {"device": "cpu", **options}
    subject = open_subject(f"hf:{folder}?" + "&".join(f"{name}={value}" for name, value in named.items()))
    assert isinstance(subject, HFClassifier)
    return subject


def encoded(subject: Answers, *texts: str) -> Example:
    """One text, or a pair of them."""
    (example,) = subject.encode([texts])
    return example


def measured(probe: Probe[R], subject: Answers, *texts: str) -> R:
    """What a probe finds on one text."""
    steps = probe.measure(encoded(subject, *texts))
    requests = next(steps)
    while True:
        try:
            batches = [subject.answer(list(batch)) for _, batch in groupby(requests, lambda request: request.kind)]
            requests = steps.send([answer for batch in batches for answer in batch])
        except StopIteration as end:
            result: R = end.value
            return result


def scores(subject: Answers, *examples: Example, attention: bool = False) -> list[Scores]:
    """The examples in one batch."""
    answers = subject.answer([Forward(example, attention) for example in examples])
    return [answer for answer in answers if isinstance(answer, Scores)]


def embedded(subject: Answers, example: Example) -> Embedded:
    (answer,) = subject.answer([Embed(example)])
    assert isinstance(answer, Embedded)
    return answer


def slopes(subject: Answers, *requests: Gradient) -> list[Slope]:
    """The requests in one batch."""
    return [answer for answer in subject.answer(requests) if isinstance(answer, Slope)]


def raw(folder: Path) -> tuple[Any, Any]:
    """The model and tokenizer as the library itself opens them: nothing of ours in between."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager")
    return model.eval(), AutoTokenizer.from_pretrained(folder)


def parts(subject: HFClassifier) -> tuple[Any, Any]:
    """The model inside a subject, and its table of embeddings: to look at what must not have changed."""
    model = subject._model.model
    return model, model.get_input_embeddings()


def weights(model: Any) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def one_line(problem: EvenlightError, *named: str) -> None:
    """An error is one line that names what was found and the next move."""
    told = str(problem)
    assert "\n" not in told
    assert "{" not in told
    for name in named:
        assert name in told, told

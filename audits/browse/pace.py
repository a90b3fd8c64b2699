"""How fast a loaded model is on texts like these, from a sample of a second or two."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from probes.requests import Embed, Embedded, Forward, Gradient, Request
from probes.subjects.capabilities import Answers, Differentiates

TIMED = 0.8
"""Seconds that are spent on each kind of pass."""

TOGETHER = 16
"""Rows in a batch of the sample."""

FASTER, SLOWER = 0.75, 1.6
"""A sample is off by more than chance: longer runs are batched better, and the machine has other things to do."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Seconds that a row takes: at best and at worst."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Pace:
    """A model's speed, with and without gradients."""

    forward: Rate
    backward: Rate


def pace(subject: Answers, inputs: Sequence[tuple[str, ...]], *, gradients: bool) -> Pace:
    """Times the model on as many of these inputs as fit into the time; nothing of it is stored."""
    forward = _timed(subject, inputs, lambda chunk: [Forward(example) for example in subject.encode(chunk)])
    if not gradients or not isinstance(subject, Differentiates):
        return Pace(forward, Rate(0.0, 0.0))
    return Pace(forward, _timed(subject, inputs, lambda chunk: _slopes(subject, chunk)))


def _slopes(subject: Answers, chunk: Sequence[tuple[str, ...]]) -> list[Request]:
    examples = subject.encode(chunk)
    points = subject.answer([Embed(example) for example in examples])
    return [
        Gradient(example, point.embeddings, 0)
        for example, point in zip(examples, points, strict=True)
        if isinstance(point, Embedded)
    ]


def _timed(
    subject: Answers,
    inputs: Sequence[tuple[str, ...]],
    asked: Callable[[Sequence[tuple[str, ...]]], Sequence[Request]],
) -> Rate:
    """The first batch only warms the model up, unless it is the only one."""
    taken: list[float] = []
    began = time.perf_counter()
    for start in range(0, len(inputs), TOGETHER):
        chunk, before = inputs[start : start + TOGETHER], time.perf_counter()
        subject.answer(asked(chunk))
        taken.append((time.perf_counter() - before) / len(chunk))
        if time.perf_counter() - began > TIMED:
            break
    mean = fmean(taken[1:] or taken)
    return Rate(mean * FASTER, mean * SLOWER)

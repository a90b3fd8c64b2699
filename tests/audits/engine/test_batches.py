"""Batches: whatever is asked in whatever order is answered in that order, once, within the memory there is."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.engine.batches import Batches
from probes.attention import AttentionHeads
from probes.errors import OutOfMemory
from probes.example import Example
from probes.probe import Probe, Steps
from probes.requests import Answer, Embed, Forward, Request, Scores
from tests.audits.engine.worlds import WEIGHTS, Counting, bench_of, rows_of

TEXTS = st.lists(st.lists(st.sampled_from([*WEIGHTS, "the", "boss"]), max_size=12).map(" ".join), max_size=30)


def forwards(subject: Counting, texts: Sequence[str]) -> list[Request]:
    return [Forward(example) for example in subject.encode([(text,) for text in texts])]


def logit(text: str) -> float:
    """What the script says, from its definition."""
    return sum(WEIGHTS.get(word, 0.0) for word in text.split())


def said(answers: Sequence[Answer]) -> list[float]:
    return [float(answer.logits[-1]) for answer in answers if isinstance(answer, Scores)]


@given(TEXTS)
def test_answers_are_in_the_order_asked_and_identical_requests_run_once(texts: list[str]) -> None:
    subject = Counting()
    batches = Batches(subject, most_tokens=20)
    assert said(batches.run(forwards(subject, texts))) == [logit(text) for text in texts]
    assert batches.requests == len(texts)
    assert batches.executed == subject.tally.rows == len(set(texts))


@given(TEXTS, st.integers(4, 60))
def test_a_padded_batch_stays_within_its_budget_unless_one_row_is_larger(texts: list[str], budget: int) -> None:
    subject = Counting()
    Batches(subject, most_tokens=budget).run(forwards(subject, texts))
    for batch in subject.tally.batches:
        longest = max(request.example.length for request in batch)
        assert len(batch) == 1 or len(batch) * longest <= budget


@given(TEXTS.filter(bool), st.integers(14, 60))
def test_what_does_not_fit_is_halved_and_answered_all_the_same(texts: list[str], memory: int) -> None:
    subject = Counting(fits=memory)
    batches = Batches(subject, most_tokens=10_000)
    assert said(batches.run(forwards(subject, texts))) == [logit(text) for text in texts]
    assert subject.tally.rows == batches.executed == len(set(texts))
    needed = len(set(texts)) * max(len(text.split()) + 2 for text in texts)
    assert (batches.halved > 0) == (needed > memory)


def test_what_was_learnt_from_running_out_of_memory_is_kept() -> None:
    subject = Counting(fits=50)
    batches = Batches(subject, most_tokens=10_000)
    batches.run(forwards(subject, [f"awful boss {at}" for at in range(64)]))
    halved = batches.halved
    batches.run(forwards(subject, [f"kind people {at}" for at in range(64)]))
    assert halved > 0
    assert batches.halved == halved


def test_a_single_row_that_does_not_fit_raises() -> None:
    subject = Counting(fits=5)
    with pytest.raises(OutOfMemory):
        Batches(subject).run(forwards(subject, ["one two three four five six"]))


def test_kinds_are_not_mixed_in_a_batch() -> None:
    subject = Counting()
    examples = subject.encode([("awful boss",), ("kind people",)])
    requests: list[Request] = [kind(example) for example in examples for kind in (Forward, Embed)]
    requests += [Forward(example, attention=True) for example in examples]
    answers = Batches(subject).run(requests)
    assert [type(answer).__name__ for answer in answers] == ["Scores", "Embedded"] * 2 + ["Scores"] * 2
    assert all(len({request.kind for request in batch}) == 1 for batch in subject.tally.batches)
    assert len(subject.tally.batches) == 3


class Idle(Probe[Scores]):
    """Asks for nothing at first, then for one thing, then for nothing again."""

    version: ClassVar[int] = 1
    result: ClassVar[type] = Scores
    needs: ClassVar[tuple[type, ...]] = ()

    def measure(self, example: Example) -> Steps[Scores]:
        assert (yield []) == []
        (scores,) = yield [Forward(example)]
        assert (yield []) == []
        return Scores(scores.logits, np.zeros(1))


class Silent(Idle):
    """Asks for nothing at all."""

    def measure(self, example: Example) -> Steps[Scores]:
        return Scores(np.array([float(len(example.inputs[0]))]), np.zeros(1))
        yield []


@dataclass(frozen=True)
class Watched(Counting):
    """Notes how many attention maps are still held whenever it is asked for more."""

    given: list[weakref.ref[np.ndarray]] = field(default_factory=list)
    held: list[int] = field(default_factory=list)

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        self.held.append(sum(array() is not None for array in self.given))
        answers = super().answer(batch)
        arrays = (answer.attention for answer in answers if isinstance(answer, Scores))
        self.given.extend(weakref.ref(array) for array in arrays if array is not None)
        return answers


def test_probes_that_ask_for_nothing_go_on(tmp_path: Path) -> None:
    rows = rows_of(["awful boss", "kind people are kind"])
    asked, silent = bench_of(Counting(), tmp_path).measure_together([Idle(), Silent()], rows)
    assert said(list(asked)) == [2.0, -2.0]
    assert said(list(silent)) == [10.0, 20.0]


def test_attention_of_many_long_texts_is_not_held_at_once(tmp_path: Path) -> None:
    subject = Watched()
    rows = rows_of([f"{at} " + "boss " * 120 for at in range(64)])
    bench_of(subject, tmp_path).measure(AttentionHeads(), rows)
    most = max(map(len, subject.tally.batches))
    assert len(subject.held) > 3
    assert max(subject.held) <= most

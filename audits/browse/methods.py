"""Ways to tell which words moved an answer, each for the subjects that can be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from audits.data.rows import Row
from audits.engine.bench import Bench
from audits.evidence import ArrayRef
from probes.errors import NotApplicable
from probes.integrated_gradients import IntegratedGradients, by_word
from probes.nearest import nearest
from probes.occlusion import Occlusion
from probes.speech import Sentence, say
from probes.subjects.capabilities import Answers, Classifies, Differentiates, Omits


@dataclass(frozen=True, slots=True)
class Explained:
    """Signed scores of words for one class, in logits."""

    words: tuple[str, ...]
    target: int
    scores: tuple[float, ...]
    array: ArrayRef
    change: float | None = None
    error: float | None = None
    adds_up: bool | None = None


class Method(ABC):
    """One way; it is offered where the subject can do what it needs."""

    key: ClassVar[str]
    needs: ClassVar[tuple[type, ...]]

    @property
    @abstractmethod
    def name(self) -> Sentence:
        """What it is called."""

    @property
    @abstractmethod
    def catch(self) -> Sentence:
        """What its scores mean and what they do not, in one line."""

    @abstractmethod
    def explain(self, bench: Bench, row: Row, target: int | None) -> Explained:
        """The scores of one row's words for a class; for the predicted one where none is named."""


class GradientsOnAWay(Method):
    """Integrated gradients."""

    key = "integrated-gradients"
    needs = (Classifies, Differentiates)

    @property
    def name(self) -> Sentence:
        return say("Integrated gradients")

    @property
    def catch(self) -> Sentence:
        return say("Shares the whole change from an empty text out among the words; check that the scores add up.")

    def explain(self, bench: Bench, row: Row, target: int | None) -> Explained:
        results = bench.measure(IntegratedGradients(target=target), [row])
        result, example = results[0], _example(bench.subject, row)
        return Explained(
            words=tuple(word.text for word in example.encoded.words),
            target=int(result.target),
            scores=tuple(map(float, by_word(result.scores, example))),
            array=results.reference(0, "scores"),
            change=float(result.change),
            error=float(result.error),
            adds_up=bool(result.adds_up),
        )


class OneWordOut(Method):
    """Occlusion."""

    key = "occlusion"
    needs = (Classifies, Omits)

    @property
    def name(self) -> Sentence:
        return say("One word left out (occlusion)")

    @property
    def catch(self) -> Sentence:
        return say("Takes out one word at a time; words that say the same cover for each other, so each scores little.")

    def explain(self, bench: Bench, row: Row, target: int | None) -> Explained:
        results = bench.measure(Occlusion(target=target), [row])
        result = results[0]
        return Explained(
            words=tuple(word.text for word in _example(bench.subject, row).encoded.words),
            target=int(result.target),
            scores=tuple(map(float, result.scores)),
            array=results.reference(0, "scores"),
        )


METHODS: tuple[Method, ...] = (GradientsOnAWay(), OneWordOut())


def methods_of(subject: object) -> tuple[Method, ...]:
    """The methods that a subject can be asked by."""
    return tuple(method for method in METHODS if all(isinstance(subject, needed) for needed in method.needs))


def method_of(key: str, subject: Answers) -> Method:
    """A method by its key. Raises NotApplicable where the subject cannot be asked by it."""
    there = {method.key: method for method in methods_of(subject)}
    if key not in there:
        raise NotApplicable(
            "{subject} cannot be explained by {method}; there is {near}",
            subject=subject.uri,
            method=key[:80],
            near=nearest(key[:80], there) or ", ".join(there) or "no method for it",
        )
    return there[key]


def _example(subject: Any, row: Row) -> Any:
    assert isinstance(subject, Answers)
    (example,) = subject.encode([row.inputs])
    return example

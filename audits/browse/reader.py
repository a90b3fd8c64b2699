"""Answers about single texts, at once: through the bench, so what is answered once is kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audits.attention_view import attention_view
from audits.browse.editing import Action, without, written
from audits.browse.methods import method_of, methods_of
from audits.browse.origin import TYPED, Origin
from audits.data.rows import Row, input_digest
from audits.engine.bench import Bench
from audits.evidence import AttentionView, Example, WordScores
from audits.store.measurements import Measurements
from probes.attention import AttentionHeads
from probes.embedding import Embedding
from probes.errors import BadData, NotApplicable
from probes.predictions import Predictions, probabilities
from probes.speech import Sentence
from probes.subjects.capabilities import Answers, Attends, Classifies, Masks, Represents, Subject, Tabular

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True, slots=True)
class LabelShare:
    """A class and its probability."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model answers to one text."""

    labels: tuple[LabelShare, ...]
    """In the model's order."""
    predicted: str
    """The likeliest class; of a multi-label model all from one half on, joined by commas."""
    probability: float
    """Of the likeliest class."""
    words: tuple[str, ...]
    """As readers see them; none where the subject does not show its tokens."""
    tokens: tuple[str, ...]
    truncated: bool
    """Whether the model read only the beginning."""
    seconds: float
    """How long the answer took."""
    stored: bool
    """Whether it was found in the store, so the model was not asked."""


class Reader:
    """One opened model, asked about single texts. Not for several threads at once: `Models.lend` sees to that."""

    def __init__(self, subject: Subject, store: Measurements) -> None:
        if not isinstance(subject, Classifies) or not isinstance(subject, Answers):
            raise NotApplicable("{subject} has no model to ask; its decisions stand in the data", subject=subject.uri)
        self.subject: Answers = subject
        self.labels: tuple[str, ...] = subject.labels
        self.multilabel: bool = subject.multilabel
        self.bench = Bench(subject, store)
        self._over: dict[tuple[tuple[str, bool], ...], Reader] = {}

    def over(self, numeric: dict[str, bool]) -> Reader:
        """The same model over these columns, for a model of tables; the flag says whether the data holds numbers."""
        if not isinstance(self.subject, Tabular):
            return self
        columns = tuple(numeric.items())
        if columns not in self._over:
            self._over[columns] = Reader(self.subject.with_columns(numeric), self.bench.store)
        return self._over[columns]

    @property
    def fingerprint(self) -> str:
        """Which model it is."""
        return self.subject.fingerprint

    @property
    def methods(self) -> tuple[tuple[str, Sentence, Sentence], ...]:
        """Key, name and catch of every method that can explain this model's answers."""
        return tuple((method.key, method.name, method.catch) for method in methods_of(self.subject))

    @property
    def mask(self) -> str:
        """What is written in place of a hidden word."""
        return self.subject.mask() if isinstance(self.subject, Masks) else "[MASK]"

    @property
    def inattentive(self) -> Sentence | None:
        """Why attention cannot be shown; None where it can."""
        try:
            self._attending()
        except NotApplicable as reason:
            return reason.sentence
        return None

    def answer(self, inputs: tuple[str, ...]) -> Answer:
        """The probability of every class, and the text as the model reads it."""
        began, measured = time.perf_counter(), self.bench.measured
        (result,) = self.bench.measure(Predictions(), [_row(inputs)])
        shares = probabilities(np.asarray(result.logits, dtype=np.float64), self.multilabel)
        (example,) = self.subject.encode([inputs])
        tokens = example.tokens
        likely = [label for label, share in zip(self.labels, shares, strict=True) if share >= 0.5]
        return Answer(
            labels=tuple(LabelShare(name, float(share)) for name, share in zip(self.labels, shares, strict=True)),
            predicted=", ".join(sorted(likely)) if self.multilabel else self.labels[int(shares.argmax())],
            probability=min(1.0, float(shares.max())),
            words=() if tokens is None else tuple(word.text for word in tokens.words),
            tokens=() if tokens is None else tokens.texts,
            truncated=bool(result.truncated),
            seconds=time.perf_counter() - began,
            stored=self.bench.measured == measured,
        )

    def attribution(
        self, inputs: tuple[str, ...], method: str, target: str | None = None, origin: Origin = TYPED
    ) -> WordScores:
        """What each word did to the answer (or to another class), by a method of `methods`.

        Raises NotApplicable for a method or a class that the model does not have.
        """
        way = method_of(method, self.subject)
        if target is not None and target not in self.labels:
            raise NotApplicable(
                "the model has no class {target}; it has {labels}", target=target[:80], labels=", ".join(self.labels)
            )
        answer = self.answer(inputs)
        # Nothing said and the likeliest class said are one question, whose answer audits may have stored.
        likeliest = max(answer.labels, key=lambda share: share.probability).label
        wanted = None if target in (None, likeliest) else self.labels.index(target)
        found = way.explain(self.bench, _row(inputs), wanted)
        return WordScores(
            example=quoted(answer, found.words, origin),
            target=self.labels[found.target],
            scores=found.scores,
            change=found.change,
            error=found.error,
            adds_up=found.adds_up,
            array=found.array,
        )

    def attention(
        self, inputs: tuple[str, ...], layer: int | None = None, head: int | None = None, origin: Origin = TYPED
    ) -> AttentionView:
        """Where a head looks, layer and head counted from 0; what is left open is the head that looks hardest.

        The view's `entropy` has a row for each layer and a number for each head in it. Raises NotApplicable where
        the way the model was opened keeps no attention.
        """
        self._attending()
        results = self.bench.measure(AttentionHeads(), [_row(inputs)])
        (example,) = self.subject.encode([inputs])
        answer = self.answer(inputs)
        view = attention_view(quoted(answer, answer.words, origin), example.encoded, results[0], layer, head)
        return view.model_copy(update={"array": results.reference(0, "weights")})

    def edited(self, inputs: tuple[str, ...], at: int, action: Action, text: str = "") -> tuple[str, ...]:
        """The inputs with the word of that number removed, masked or replaced. Raises BadData where there is none."""
        (example,) = self.subject.encode([inputs])
        words = () if example.tokens is None else example.tokens.words
        if not 0 <= at < len(words):
            raise BadData("the text has no word {at}; it has {n}, counted from 0", at=str(at), n=len(words))
        if action == "remove":
            return without(inputs, words[at])
        return written(inputs, words[at], self.mask if action == "mask" else text)

    def embed(self, rows: Sequence[Row]) -> Float[np.ndarray, "row hidden"]:
        """One vector for each row. Raises NotApplicable where the model shows no hidden states."""
        if not isinstance(self.subject, Represents):
            raise NotApplicable("{subject} shows no hidden states to place texts by", subject=self.subject.uri)
        vectors = [result.vector for result in self.bench.measure(Embedding(), rows)]
        return np.stack(vectors) if vectors else np.zeros((0, self.subject.state_size()), dtype=np.float32)

    def _attending(self) -> None:
        if not isinstance(self.subject, Attends):
            raise NotApplicable("{subject} shows no attention", subject=self.subject.uri)
        self.subject.check_attention()


def _row(inputs: tuple[str, ...]) -> Row:
    return Row("", input_digest(inputs), inputs)


def quoted(answer: Answer, words: tuple[str, ...], origin: Origin) -> Example:
    """What was answered, as it stands beside a drawing."""
    return Example(
        key=origin.key,
        words=words,
        predicted=answer.predicted,
        probability=answer.probability,
        actual=origin.actual,
        groups=origin.groups,
        chosen=origin.chosen,
        truncated=answer.truncated,
    )

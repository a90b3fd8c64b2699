"""Runs a set of requests: identical ones once, those of like length together, as many at a time as fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from probes.errors import OutOfMemory
from probes.requests import Answer, Request
from probes.subjects.capabilities import Answers


@dataclass
class Batches:
    """Executes requests on one subject and counts what it did.

    `most_tokens` bounds a padded batch (rows x longest row). A batch that does not fit into memory is halved,
    and later batches are no larger than the half that fitted.
    """

    subject: Answers
    most_tokens: int = 2048
    requests: int = field(default=0, init=False)
    executed: int = field(default=0, init=False)
    halved: int = field(default=0, init=False)

    def stream(self, requests: Sequence[Request]) -> Iterator[tuple[int, Answer]]:
        """Each request's place and its answer, as batches are done: whoever reads on need not hold them all."""
        distinct: dict[bytes, Request] = {}
        places: dict[bytes, list[int]] = {}
        for place, request in enumerate(requests):
            identity = request.identity
            distinct.setdefault(identity, request)
            places.setdefault(identity, []).append(place)
        self.requests += len(requests)
        self.executed += len(distinct)
        for batch in self._bucketed(distinct):
            for identity, answer in zip(batch, self._fit([distinct[i] for i in batch]), strict=True):
                for place in places[identity]:
                    yield place, answer

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """Answers in the order of the requests."""
        answers = dict(self.stream(requests))
        return [answers[place] for place in range(len(requests))]

    def _bucketed(self, distinct: dict[bytes, Request]) -> Iterator[list[bytes]]:
        """Longest first within a kind, so that what does not fit is found at once."""
        order = sorted(distinct, key=lambda i: (distinct[i].kind, -distinct[i].example.length, i))
        batch: list[bytes] = []
        for identity in order:
            request = distinct[identity]
            if batch:
                first = distinct[batch[0]]
                full = (len(batch) + 1) * max(first.example.length, 1) > self.most_tokens
                if full or first.kind != request.kind:
                    yield batch
                    batch = []
            batch.append(identity)
        if batch:
            yield batch

    def _fit(self, batch: list[Request]) -> list[Answer]:
        try:
            return self.subject.answer(batch)
        except OutOfMemory:
            if len(batch) == 1:
                raise
            self.halved += 1
            middle = len(batch) // 2
            self.most_tokens = max(1, min(self.most_tokens, middle * max(batch[0].example.length, 1)))
        # Outside the handler, so that the failed batch's memory is free again.
        return [*self._fit(batch[:middle]), *self._fit(batch[middle:])]

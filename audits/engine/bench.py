"""The bench: how an audit measures. It alone executes requests and stores each row's result under its own key."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from audits.engine.batches import Batches
from audits.engine.progress import Meter, Progress, silent
from audits.evidence import ArrayRef
from audits.manifest import Work
from audits.store.measurements import Measurements, Space
from probes.errors import NotApplicable
from probes.probe import Probe
from probes.requests import Request
from probes.subjects.capabilities import Answers, Subject, Tabular

if TYPE_CHECKING:
    import polars as pl

    from audits.data.population import Population, Row

R = TypeVar("R")

WINDOW = 64
"""Examples worked on at once: their requests are merged, deduplicated and bucketed."""

TABLE_WINDOW = 2048
"""Rows of a table worked on at once: a data frame costs as much for one row as for a thousand."""

FLUSH_ROWS = 1024
FLUSH_SECONDS = 1.0
"""What a kill can cost: results are written after so many rows or seconds, whichever comes first."""


@dataclass
class Bench:
    """Measures probes on rows of one subject; what the store already has is not measured again."""

    subject: Subject
    store: Measurements
    progress: Progress = silent
    seed: int = 0
    """The plan's: every random draw of an audit or a probe follows from it."""
    window: int = WINDOW
    base: Path | None = None
    """The folder that relative paths in the plan start from."""
    measured: int = field(default=0, init=False)
    _batches: Batches | None = field(default=None, init=False)
    _spaces: dict[str, Space[Any]] = field(default_factory=dict, init=False)
    _reused: set[tuple[str, str]] = field(default_factory=set, init=False)
    _own: set[tuple[str, str]] = field(default_factory=set, init=False)

    def measure(self, probe: Probe[R], rows: Collection[Row]) -> Results[R]:
        """The probe's result for every row, in their order."""
        return self.measure_together([probe], rows)[0]

    def measure_together(self, probes: Sequence[Probe[Any]], rows: Collection[Row]) -> list[Results[Any]]:
        """Several probes at once: requests that they share are run once.

        Raises NotApplicable where the subject cannot do what a probe needs.
        """
        for probe in probes:
            self._check(probe)
        spaces = [self._space(probe) for probe in probes]
        distinct = {row.digest: row for row in rows}
        wanted = [(probe, space) for probe, space in zip(probes, spaces, strict=True)]
        missing = [(digest, probe, space) for digest in distinct for probe, space in wanted if digest not in space]
        total = len(distinct) * len(probes)
        new = {(space.name, digest) for digest, _, space in missing}
        self._reused |= {(space.name, digest) for digest in distinct for space in spaces} - new - self._own
        self._own |= new
        what = ", ".join(type(probe).__name__ for probe in probes)
        meter = Meter(self.progress, what, total, total - len(missing))
        if missing:
            self._work([(distinct[digest], probe, space) for digest, probe, space in missing], meter)
        return [Results(space, tuple(row.digest for row in rows)) for space in spaces]

    def stored(self, probe: Probe[Any], rows: Collection[Row]) -> int:
        """For how many different rows the probe's result is in the store."""
        space = self._space(probe)
        return sum(digest in space for digest in {row.digest for row in rows})

    def decisions(self, data: Population, positive: str | None) -> pl.LazyFrame:
        """The population with @predicted, @selected, @actual and @correct: see audits.engine.decisions."""
        from audits.engine.decisions import decisions

        return decisions(self, data, positive)

    @property
    def work(self) -> Work:
        """What was done so far."""
        batches = self._batches
        return Work(
            measured=self.measured,
            reused=len(self._reused),
            requests=batches.requests if batches else 0,
            executed=batches.executed if batches else 0,
            halved=batches.halved if batches else 0,
            set_aside=sum(space.set_aside for space in self._spaces.values()),
        )

    def _check(self, probe: Probe[Any]) -> None:
        for capability in probe.needs:
            if not isinstance(self.subject, capability):
                raise NotApplicable(
                    "{probe} needs a subject that {capability}, and {subject} does not",
                    probe=type(probe).__name__,
                    capability=capability.__name__.lower(),
                    subject=self.subject.uri,
                )

    def _space(self, probe: Probe[R]) -> Space[R]:
        identity = f"{probe.identity}|{self.subject.fingerprint}|{self.subject.policy}"
        if identity not in self._spaces:
            self._spaces[identity] = self.store.space(identity, probe.result)
        space: Space[R] = self._spaces[identity]
        return space

    def _work(self, jobs: list[tuple[Row, Probe[Any], Space[Any]]], meter: Meter) -> None:
        subject = self.subject
        if not isinstance(subject, Answers):
            raise NotApplicable("{subject} has no model to ask", subject=subject.uri)
        if self._batches is None:
            self._batches = Batches(subject)
        writer = _Writer()
        try:
            for active in self._encoded(subject, jobs):
                for job in _drive(active, self._batches):
                    writer.add(job.space, job.digest, job.take())
                    self.measured += 1
                    meter.advance(1)
        finally:
            # Also after an error: what is measured is kept.
            writer.flush()
        for space in {id(space): space for _, _, space in jobs}.values():
            space.compact()

    def _encoded(self, subject: Answers, jobs: list[tuple[Row, Probe[Any], Space[Any]]]) -> Iterator[list[_Job]]:
        """Windows of jobs whose examples are encoded, those of like length together."""
        order = sorted(jobs, key=lambda job: (sum(map(len, job[0].inputs)), job[0].digest))
        remaining = iter(order)
        window = max(self.window, TABLE_WINDOW) if isinstance(subject, Tabular) else self.window
        while chunk := list(islice(remaining, window)):
            texts = {row.digest: row.inputs for row, _, _ in chunk}
            examples = dict(zip(texts, subject.encode(list(texts.values())), strict=True))
            yield [_Job(row.digest, space, probe.measure(examples[row.digest])) for row, probe, space in chunk]


@dataclass(slots=True)
class _Job:
    """A probe at work on one row: what it asked for and the answers so far."""

    digest: str
    space: Space[Any]
    steps: Any
    requests: Sequence[Request] = ()
    answers: list[Any] = field(default_factory=list)
    open: int = 0
    result: Any = None
    done: bool = False

    def advance(self, answers: list[Any] | None) -> None:
        """Sends the answers (None at the start) and takes the next requests, until there are some or a result."""
        try:
            self.requests = self.steps.send(answers)
            while not self.requests:
                self.requests = self.steps.send([])
        except StopIteration as end:
            self.requests, self.result, self.done = (), end.value, True
        self.answers, self.open = [None] * len(self.requests), len(self.requests)

    def take(self) -> Any:
        """Hands the result over and keeps no hold of it."""
        result, self.result = self.result, None
        return result


def _drive(jobs: list[_Job], batches: Batches) -> Iterator[_Job]:
    """Advances all generators of a window together; yields each job once it has its result.

    A generator goes on as soon as its own answers are there, so that no more than a batch of them is held:
    the attention of a long text is a hundred megabytes.
    """
    for job in jobs:
        job.advance(None)
    yield from (job for job in jobs if job.done)
    while waiting := [job for job in jobs if not job.done]:
        asked = [(job, place) for job in waiting for place in range(len(job.requests))]
        for at, answer in batches.stream([job.requests[place] for job, place in asked]):
            job, place = asked[at]
            job.answers[place] = answer
            job.open -= 1
            if not job.open:
                job.advance(job.answers)
                if job.done:
                    yield job


class _Writer:
    """Gathers results and writes them in packs."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[Space[Any], dict[str, Any]]] = {}
        self._count = 0
        self._last = time.monotonic()

    def add(self, space: Space[Any], digest: str, result: Any) -> None:
        self._held.setdefault(id(space), (space, {}))[1][digest] = result
        self._count += 1
        if self._count >= FLUSH_ROWS or time.monotonic() - self._last >= FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        held, self._held, self._count = self._held, {}, 0
        for space, results in held.values():
            space.write(results)
        self._last = time.monotonic()


@dataclass(frozen=True, slots=True)
class Results(Generic[R]):
    """Measured results in the order of the rows that were asked for, read from the store as they are needed."""

    space: Space[R]
    digests: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.digests)

    def __getitem__(self, position: int) -> R:
        return self.space.read(self.digests[position])

    def __iter__(self) -> Iterator[R]:
        return map(self.space.read, self.digests)

    def reference(self, position: int, name: str) -> ArrayRef:
        """Where one field of one row's result lies."""
        return ArrayRef(space=self.space.name, row=self.digests[position], field=name)

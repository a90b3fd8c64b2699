"""Models that are open: each once in a process, lent to one at a time, released when nobody has asked for a while."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from audits.browse.kept_rows import check_same, kept
from audits.browse.reader import Reader
from audits.engine.pairing import rooted
from audits.engine.progress import silent
from audits.runs import Run
from audits.store.home import store_url
from audits.store.measurements import Measurements
from probes.errors import BadSubject
from probes.subjects import open_subject
from probes.subjects.capabilities import Subject, Tabular

IDLE = 15 * 60.0
"""Seconds after which a model that nobody asks is released."""

Later = Callable[[float, Callable[[], None]], None]
"""Calls something after so many seconds."""


def by_timer(seconds: float, call: Callable[[], None]) -> None:
    """On a thread of its own, which does not keep the process alive."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


@dataclass(eq=False)
class _Place:
    """A model's place: open or about to be; whoever holds `turn` may ask it."""

    turn: threading.RLock = field(default_factory=threading.RLock)
    reader: Reader | None = None
    users: int = 0
    used: float = 0.0


class Models:
    """Opens the subjects of runs for live questions."""

    def __init__(
        self,
        idle: float = IDLE,
        clock: Callable[[], float] = time.monotonic,
        later: Later = by_timer,
        opens: Callable[[str, bool], Subject] = open_subject,
    ) -> None:
        self._idle, self._clock, self._later, self._opens = idle, clock, later, opens
        self._lock = threading.Lock()
        self._places: dict[tuple[str, bool], _Place] = {}
        self._waking = False

    @contextmanager
    def lend(self, uri: str, trust: bool = False, base: Path | None = None) -> Iterator[Reader]:
        """A reader of the model, for this thread alone until the block ends; the first to ask waits for it to load.

        Raises BadSubject where it cannot be opened, NotApplicable where there is no model to ask.
        """
        key = (rooted(uri, base), trust)
        with self._lock:
            place = self._places.setdefault(key, _Place())
            place.users += 1
        try:
            with place.turn:
                if place.reader is None:
                    place.reader = self._loaded(*key)
                yield place.reader
        finally:
            with self._lock:
                place.users -= 1
                place.used = self._clock()
                if place.reader is None and not place.users and self._places.get(key) is place:
                    del self._places[key]
            self._wake(self._idle)

    @contextmanager
    def lend_for(self, run: Run, base: Path | None = None) -> Iterator[Reader]:
        """A reader of the very model that a run audited. Raises BadSubject where its files are others now."""
        uri, trust = run.plan.subject, run.plan.trust
        with self.lend(uri, trust, base) as reader:
            if reader.fingerprint == run.manifest.subject.fingerprint:
                yield _over_columns(reader, run, base)
                return
        # What is open may be older than what lies there now.
        self.release(uri, trust, base)
        with self.lend(uri, trust, base) as reader:
            check_same(reader.subject, run)
            yield _over_columns(reader, run, base)

    def holds(self, uri: str, trust: bool = False, base: Path | None = None) -> bool:
        """Whether the model is loaded now, so that an answer takes no waiting."""
        with self._lock:
            place = self._places.get((rooted(uri, base), trust))
            return place is not None and place.reader is not None

    def release(self, uri: str | None = None, trust: bool = False, base: Path | None = None) -> None:
        """Lets go of one model, or of all; whoever is asking it may finish."""
        with self._lock:
            if uri is None:
                self._places.clear()
            else:
                self._places.pop((rooted(uri, base), trust), None)
        _give_back()

    def release_idle(self) -> None:
        """Lets go of the models that nobody has asked for a while."""
        with self._lock:
            now = self._clock()
            waiting = {key: place.used + self._idle - now for key, place in self._places.items() if not place.users}
            for key, left in waiting.items():
                if left <= 0:
                    del self._places[key]
            self._waking = False
            next_time = min((left for left in waiting.values() if left > 0), default=None)
        _give_back()
        if next_time is not None:
            self._wake(next_time)

    def _wake(self, seconds: float) -> None:
        """Looks again after so long; one look ahead is enough."""
        with self._lock:
            if self._waking or not self._places:
                return
            self._waking = True
        self._later(seconds, self.release_idle)

    def _loaded(self, uri: str, trust: bool) -> Reader:
        reader = Reader(self._opens(uri, trust), Measurements(store_url()))
        try:
            # The digest first, then the weights, in this order and now: a folder may be written to at any time.
            _ = reader.fingerprint
            reader.subject.encode([])
        except OSError as problem:
            raise BadSubject(
                "the model {uri} went away while it was opened ({problem}); put it back, or name another",
                uri=uri,
                problem=problem.strerror or type(problem).__name__,
            ) from problem
        return reader


def _over_columns(reader: Reader, run: Run, base: Path | None) -> Reader:
    """A model of tables reads the columns that the run's data has."""
    if not isinstance(reader.subject, Tabular):
        return reader
    return reader.over(kept(run, base, silent)[1].numeric)


def _give_back() -> None:
    """An accelerator's library keeps what a model used for the next one, and other programs may need it."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()

"""Tells the database once a second that a worker lives and how far its job is, beside the work itself."""

from __future__ import annotations

import logging
import threading
import time

from audits.engine.progress import Step
from audits.jobs.ending import Asked
from audits.jobs.shift import Shift, Taken
from probes.errors import StoreFailed
from probes.speech import Sentence, say

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
BEGIN_SECONDS = 0.5
"""How long a measurement waits until it is noted that it begins."""

WORKER_SECONDS = 10.0
"""How often an idle worker is heard of."""


STOPPED = say("The worker was stopped; the job is queued again, and what is measured is kept.")


class Stopped(KeyboardInterrupt):
    """The job was cancelled, or the worker is to end: what is measured is kept, the run is interrupted."""


class Pulse(threading.Thread):
    """Takes the progress of a job and writes it down. A database that is busy does not hold up the work."""

    def __init__(self, shift: Shift, asked: Asked) -> None:
        super().__init__(name="pulse", daemon=True)
        self._shift, self._asked = shift, asked
        self._wake, self._noted = threading.Event(), threading.Event()
        self._end, self._lost = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._job: Taken | None = None
        self._step: Step | None = None
        self._lines: list[Sentence | str] = []
        self._heard = -WORKER_SECONDS

    def watch(self, job: Taken) -> None:
        """From now on, it is this job that is told about."""
        with self._lock:
            self._job, self._step, self._lines = job, None, []
            self._lost.clear()

    def __call__(self, step: Step) -> None:
        """Progress. Raises Stopped once the job is no longer this worker's."""
        if self._lost.is_set():
            raise Stopped
        self._step = step
        if step.rate is None:
            self._noted.clear()
            self.tell(_begun(step))
            if step.done < step.total:
                # Should the model kill this process at its first row, it is known at what.
                self._noted.wait(BEGIN_SECONDS)

    def tell(self, line: Sentence | str) -> None:
        """Adds a line to the log of the job."""
        self._lines.append(line)
        self._wake.set()

    def unwatch(self) -> tuple[bool, list[Sentence | str]]:
        """The job is over: whether it still was this worker's, and the lines that are not written yet."""
        with self._lock:
            lines, self._job, self._lines = self._lines, None, []
            return not self._lost.is_set(), lines

    def run(self) -> None:
        """Until the end, every second and whenever a measurement begins."""
        while not self._end.is_set():
            self._wake.wait(EVERY_SECONDS)
            self._wake.clear()
            try:
                with self._lock:
                    self._note()
                if time.monotonic() - self._heard >= WORKER_SECONDS:
                    self._shift.beat()
                    self._heard = time.monotonic()
            except StoreFailed as problem:
                # The work goes on; the next second may have more luck.
                log.warning("%s", problem)

    def stop(self) -> None:
        """No more is told."""
        self._end.set()
        self._wake.set()
        self.join()

    def _note(self) -> None:
        if self._job is None or self._lost.is_set():
            return
        told = list(self._lines)
        if self._asked.yes:
            # At once: a model may take longer over its rows than whoever stops this process waits.
            self._shift.give_back(self._job, STOPPED, told)
            self._lost.set()
        elif not self._shift.note(self._job, self._step, told):
            self._lost.set()
        del self._lines[: len(told)]
        self._noted.set()


def _begun(step: Step) -> Sentence:
    if step.done == step.total:
        return say("{what}: all of {total} found in the store.", what=step.what, total=step.total)
    return say(
        "{what}: {total} to measure, {found} of them found in the store.",
        what=step.what,
        total=step.total,
        found=step.done,
    )

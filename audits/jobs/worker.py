"""A worker: runs jobs one at a time. Killed at any moment, it loses nothing that was measured."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import audits
from audits.jobs.ending import Asked, asked_to_end
from audits.jobs.pulse import STOPPED, Pulse, Stopped
from audits.jobs.queue import Queue
from audits.jobs.shift import Shift, Taken
from audits.store.database import DatabaseBusy
from audits.store.home import database_url
from probes.errors import EvenlightError, StoreFailed
from probes.speech import Sentence, say

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.3
"""How often a queue that cannot wait by itself is looked at."""

MEND_SECONDS = 5.0
"""How often an idle worker looks for jobs that dead workers or a lost queue left behind."""

AGAIN_SECONDS = 2.0
"""How long a worker waits when the database or the queue failed."""


def work(*, burst: bool = False) -> None:
    """Runs jobs until SIGTERM or SIGINT; with `burst`, until none is queued.

    Raises SetupBroken or StoreFailed in one line where queue or database cannot be opened at all.
    """
    duty = _Duty()
    with asked_to_end(duty.break_off) as asked:
        duty.work(asked, burst)


class _Duty:
    """A worker between its first and its last job."""

    def __init__(self) -> None:
        self._asked = Asked()
        self._measuring = False

    def break_off(self) -> None:
        """What a signal does at once, where it meets a job."""
        if self._measuring:
            raise Stopped

    def work(self, asked: Asked, burst: bool) -> None:
        self._asked = asked
        shift = self._opened()
        if shift is None:
            return
        queue, pulse = Queue(), Pulse(shift, asked)
        pulse.start()
        log.info("worker is ready")
        try:
            self._jobs(shift, queue, pulse, burst)
        finally:
            pulse.stop()
            self._leave(shift)

    def _opened(self) -> Shift | None:
        """None where the worker was stopped before the database was free."""
        while not self._asked.yes:
            try:
                shift = Shift(database_url())
                shift.leave()
                shift.beat()
            except DatabaseBusy as problem:
                log.warning("%s", problem)
                self._asked.wait(AGAIN_SECONDS)
            else:
                return shift
        return None

    def _jobs(self, shift: Shift, queue: Queue, pulse: Pulse, burst: bool) -> None:
        mended = -MEND_SECONDS
        while not self._asked.yes:
            try:
                if time.monotonic() - mended >= MEND_SECONDS:
                    shift.mend(queue)
                    mended = time.monotonic()
                job_id = queue.take()
                taken = None if job_id is None else shift.take(job_id)
                if taken is not None:
                    self._run(taken, shift, pulse)
                elif job_id is None:
                    if burst and not shift.mend(queue):
                        return
                    self._asked.wait(LOOK_SECONDS)
            except StoreFailed as problem:
                # Locked, full or out of reach for now: jobs are kept in the list, and found there again.
                log.warning("%s", problem)
                self._asked.wait(AGAIN_SECONDS)

    def _run(self, job: Taken, shift: Shift, pulse: Pulse) -> None:
        """One job to its end, whatever that is; the end is written down before the next one begins."""
        log.info("job %s begins", job.id)
        pulse.watch(job)
        end = self._measured(job, shift, pulse)
        ours, lines = pulse.unwatch()
        if not ours:
            log.info("job %s was cancelled or given back", job.id)
            return
        while True:
            try:
                end(lines)
            except StoreFailed as problem:
                if self._asked.yes:
                    # The next worker finds the job interrupted, and everything measured.
                    log.warning("the end of job %s could not be noted: %s", job.id, problem)
                    return
                log.warning("%s", problem)
                self._asked.wait(AGAIN_SECONDS)
            else:
                log.info("job %s ended", job.id)
                return

    def _measured(self, job: Taken, shift: Shift, pulse: Pulse) -> Callable[[list[Sentence | str]], object]:
        """Runs the plan and says what is to be written down about its end."""
        try:
            with _heard(pulse), self._stoppable():
                run = audits.run(json.loads(job.plan), progress=pulse, base=job.base)
        except KeyboardInterrupt:
            return lambda lines: shift.give_back(job, STOPPED, lines)
        except DatabaseBusy as problem:
            busy = say("The job is queued again: {reason}", reason=str(problem))
            return lambda lines: shift.give_back(job, busy, lines)
        except EvenlightError as problem:
            why = str(problem)
            return lambda lines: shift.fail(job, why, lines)
        except (Exception, SystemExit) as problem:
            # Models, tokenizers and plug-ins are foreign code: one that breaks must not take the worker with it.
            log.exception("job %s broke", job.id)
            broken = say("the job broke: {kind}: {problem}", kind=type(problem).__name__, problem=str(problem)[:300])
            why = str(broken)
            return lambda lines: shift.fail(job, why, lines)
        return lambda lines: shift.finish(job, run.id, lines)

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        self._measuring = True
        try:
            if self._asked.yes:
                raise Stopped
            yield
        finally:
            self._measuring = False

    def _leave(self, shift: Shift) -> None:
        try:
            shift.leave()
        except StoreFailed as problem:
            log.warning("%s", problem)


@contextmanager
def _heard(pulse: Pulse) -> Iterator[None]:
    """Warnings of the audit stand in the log of its job."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            pulse.tell(f"{record.levelname.lower()}: {record.getMessage()}")

    listener, loggers = Listener(logging.WARNING), [logging.getLogger(name) for name in ("audits", "probes")]
    for one in loggers:
        one.addHandler(listener)
    try:
        yield
    finally:
        for one in loggers:
            one.removeHandler(listener)

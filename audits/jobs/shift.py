"""What a worker writes down while it works: that it lives, what it has taken, how far that is and how it ended."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from audits.engine.progress import Step
from audits.jobs.job import JobState
from audits.jobs.jobs import write_line
from audits.jobs.queue import Queue
from audits.jobs.tables import IDLE, JOBS, LINES, WORKERS, abandoned, gone
from audits.store.database import Database, zoned
from probes.speech import Name, Phrase, Quantity, Sentence, say

MOST_DEATHS = 3
"""A job during which so many workers died is not begun again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that this worker runs. The claim shows that it is still this worker's."""

    id: str
    claim: str
    plan: str
    base: Path | None


class Shift:
    """One worker's entries in the database. Raises StoreFailed in one line where it cannot be used."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, JOBS, LINES, WORKERS)
        self._id = secrets.token_hex(8)
        self._who = {"host": socket.gethostname(), "pid": os.getpid()}

    def beat(self) -> None:
        """Says that this worker lives."""
        now = datetime.now(UTC)
        with self._database.connection() as connection:
            mine = update(WORKERS).where(WORKERS.c.id == self._id).values(heartbeat=now)
            if not connection.execute(mine).rowcount:
                connection.execute(insert(WORKERS).values(id=self._id, since=now, heartbeat=now, **self._who))

    def leave(self) -> None:
        """Takes this worker, and those that died, out of the list of workers."""
        with self._database.connection() as connection:
            rows = connection.execute(select(WORKERS)).mappings().all()
        dead = [row["id"] for row in rows if row["id"] == self._id or gone(row, zoned(row["since"]))]
        with self._database.connection() as connection:
            connection.execute(delete(WORKERS).where(WORKERS.c.id.in_(dead)))

    def mend(self, queue: Queue) -> int:
        """Queues again what a dead worker left behind or the queue lost; tells how many jobs wait. Only when idle."""
        with self._database.connection() as connection:
            unfinished = JOBS.c.state.in_((JobState.QUEUED, JobState.RUNNING))
            rows = connection.execute(select(JOBS).where(unfinished).order_by(JOBS.c.created)).mappings().all()
        waiting = [row["id"] for row in rows if row["state"] == JobState.QUEUED]
        for row in rows:
            # One of this worker's own is one that it took without hearing so: it is idle now.
            left = abandoned(row) or (row["claim"] or "").startswith(self._id)
            if left and self._bury(row["id"], row["claim"], row["deaths"] + 1, row["what"]):
                waiting.append(row["id"])
        known = queue.waiting() if waiting else set()
        for job_id in waiting:
            if job_id not in known:
                queue.put(job_id)
        return len(waiting)

    def take(self, job_id: str) -> Taken | None:
        """The job, which this worker runs from now on; None where it is no longer queued."""
        claim, now = self._id + secrets.token_hex(8), datetime.now(UTC)
        with self._database.connection() as connection:
            queued = update(JOBS).where(JOBS.c.id == job_id, JOBS.c.state == JobState.QUEUED)
            mine = {**IDLE, **self._who, "claim": claim, "state": JobState.RUNNING, "started": now, "heartbeat": now}
            taken = connection.execute(queued.values(**mine, ended=None, message=None)).rowcount
            if not taken:
                return None
            row = connection.execute(select(JOBS.c.plan, JOBS.c.base).where(JOBS.c.id == job_id)).mappings().one()
            told = say("Begun by process {pid} on {host}.", pid=str(self._who["pid"]), host=str(self._who["host"]))
            write_line(connection, job_id, told)
        return Taken(job_id, claim, row["plan"], None if row["base"] is None else Path(row["base"]))

    def note(self, job: Taken, step: Step | None, lines: Sequence[Sentence | str]) -> bool:
        """Writes how far the job is; whether it still is this worker's, and not cancelled."""
        values: dict[str, object] = {"heartbeat": datetime.now(UTC)}
        if step is not None:
            values |= {name: getattr(step, name) for name in ("what", "done", "total", "rate", "left_seconds")}
        return self._write(job, values, lines)

    def finish(self, job: Taken, run_id: str, lines: Sequence[Sentence | str]) -> bool:
        """The job ended in a run."""
        told = say("Finished as run {run}.", run=run_id)
        values = {**IDLE, **_ended(JobState.FINISHED), "run_id": run_id, "message": None}
        return self._write(job, values, [*lines, told])

    def fail(self, job: Taken, why: str, lines: Sequence[Sentence | str]) -> bool:
        """The job cannot be done as it is, for a reason in one line."""
        why = " ".join(why.split())
        values = {"claim": None, **_ended(JobState.FAILED), "message": why}
        return self._write(job, values, [*lines, say("Failed: {why}", why=why)])

    def give_back(self, job: Taken, why: Sentence, lines: Sequence[Sentence | str]) -> bool:
        """The job is queued again, for a reason that is not its own."""
        values = {**IDLE, "state": JobState.QUEUED, "started": None, "host": None, "pid": None}
        return self._write(job, values, [*lines, why])

    def _write(self, job: Taken, values: Mapping[str, object], lines: Sequence[Sentence | str]) -> bool:
        with self._database.connection() as connection:
            written = _changed(connection, job.id, job.claim, values)
            for line in lines:
                write_line(connection, job.id, line)
        return written

    def _bury(self, job_id: str, claim: str, deaths: int, what: str | None) -> bool:
        """Notes that the worker which held a claim died; whether the job is queued again."""
        poison = deaths >= MOST_DEATHS
        why = _poisoned(deaths, what) if poison else _died(deaths, what)
        values: dict[str, object] = {"claim": None, "deaths": deaths, "message": str(why)}
        values |= _ended(JobState.FAILED) if poison else {**IDLE, "state": JobState.QUEUED, "host": None, "pid": None}
        with self._database.connection() as connection:
            buried = _changed(connection, job_id, claim, values)
            if buried:
                write_line(connection, job_id, why)
        return buried and not poison


def _changed(connection: Connection, job_id: str, claim: str, values: Mapping[str, object]) -> bool:
    """Whether the job still was running under the claim, and so is changed."""
    held = (JOBS.c.id == job_id, JOBS.c.claim == claim, JOBS.c.state == JobState.RUNNING)
    return bool(connection.execute(update(JOBS).where(*held).values(**values)).rowcount)


def _ended(state: JobState) -> dict[str, object]:
    return {"state": state, "active": None, "ended": datetime.now(UTC)}


def _died(deaths: int, what: str | None) -> Sentence:
    return say(
        "The worker ended while it ran this job ({step}; {n} of {most}). What is measured is kept: queued again.",
        step=_at(what),
        n=deaths,
        most=MOST_DEATHS,
    )


def _poisoned(deaths: int, what: str | None) -> Sentence:
    return say(
        "the worker ended {n} times while it ran this job, last at: {step}; "
        "the model may need more memory than there is, or break: mend it and retry the job",
        n=deaths,
        step=_at(what),
    )


def _at(what: str | None) -> Quantity:
    return Phrase(text="opening model and data") if what is None else Name(text=what)

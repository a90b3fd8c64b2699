"""The list of jobs as those see it who ask for audits: submit, look, cancel, try again."""

from __future__ import annotations

import logging
import secrets
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, RowMapping

from audits.jobs.job import Job, JobState, Worker
from audits.jobs.queue import Queue
from audits.jobs.tables import IDLE, JOBS, LINES, WORKERS, abandoned, digest, gone, job_of
from audits.plan import Plan
from audits.store.database import Database, NotUnique, zoned
from probes.errors import StoreFailed
from probes.speech import Sentence, say

log = logging.getLogger(__name__)

LOOKS = 10
"""The same audit may end and be asked for again this often while it is submitted."""


class Jobs:
    """Jobs in the database of the runs. A database that fails raises StoreFailed in one line."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, JOBS, LINES, WORKERS)

    def submit(self, plan: Plan, base: Path | None = None) -> Job:
        """Queues an audit. One that is queued or running already is the same job: it is measured once.

        Relative paths in the plan start from `base`. Raises SetupBroken where the queue cannot be opened.
        """
        queue = Queue()
        text, folder = plan.model_dump_json(), None if base is None else str(base.absolute())
        active = digest(text, folder)
        for _ in range(LOOKS):
            job_id, now = f"job-{secrets.token_hex(4)}", datetime.now(UTC)
            try:
                with self._database.connection() as connection:
                    connection.execute(
                        insert(JOBS).values(
                            id=job_id,
                            name=plan.name,
                            subject=plan.subject,
                            plan=text,
                            base=folder,
                            active=active,
                            state=JobState.QUEUED,
                            created=now,
                            deaths=0,
                        )
                    )
                    write_line(connection, job_id, say("Queued."))
            except NotUnique:
                with self._database.connection() as connection:
                    there = connection.execute(select(JOBS).where(JOBS.c.active == active)).mappings().one_or_none()
                if there is not None:
                    return job_of(there)
                continue  # it has ended between the two
            _enqueue(queue, job_id)
            return self.get(job_id)
        raise StoreFailed("the audit {name} could not be queued; try again", name=plan.name)

    def get(self, job_id: str) -> Job:
        """A job by its id, or an unambiguous beginning of it. Raises StoreFailed where there is none."""
        return job_of(self._row(job_id))

    def all(self, limit: int = 100) -> list[Job]:
        """The jobs, newest first. One whose worker is gone is interrupted: the next worker goes on with it."""
        with self._database.connection() as connection:
            rows = connection.execute(select(JOBS).order_by(JOBS.c.created.desc(), JOBS.c.id).limit(limit)).mappings()
            found = rows.all()
        jobs: list[Job] = []
        for row in found:
            try:
                jobs.append(job_of(row))
            except StoreFailed as unreadable:
                # One job of another version must not hide the others.
                log.warning("%s", unreadable)
        return jobs

    def log(self, job_id: str, lines: int = 200) -> str:
        """What was done, with its times in UTC: the last lines."""
        job_id = self._row(job_id)["id"]
        with self._database.connection() as connection:
            newest = select(LINES).where(LINES.c.job == job_id).order_by(LINES.c.number.desc()).limit(lines)
            rows = connection.execute(newest).mappings().all()
        return "\n".join(f"{zoned(row['at']):%Y-%m-%d %H:%M:%S}  {row['line']}" for row in reversed(rows))

    def cancel(self, job_id: str) -> Job:
        """Takes a job out of the queue, or lets its worker stop at the next row; what is measured is kept."""
        row = self._row(job_id)
        with self._database.connection() as connection:
            open_states = (JobState.QUEUED, JobState.RUNNING)
            cancelled = connection.execute(
                update(JOBS)
                .where(JOBS.c.id == row["id"], JOBS.c.state.in_(open_states))
                .values(state=JobState.CANCELLED, active=None, ended=datetime.now(UTC), claim=None, message=None)
            ).rowcount
            if cancelled:
                write_line(connection, row["id"], say("Cancelled; what is measured is kept."))
        if not cancelled:
            job = self.get(row["id"])
            raise StoreFailed("job {job} is {state} already", job=job.id, state=job.state.value)
        return self.get(row["id"])

    def retry(self, job_id: str) -> Job:
        """Queues a job again that failed, was cancelled or interrupted; only what is missing is measured."""
        queue = Queue()
        row = self._row(job_id)
        if not (row["state"] in (JobState.FAILED, JobState.CANCELLED) or abandoned(row)):
            raise StoreFailed(
                "job {job} is {state}; only one that failed, was cancelled or interrupted is run again",
                job=row["id"],
                state=str(row["state"]),
            )
        values = {**IDLE, "state": JobState.QUEUED, "started": None, "ended": None, "message": None, "deaths": 0}
        try:
            with self._database.connection() as connection:
                changed = connection.execute(
                    update(JOBS)
                    # As it was when we looked: a worker or a second retry may have been faster.
                    .where(
                        JOBS.c.id == row["id"],
                        JOBS.c.state == row["state"],
                        JOBS.c.claim.is_not_distinct_from(row["claim"]),
                    )
                    .values(**values, active=digest(row["plan"], row["base"]), host=None, pid=None)
                ).rowcount
                if changed:
                    write_line(connection, row["id"], say("Queued again."))
        except NotUnique as problem:
            raise StoreFailed(
                "the same audit as that of job {job} is queued or running already", job=row["id"]
            ) from problem
        if changed:
            _enqueue(queue, row["id"])
        return self.get(row["id"])

    def workers(self) -> list[Worker]:
        """The workers that live."""
        with self._database.connection() as connection:
            rows = connection.execute(select(WORKERS).order_by(WORKERS.c.since)).mappings().all()
        return [Worker(host=row["host"], pid=row["pid"]) for row in rows if not gone(row, zoned(row["since"]))]

    def _row(self, job_id: str) -> RowMapping:
        with self._database.connection() as connection:
            fitting = JOBS.c.id.startswith(job_id, autoescape=True)
            rows = connection.execute(select(JOBS).where(fitting).limit(2)).mappings().all()
        exact = [row for row in rows if row["id"] == job_id] or rows
        if not job_id or not exact:
            raise StoreFailed("there is no job {job}; `evenlight jobs` lists those there are", job=job_id)
        if len(exact) > 1:
            raise StoreFailed("several jobs begin with {job}; write more of the id", job=job_id)
        return exact[0]


def write_line(connection: Connection, job_id: str, line: Sentence | str) -> None:
    """Adds a line to what is told about a job."""
    one_line = " ".join(str(line).split())
    connection.execute(insert(LINES).values(job=job_id, at=datetime.now(UTC), line=one_line[:2000]))


def _enqueue(queue: Queue, job_id: str) -> None:
    try:
        queue.put(job_id)
    except StoreFailed as problem:
        # The list says that it is queued; workers look for jobs that the queue does not know.
        log.warning("%s", problem)

"""A job: an audit that somebody asked for, and how far it is."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from audits.plan import Plan
from probes.record import Record


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """Its worker is gone; the next worker goes on with it."""


class JobStep(Record):
    """What was being measured when the worker last told."""

    what: str
    done: int = Field(ge=0)
    total: int = Field(ge=0)
    rate: float | None = None
    """Rows a second."""
    left_seconds: float | None = None


class Worker(Record):
    """A process that runs jobs."""

    host: str
    pid: int


class Job(Record):
    """A line in the list of jobs. Its measurements are kept row by row, whatever becomes of it."""

    id: str
    name: str
    subject: str
    plan: Plan
    base: str | None
    """The folder that the plan's relative paths start from."""
    state: JobState
    created: AwareDatetime
    started: AwareDatetime | None
    ended: AwareDatetime | None
    step: JobStep | None
    message: str | None
    """Why it failed or will be run again, in one sentence."""
    run_id: str | None
    """The finished run."""
    worker: Worker | None

    @property
    def running(self) -> bool:
        """Whether a worker is at it."""
        return self.state is JobState.RUNNING

    @property
    def open(self) -> bool:
        """Whether it still is to be run, or running."""
        return self.state in (JobState.QUEUED, JobState.RUNNING, JobState.INTERRUPTED)

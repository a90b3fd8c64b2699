"""The tables of jobs, beside that of the runs, and how a row is read."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from pydantic import ValidationError
from sqlalchemy import Column, DateTime, Float, Integer, MetaData, String, Table, Text
from sqlalchemy.engine import RowMapping

from audits.jobs.job import Job, JobState, JobStep, Worker
from audits.plan import Plan
from audits.store.database import zoned
from audits.store.processes import alive
from probes.errors import StoreFailed

SILENCE = timedelta(seconds=60)
"""A worker on another machine that has not been heard of for so long is taken for dead."""

_tables = MetaData()

JOBS = Table(
    "jobs",
    _tables,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("base", Text),
    # The digest of what is asked for as long as it is queued or running: nothing is measured twice at once.
    Column("active", String(64), unique=True),
    Column("state", String(16), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("started", DateTime(timezone=True)),
    Column("ended", DateTime(timezone=True)),
    Column("what", Text),
    Column("done", Integer),
    Column("total", Integer),
    Column("rate", Float),
    Column("left_seconds", Float),
    Column("message", Text),
    Column("run_id", String(64)),
    Column("host", Text),
    Column("pid", Integer),
    # Whoever writes about a running job shows the claim it was taken with: it may be another's by now.
    Column("claim", String(32)),
    Column("heartbeat", DateTime(timezone=True)),
    Column("deaths", Integer, nullable=False, default=0),
)

LINES = Table(
    "job_lines",
    _tables,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("job", String(64), nullable=False, index=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("line", Text, nullable=False),
)

WORKERS = Table(
    "workers",
    _tables,
    Column("id", String(32), primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("heartbeat", DateTime(timezone=True), nullable=False),
)

IDLE = {"what": None, "done": None, "total": None, "rate": None, "left_seconds": None, "claim": None}
"""Columns of a job at which nobody works."""


def digest(plan: str, base: str | None) -> str:
    """Names what is asked for: two jobs with one digest would measure the same."""
    return blake2b(f"{plan}\n{base or ''}".encode(), digest_size=16).hexdigest()


def gone(row: RowMapping, since: datetime) -> bool:
    """Whether the worker in a row is dead: by its process on this machine, by its silence on another."""
    if row["host"] == socket.gethostname():
        return not alive(row["pid"], since)
    return datetime.now(UTC) - zoned(row["heartbeat"]) > SILENCE


def abandoned(row: RowMapping) -> bool:
    """Whether a job is noted as running while nobody runs it."""
    return row["state"] == JobState.RUNNING and gone(row, zoned(row["started"]))


def job_of(row: RowMapping) -> Job:
    """The row as a record. Raises StoreFailed where its plan was written by another version."""
    try:
        plan = Plan.model_validate_json(row["plan"])
    except ValidationError as problem:
        raise StoreFailed(
            "the plan of job {job} cannot be read by this version of Evenlight; queue the plan again", job=row["id"]
        ) from problem
    moments = {name: None if row[name] is None else zoned(row[name]) for name in ("created", "started", "ended")}
    return Job(
        id=row["id"],
        name=row["name"],
        subject=row["subject"],
        plan=plan,
        base=row["base"],
        state=JobState.INTERRUPTED if abandoned(row) else JobState(row["state"]),
        created=zoned(row["created"]),
        started=moments["started"],
        ended=moments["ended"],
        step=None if row["what"] is None else _step(row),
        message=row["message"],
        run_id=row["run_id"],
        worker=None if row["host"] is None else Worker(host=row["host"], pid=row["pid"]),
    )


def _step(row: RowMapping) -> JobStep:
    return JobStep(**{name: row[name] for name in JobStep.model_fields})

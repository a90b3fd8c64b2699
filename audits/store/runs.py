"""The list of runs: SQLite by default, any database by URL."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime
from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import RowMapping

from audits.findings import Verdict
from audits.plan import Plan
from audits.runs import Run
from audits.store.database import Database, zoned
from audits.store.processes import alive
from probes.errors import StoreFailed
from probes.record import Record

_tables = MetaData()
_runs = Table(
    "runs",
    _tables,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("started", DateTime(timezone=True), nullable=False),
    Column("state", String(16), nullable=False),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("message", Text),
    Column("verdicts", Text),
    Column("document", Text),
    Column("base", Text),
)


class State(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class RunEntry(Record):
    """A line in the list of runs."""

    id: str
    name: str
    subject: str
    source: str
    started: AwareDatetime
    state: State
    message: str | None
    verdicts: dict[Verdict, int]


class Runs:
    """Starts, finishes, lists and loads runs. A database that fails raises StoreFailed in one line."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, _runs)
        self._connection = self._database.connection
        self._add_base()

    def start(self, run_id: str, plan: Plan, started: datetime, base: Path | None = None) -> None:
        """Notes that a run has begun, in which process, and where the plan's relative paths start."""
        with self._connection() as connection:
            connection.execute(
                insert(_runs).values(
                    id=run_id,
                    name=plan.name,
                    subject=plan.subject,
                    source=plan.data.source,
                    started=started,
                    state=State.RUNNING,
                    host=socket.gethostname(),
                    pid=os.getpid(),
                    base=None if base is None else str(base.absolute()),
                )
            )

    def finish(self, run: Run) -> None:
        """Keeps the whole run."""
        values = {
            "state": State.FINISHED,
            "verdicts": json.dumps({verdict.value: count for verdict, count in run.verdicts.items()}),
            "document": run.model_dump_json(),
        }
        self._set(run.id, values)

    def fail(self, run_id: str, message: str) -> None:
        """Notes why a run ended without a result."""
        self._set(run_id, {"state": State.FAILED, "message": message})

    def interrupt(self, run_id: str) -> None:
        """Notes that somebody stopped the run; its measurements are kept."""
        self._set(run_id, {"state": State.INTERRUPTED})

    def entries(self) -> list[RunEntry]:
        """All runs, newest first. A run whose process is gone is interrupted: its measurements are kept."""
        columns = [column for column in _runs.columns if column.name != "document"]
        with self._connection() as connection:
            rows = connection.execute(select(*columns).order_by(_runs.c.started.desc(), _runs.c.id)).mappings().all()
        return [_entry(row) for row in rows]

    def entry(self, run_id: str) -> RunEntry:
        """One run by its whole id, finished or not. Raises StoreFailed where there is none."""
        columns = [column for column in _runs.columns if column.name != "document"]
        with self._connection() as connection:
            row = connection.execute(select(*columns).where(_runs.c.id == run_id)).mappings().one_or_none()
        if row is None:
            raise StoreFailed("there is no run {run}; `evenlight runs` lists those there are", run=run_id)
        return _entry(row)

    def base(self, run_id: str) -> Path | None:
        """The folder that the relative paths of a run's plan started from; None where it was not noted."""
        with self._connection() as connection:
            noted = connection.execute(select(_runs.c.base).where(_runs.c.id == run_id)).scalar_one_or_none()
        return None if noted is None else Path(noted)

    def load(self, run_id: str) -> Run:
        """A finished run, by its id or an unambiguous beginning of it. "latest" is the newest."""
        finished = [entry.id for entry in self.entries() if entry.state is State.FINISHED]
        exact = [name for name in finished if name == run_id]
        fitting = (
            finished[:1] if run_id == "latest" else exact or [n for n in finished if run_id and n.startswith(run_id)]
        )
        if not fitting and run_id == "latest":
            raise StoreFailed("no run has been finished yet; `evenlight run PLAN` makes one")
        if not fitting:
            raise StoreFailed("there is no finished run {run}; `evenlight runs` lists those there are", run=run_id)
        if len(fitting) > 1:
            raise StoreFailed("{n} runs begin with {run}; write more of the id", n=len(fitting), run=run_id)
        with self._connection() as connection:
            document = connection.execute(select(_runs.c.document).where(_runs.c.id == fitting[0])).scalar_one()
        return Run.read(str(document))

    def _add_base(self) -> None:
        """Lists that were begun by an older version have no column `base` yet."""
        try:
            if self._has_base():
                return
            with self._connection() as connection:
                connection.execute(text("ALTER TABLE runs ADD COLUMN base TEXT"))
        except StoreFailed:
            # Another process may have added it between the two.
            if not self._has_base():
                raise

    def _has_base(self) -> bool:
        with self._connection() as connection:
            return any(column["name"] == "base" for column in inspect(connection).get_columns(_runs.name))

    def _set(self, run_id: str, values: Mapping[str, object]) -> None:
        with self._connection() as connection:
            connection.execute(update(_runs).where(_runs.c.id == run_id).values(**values))


def _entry(row: RowMapping) -> RunEntry:
    started = zoned(row["started"])
    state = State(row["state"])
    if state is State.RUNNING and row["host"] == socket.gethostname() and not alive(row["pid"], started):
        state = State.INTERRUPTED
    return RunEntry(
        id=row["id"],
        name=row["name"],
        subject=row["subject"],
        source=row["source"],
        started=started,
        state=state,
        message=row["message"],
        verdicts=json.loads(row["verdicts"] or "{}"),
    )

"""The database of runs and jobs: opened in one way by whoever uses it, and one line where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from sqlite3 import DatabaseError
from typing import Any

from sqlalchemy import Table, create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from probes.errors import StoreFailed
from probes.speech import Duration

WAIT_SECONDS = 15.0
"""How long a command line, a dashboard or a worker waits for the others to let go of a SQLite file."""

BUSY = ("database is locked", "database table is locked", "could not obtain lock", "lock timeout")
"""What databases say where another connection holds what is needed."""


class DatabaseBusy(StoreFailed):
    """Another connection holds the database, and did so for longer than we wait: the same may work later."""


class NotUnique(StoreFailed):
    """A row with the same key stands in the database already."""


class Database:
    """Connections to the database at a URL, in which the given tables stand.

    Raises StoreFailed in one line where it cannot be used, and DatabaseBusy where that may pass.
    """

    def __init__(self, url: str, *tables: Table) -> None:
        self.engine = _engine(url)
        # Not create_all, which looks first and creates then: two first runs may start at once. Even so, some
        # databases tell the slower one that the table was there.
        for table in tables:
            with suppress(NotUnique), self.connection() as connection:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """One transaction: kept as a whole at the end of the block, or not at all."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except SQLAlchemyError as problem:
            raise self._told(problem) from problem

    def _told(self, problem: SQLAlchemyError) -> StoreFailed:
        reason = " ".join(str(getattr(problem, "orig", None) or type(problem).__name__).split())[:160]
        url = self.engine.url.render_as_string(hide_password=True)
        if any(words in reason.lower() for words in BUSY):
            return DatabaseBusy(
                "another program has held the database {url} for {wait}; close it, or try again",
                url=url,
                wait=Duration(seconds=WAIT_SECONDS),
            )
        if isinstance(problem, IntegrityError):
            return NotUnique("the database {url} did not take a row twice ({reason})", url=url, reason=reason)
        return StoreFailed(
            "the list of runs in {url} cannot be used ({reason}); move the file away or set EVENLIGHT_DATABASE",
            url=url,
            reason=reason,
        )


def zoned(moment: datetime) -> datetime:
    """A moment as it was written: in UTC, which SQLite forgets."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
        if parsed.database in (None, "", ":memory:"):
            return create_engine(url)
        # A connection for each transaction: the file may be moved away at any time, and threads share nothing.
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS})
    except (SQLAlchemyError, ImportError, ValueError) as problem:
        raise StoreFailed(
            "the database that EVENLIGHT_DATABASE names cannot be opened ({reason}); "
            "set it to a URL such as sqlite:///runs.db",
            reason=" ".join(str(problem).split())[:160],
        ) from problem
    event.listen(engine, "connect", _written_ahead)
    return engine


def _written_ahead(connection: Any, _: object) -> None:
    """Readers need not wait for writers; where the file system or a lock forbids it, it stays as it was."""
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except DatabaseError:
        return

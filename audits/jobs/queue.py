"""The queue that hands jobs to workers: huey on a SQLite file, or on Redis where EVENLIGHT_QUEUE names one."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from audits.store.database import WAIT_SECONDS, DatabaseBusy
from audits.store.home import home
from probes.errors import SetupBroken, StoreFailed
from probes.speech import Duration

NAME = "evenlight"
FILE = "queue.db"
MESSAGE = f"{__name__}.job"


class Queue:
    """Ids of jobs in the order in which they were asked for. The list of jobs is the truth; this only wakes workers.

    Raises SetupBroken where EVENLIGHT_QUEUE cannot be used, StoreFailed where the queue fails.
    """

    def __init__(self) -> None:
        url = os.environ.get("EVENLIGHT_QUEUE", "")
        with _told():
            self._huey = _on_redis(url) if url else _on_file()
        # What a message is called and carries; workers take the id themselves and execute nothing that they are sent.
        self._job = self._huey.task(name="job")(lambda job_id: job_id)

    def put(self, job_id: str) -> None:
        """Adds a job at the end."""
        with _told():
            self._job(job_id)

    def take(self) -> str | None:
        """The next job, or None where none is waiting (Redis is asked for a second)."""
        with _told():
            task = self._huey.dequeue()
        return None if task is None else str(task.args[0])

    def waiting(self) -> set[str]:
        """The jobs in the queue."""
        with _told():
            return {str(task.args[0]) for task in self._huey.pending()}


@contextmanager
def _told() -> Iterator[None]:
    """Whatever a queue's own library raises, in one line."""
    try:
        yield
    except (StoreFailed, SetupBroken):
        raise
    except sqlite3.Error as problem:
        if "locked" in str(problem):
            raise DatabaseBusy(
                "another program has held the queue {path} for {wait}; close it, or try again",
                path=str(home() / FILE),
                wait=Duration(seconds=WAIT_SECONDS),
            ) from problem
        raise StoreFailed(
            "the queue {path} cannot be used ({reason}); move the file away: jobs are kept in the list of jobs",
            path=str(home() / FILE),
            reason=str(problem),
        ) from problem
    except Exception as problem:
        # redis need not be installed, so that its errors cannot be named here.
        reason = " ".join(str(problem).split())[:160] or type(problem).__name__
        raise StoreFailed(
            "the queue that EVENLIGHT_QUEUE names cannot be used ({reason}); start it or set another", reason=reason
        ) from problem


def _on_file() -> Any:
    from huey import SqliteHuey

    return SqliteHuey(NAME, filename=str(home() / FILE), results=False, serializer=_plain(), timeout=WAIT_SECONDS)


def _on_redis(url: str) -> Any:
    from huey import RedisHuey
    from huey.exceptions import ConfigurationError

    if url.partition("://")[0] not in ("redis", "rediss", "unix"):
        raise SetupBroken("EVENLIGHT_QUEUE does not begin with redis://; set it to a URL such as redis://host:6379/0")
    try:
        return RedisHuey(NAME, url=url, results=False, serializer=_plain())
    except (ConfigurationError, ImportError) as problem:
        raise SetupBroken(
            "EVENLIGHT_QUEUE names a Redis queue and the package redis is missing; run pip install 'evenlight[redis]'"
        ) from problem
    except ValueError as problem:
        raise SetupBroken(
            "EVENLIGHT_QUEUE is no Redis URL ({reason}); set it to one such as redis://host:6379/0",
            reason=str(problem),
        ) from problem


def _plain() -> Any:
    """Messages as JSON: huey's own are pickles, which run code for whoever can write to the queue."""
    from huey.registry import Message
    from huey.serializer import Serializer

    class Plain(Serializer):  # type: ignore[misc]
        def _serialize(self, data: Any) -> bytes:
            return json.dumps([data.id, data.name, data.args[0]]).encode()

        def _deserialize(self, data: bytes) -> Any:
            try:
                task_id, name, job_id = json.loads(bytes(data))
            except (ValueError, TypeError):
                # Nobody's job: it is taken out of the queue and that is all.
                task_id, name, job_id = "", MESSAGE, ""
            return Message(task_id, name, args=(str(job_id),), kwargs={}, retries=0, retry_delay=0)

    return Plain()

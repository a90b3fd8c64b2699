"""Whether the process that began something still works on it."""

from __future__ import annotations

from datetime import datetime


def alive(pid: int, started: datetime) -> bool:
    """Whether the process of this machine that began it then still works; a younger one only got the same number."""
    import psutil

    try:
        process = psutil.Process(pid)
        return bool(process.create_time() <= started.timestamp() + 1 and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True

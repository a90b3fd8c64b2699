"""Where Evenlight keeps what it has: one folder, named by EVENLIGHT_HOME."""

from __future__ import annotations

import os
from pathlib import Path

from probes.errors import StoreFailed


def home() -> Path:
    """The folder, made where it is missing. Raises StoreFailed where something else stands in its place."""
    named = os.environ.get("EVENLIGHT_HOME")
    if named:
        folder = Path(named).expanduser().absolute()
    else:
        from platformdirs import user_data_path

        folder = user_data_path("evenlight", appauthor=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as problem:
        raise StoreFailed(
            "{path} is a file, and Evenlight needs a folder there; set EVENLIGHT_HOME to another place",
            path=str(folder),
        ) from problem
    except OSError as problem:
        raise StoreFailed(
            "the folder {path} cannot be made ({problem}); set EVENLIGHT_HOME to another place",
            path=str(folder),
            problem=problem.strerror or type(problem).__name__,
        ) from problem
    return folder


def store_url() -> str:
    """Where measurements lie: EVENLIGHT_STORE (any fsspec URL, such as a bucket), or a folder in the home."""
    return os.environ.get("EVENLIGHT_STORE") or str(home() / "measurements")


def database_url() -> str:
    """Where runs are listed: EVENLIGHT_DATABASE (any SQLAlchemy URL), or a SQLite file in the home."""
    return os.environ.get("EVENLIGHT_DATABASE") or f"sqlite:///{home() / 'evenlight.db'}"

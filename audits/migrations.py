"""Old runs stay readable: one-way steps from each schema version to the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn

from audits.runs import SCHEMA_VERSION
from probes.errors import StoreFailed

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: dict[int, Migration] = {}
"""Schema version -> the step to the next one; empty while there is only one version."""


def migrated(text: str | bytes) -> dict[str, Any]:
    """A stored run's JSON in today's schema; what is not a run, or is newer than this program, is StoreFailed."""
    run = _read(text)
    version = run.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise StoreFailed('this is not a run: it has no schema_version; open a file that "evenlight report" wrote')
    if version > SCHEMA_VERSION:
        raise StoreFailed(
            "this run has schema version {found}, this Evenlight knows them up to {known}; update it to open this run",
            found=version,
            known=SCHEMA_VERSION,
        )
    for step in range(version, SCHEMA_VERSION):
        if step not in MIGRATIONS:
            raise StoreFailed(
                "this run has schema version {found}, which can no longer be read; run its plan again", found=version
            )
        run = {**MIGRATIONS[step](run), "schema_version": step + 1}
    return run


def _read(text: str | bytes) -> dict[str, Any]:
    try:
        run = json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise StoreFailed("this is not a run: its JSON is nested too deeply") from error
    except json.JSONDecodeError as error:
        raise StoreFailed(
            "this is not a run: JSON was expected, and line {line} cannot be read as such", line=error.lineno
        ) from error
    except ValueError as error:
        raise StoreFailed("this is not a run: {reason}", reason=str(error)) from error
    if not isinstance(run, dict):
        raise StoreFailed("this is not a run: its JSON is not an object")
    return run


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"its JSON holds {constant}, which is no number")

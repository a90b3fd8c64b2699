"""Who is let in as what: `access.yaml` in the home, written by whoever runs the dashboard."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError, field_validator

from audits.store.home import home
from probes.errors import SetupBroken
from probes.nearest import nearest
from probes.record import Record

ACCESS: Final = "access.yaml"

_ENTRY: Final = re.compile(r"[^@\s]*@[^@\s]+")


class Role(StrEnum):
    """What somebody may do."""

    VIEWER = "viewer"
    """Looks at everything that is finished."""
    AUDITOR = "auditor"
    """Also starts, cancels and repeats audits, sends data and asks models."""


class AccessList(Record):
    """E-mail addresses, or `@domain` for everybody there; who stands in neither list is refused."""

    auditors: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()
    viewers_may_ask: bool = False
    """Whether viewers, too, may have a model answer for text that they type."""

    @field_validator("auditors", "viewers")
    @classmethod
    def _addresses(cls, entries: tuple[str, ...]) -> tuple[str, ...]:
        for entry in entries:
            if not _ENTRY.fullmatch(entry):
                raise ValueError(f"{entry!r} is neither an e-mail address nor @domain")
        return tuple(_folded(entry) for entry in entries)

    def role(self, email: str) -> Role | None:
        """The highest role of an address; None refuses."""
        address = _folded(email)
        name, _, domain = address.rpartition("@")
        if not name or not domain or "@" in name:
            return None
        for role, entries in ((Role.AUDITOR, self.auditors), (Role.VIEWER, self.viewers)):
            if address in entries or f"@{domain}" in entries:
                return role
        return None


def access_path() -> Path:
    """Where the list is, whether or not there is one."""
    return home() / ACCESS


def read_access_list() -> AccessList:
    """The list as it stands now; an empty one where there is no file. Raises SetupBroken in one line."""
    path = access_path()
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        return AccessList()
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as problem:
        reason = " ".join(str(problem).split())[:160]
        raise SetupBroken("{path} cannot be read as YAML ({reason})", path=str(path), reason=reason) from problem
    try:
        return AccessList.model_validate({} if raw is None else raw)
    except ValidationError as problem:
        raise _bad(problem, str(path)) from problem


def _folded(email: str) -> str:
    # Only letters of ASCII: elsewhere two different addresses can share a lower case.
    return email.strip().lower() if email.isascii() else email.strip()


def _bad(problem: ValidationError, path: str) -> SetupBroken:
    errors = problem.errors()
    error = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    key = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        known = AccessList.model_fields
        near = nearest(key, known) or ", ".join(known)
        return SetupBroken("{path}: unknown key {key}; did you mean {near}?", path=path, key=key, near=near)
    if not key:
        return SetupBroken("{path}: keys such as auditors and viewers were expected", path=path)
    return SetupBroken(
        "{path}: {key} is {found}: {wanted}",
        path=path,
        key=key,
        found=" ".join(repr(error["input"]).split())[:80],
        wanted=_wanted(error),
    )


def _wanted(error: Any) -> str:
    match error["type"]:
        case "tuple_type":
            return "a list was expected, one address a line after a dash"
        case "string_type":
            return "an e-mail address or @domain was expected; put it in quotes"
        case _:
            return str(error["msg"]).removeprefix("Value error, ")

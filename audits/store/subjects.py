"""Names for models that are audited again and again: `subjects.yaml` in the home, one `name: URI` a line."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final

import yaml

from audits.store.blobs import write_file
from audits.store.home import home
from probes.errors import BadSubject, StoreFailed
from probes.subjects.uri import SubjectURI

LONGEST: Final = 80
"""Letters of a name."""


def registered(folder: Path | None = None) -> dict[str, str]:
    """Every name and its URI, sorted by name. Raises BadSubject where the file is not such a list."""
    path = _path(folder)
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as problem:
        raise BadSubject(
            "the list of subjects {path} cannot be read as text; mend it or move it away", path=str(path)
        ) from problem
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as problem:
        mark = getattr(problem, "problem_mark", None)
        raise BadSubject(
            "{path}, line {line}: this is not YAML; write one name: URI a line",
            path=str(path),
            line=str(mark.line + 1 if mark else 1),
        ) from problem
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadSubject("{path} is not a list of subjects; write one name: URI a line", path=str(path))
    for name, uri in found.items():
        if not isinstance(name, str) or not isinstance(uri, str):
            raise BadSubject(
                "{path} says {uri} for {name}; write a name and a URI, both as text",
                path=str(path),
                name=str(name),
                uri=str(uri)[:80],
            )
        _check(name, uri)
    return dict(sorted(found.items()))


def register(name: str, uri: str, folder: Path | None = None) -> str | None:
    """Gives a URI a name; answers with the URI that the name stood for before. Raises BadSubject or StoreFailed."""
    _check(name, uri)
    known = registered(folder)
    before = known.get(name)
    path = _path(folder)
    text = yaml.safe_dump({**known, name: uri}, allow_unicode=True, width=10_000)
    try:
        write_file(path, text.encode())
    except OSError as problem:
        full = problem.errno in (errno.ENOSPC, errno.EDQUOT)
        raise StoreFailed(
            "{path} cannot be written ({problem}); free the place, or set EVENLIGHT_HOME to another",
            path=str(path),
            problem="the disk is full" if full else problem.strerror or type(problem).__name__,
        ) from problem
    return None if before == uri else before


def _check(name: str, uri: str) -> None:
    if not name or len(name) > LONGEST or name != name.strip() or not name.isprintable():
        raise BadSubject(
            "{name} cannot be a subject's name; use up to 80 letters without line breaks", name=repr(name[:LONGEST])
        )
    SubjectURI.parse(uri)


def _path(folder: Path | None) -> Path:
    return (folder or home()) / "subjects.yaml"

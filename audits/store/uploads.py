"""Tables that were sent through a browser, kept by what they hold; the name they came under is never a path."""

from __future__ import annotations

import errno
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import Final

from audits.store.blobs import write_file
from audits.store.home import home
from probes.errors import BadData, StoreFailed
from probes.speech import Names, Number

LARGEST: Final = 200_000_000
"""Bytes of an upload; larger tables are named by their path."""

KINDS: Final = (".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".arrow", ".feather")
"""Endings that are taken; none of them is a pickle or an archive."""


def keep(name: str, content: bytes, folder: Path | None = None) -> Path:
    """Where the content lies from now on; the same content lies in the same place. Raises BadData or StoreFailed."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if suffix not in KINDS:
        raise BadData(
            "{name} is of no kind that is taken; send one of {kinds}",
            name=name,
            kinds=Names(texts=KINDS, most=len(KINDS)),
        )
    if not content:
        raise BadData("{name} is empty; rows under named columns are needed", name=name)
    if len(content) > LARGEST:
        raise BadData(
            "{name} has {size}, and uploads may have {most}; put it on this machine and name its path",
            name=name,
            size=Number(value=len(content) / 1e6, digits=3, unit="MB"),
            most=Number(value=LARGEST / 1e6, digits=3, unit="MB"),
        )
    path = (folder or home()) / "uploads" / f"{blake2b(content, digest_size=16).hexdigest()}{suffix}"
    if path.is_file() and path.stat().st_size == len(content):
        return path
    try:
        write_file(path, content)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFailed("there is no space left for {name}; free some and send it again", name=name) from problem
        raise StoreFailed(
            "{path} cannot be written ({problem}); make the folder writable, or set EVENLIGHT_HOME to another place",
            path=str(path),
            problem=problem.strerror or type(problem).__name__,
        ) from problem
    return path

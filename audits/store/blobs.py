"""Files in a folder or a bucket, written whole or not at all."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from probes.errors import StoreFailed


class Blobs:
    """Named byte strings below a root, through fsspec.

    In a folder a write goes beside its place, is flushed to the disk and renamed; object stores put whole
    objects anyway.
    """

    def __init__(self, url: str) -> None:
        import fsspec

        self._fs: Any
        try:
            self._fs, root = fsspec.core.url_to_fs(url)
        except (ValueError, ImportError, OSError) as problem:
            raise StoreFailed(
                "the store {url} cannot be opened ({problem}); set EVENLIGHT_STORE to a folder or another URL",
                url=url,
                problem=" ".join(str(problem).split())[:160],
            ) from problem
        self._root = str(root).rstrip("/")
        self._local = "file" in (self._fs.protocol if isinstance(self._fs.protocol, tuple) else (self._fs.protocol,))

    def path(self, name: str) -> str:
        """Where a blob lies, for messages."""
        return f"{self._root}/{name}"

    def names(self, folder: str) -> list[str]:
        """Names of the blobs directly in a folder, sorted; none where there is no such folder."""
        self._fs.invalidate_cache()
        try:
            with _told(self.path(folder), _UNREADABLE):
                found = self._fs.ls(self.path(folder), detail=False)
        except FileNotFoundError:
            return []
        return sorted(str(path).rsplit("/", 1)[-1] for path in found)

    def read(self, name: str) -> bytes:
        """The bytes; FileNotFoundError where there are none."""
        with _told(self.path(name), _UNREADABLE):
            return bytes(self._fs.cat_file(self.path(name)))

    def write(self, name: str, data: bytes) -> None:
        """Writes all of it or nothing. Raises StoreFailed with what the disk said."""
        with _told(self.path(name), _UNWRITABLE, absent=True):
            if self._local:
                write_file(Path(self.path(name)), data)
            else:
                self._fs.pipe_file(self.path(name), data)

    def move(self, name: str, other: str) -> None:
        """Renames a blob; nothing happens where another process was quicker."""
        try:
            with _told(self.path(other), _UNWRITABLE):
                self._fs.makedirs(self.path(other).rsplit("/", 1)[0], exist_ok=True)
                self._fs.mv(self.path(name), self.path(other))
        except FileNotFoundError:
            return

    def remove(self, name: str) -> None:
        """Removes a blob; nothing happens where another process was quicker."""
        try:
            with _told(self.path(name), _UNWRITABLE):
                self._fs.rm_file(self.path(name))
        except FileNotFoundError:
            return


_FULL = "there is no space left for {path}; free some and run the same plan again: what is already measured is kept"
_UNWRITABLE = "{path} cannot be written ({problem}); what is already measured is kept"
_UNREADABLE = "{path} cannot be read ({problem}); make it readable, or set EVENLIGHT_HOME to another place"


@contextmanager
def _told(path: str, template: str, *, absent: bool = False) -> Iterator[None]:
    """Whatever the disk says becomes StoreFailed; that a blob is not there only where `absent` asks for it."""
    try:
        yield
    except OSError as problem:
        if isinstance(problem, FileNotFoundError) and not absent:
            raise
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFailed(_FULL, path=path) from problem
        raise StoreFailed(template, path=path, problem=problem.strerror or type(problem).__name__) from problem


def write_file(path: Path, data: bytes) -> None:
    """Writes all of a file or nothing; what was there before stays until the new one is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Makes a rename durable, where the system lets a folder be opened."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

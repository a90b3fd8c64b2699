"""Measured results by row, kept in packs that are only storage: any process may add to a space at any time."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Generic, TypeVar

from audits.store.blobs import Blobs
from audits.store.packs import name_of, pack, unpack
from probes.errors import StoreFailed

log = logging.getLogger(__name__)

R = TypeVar("R")

SMALL = 1 << 20
"""Packs below this size are worth merging."""

FEW = 8
"""As many small packs may lie beside each other."""

LOOKS = 5
"""A folder in which packs come and go this often while it is read is read as far as it goes."""

KEPT = 256 << 20
"""Bytes of packs that a space keeps in memory for reading."""


class Measurements:
    """All measurement spaces below a URL."""

    def __init__(self, url: str) -> None:
        self._blobs = Blobs(url)

    def space(self, identity: str, result: type[R]) -> Space[R]:
        """The space of one probe with its options, on one subject, under one numeric policy."""
        return Space(self._blobs, identity, result)


class Space(Generic[R]):
    """Results of rows under one identity. Reading verifies each pack by its name; a damaged one is set aside."""

    def __init__(self, blobs: Blobs, identity: str, result: type[R]) -> None:
        self.name = blake2b(identity.encode(), digest_size=16).hexdigest()
        self.set_aside = 0
        self._blobs = blobs
        self._result = result
        self._where: dict[str, str] = {}
        self._kept: OrderedDict[str, tuple[int, dict[str, R]]] = OrderedDict()
        self._own: dict[str, int] = {}
        self._seen: set[str] = set()
        self._described = False
        self._identity = identity
        self._look()

    def __contains__(self, digest: object) -> bool:
        return digest in self._where

    def read(self, digest: str) -> R:
        """A row's result; KeyError where it is not measured. Raises StoreFailed where it was lost since."""
        name = self._where[digest]
        if name not in self._kept and not self._open(name):
            # Another process merged it into a larger pack, or it was damaged after it was opened.
            self._where = {row: held for row, held in self._where.items() if held != name}
            self._seen.clear()
            self._look()
            if digest not in self._where:
                raise StoreFailed(
                    "{path} was lost while it was in use; run the same plan again: only its rows are measured again",
                    path=self._blobs.path(f"{self.name}/{name}"),
                )
            return self.read(digest)
        size_and_rows = self._kept[name]
        self._kept.move_to_end(name)
        return size_and_rows[1][digest]

    def write(self, results: Mapping[str, R]) -> str | None:
        """Adds a pack and returns its name. When it returns, the results are on the disk."""
        if not results:
            return None
        if not self._described:
            self._blobs.write(f"{self.name}/space.txt", self._identity.encode())
            self._described = True
        data = pack(results)
        name = name_of(data)
        self._blobs.write(f"{self.name}/{name}", data)
        self._own[name] = len(data)
        self._seen.add(name)
        self._keep(name, len(data), dict(results))
        return name

    def compact(self) -> None:
        """Merges the small packs that this process wrote into one."""
        small = {name for name, size in self._own.items() if size < SMALL}
        if len(small) < FEW:
            return
        merged = {digest: self.read(digest) for digest, name in self._where.items() if name in small}
        # A pack is named by its content, so what is merged may bear the name of one of its parts.
        for name in small - {self.write(merged)}:
            self._blobs.remove(f"{self.name}/{name}")
            self._kept.pop(name, None)
            del self._own[name]

    def _look(self) -> None:
        """Opens the packs not seen yet; again where another process merged some of them away meanwhile."""
        for _ in range(LOOKS):
            new = [name for name in self._blobs.names(self.name) if name.endswith(".pack") and name not in self._seen]
            opened = [self._open(name) for name in new]
            if all(opened):
                return

    def _open(self, name: str) -> bool:
        """Whether the pack is there and whole; a damaged one is moved out of the way."""
        try:
            data = self._blobs.read(f"{self.name}/{name}")
        except FileNotFoundError:
            return False
        self._seen.add(name)
        if name_of(data) != name:
            log.warning("pack %s is damaged; set aside, its rows are measured again", self._blobs.path(name))
            self._blobs.move(f"{self.name}/{name}", f"damaged/{self.name}-{name}")
            self.set_aside += 1
            return False
        self._keep(name, len(data), unpack(data, self._result))
        return True

    def _keep(self, name: str, size: int, rows: dict[str, R]) -> None:
        self._where.update(dict.fromkeys(rows, name))
        self._kept[name] = (size, rows)
        while len(self._kept) > 1 and sum(held for held, _ in self._kept.values()) > KEPT:
            self._kept.popitem(last=False)

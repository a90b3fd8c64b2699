"""Measured results by row, kept in packs that are only storage: any process may add to a space at any time."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Generic, TypeVar

from audits.store.blobs import Blobs
from audits.store.packs import name_of, pack, unpack

log = logging.getLogger(__name__)

R = TypeVar("R")

SMALL = 1 << 20
"""Packs below this size are worth merging."""

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
        self._described = False
        self._identity = identity
        for pack_name in blobs.names(self.name):
            if pack_name.endswith(".pack"):
                self._open(pack_name)

    def __contains__(self, digest: object) -> bool:
        return digest in self._where

    def read(self, digest: str) -> R:
        """A row's result; KeyError where it is not measured."""
        name = self._where[digest]
        if name not in self._kept:
            self._open(name)
        size_and_rows = self._kept[name]
        self._kept.move_to_end(name)
        return size_and_rows[1][digest]

    def write(self, results: Mapping[str, R]) -> None:
        """Adds a pack. When it returns, the results are on the disk."""
        if not results:
            return
        if not self._described:
            self._blobs.write(f"{self.name}/space.txt", self._identity.encode())
            self._described = True
        data = pack(results)
        name = name_of(data)
        self._blobs.write(f"{self.name}/{name}", data)
        self._own[name] = len(data)
        self._keep(name, len(data), dict(results))

    def compact(self) -> None:
        """Merges the small packs that this process wrote into one."""
        small = [name for name, size in self._own.items() if size < SMALL]
        if len(small) < 8:
            return
        merged = {digest: self.read(digest) for digest, name in self._where.items() if name in set(small)}
        self.write(merged)
        for name in small:
            self._blobs.remove(f"{self.name}/{name}")
            self._kept.pop(name, None)
            del self._own[name]

    def _open(self, name: str) -> None:
        data = self._blobs.read(f"{self.name}/{name}")
        if name_of(data) != name:
            log.warning("pack %s is damaged; set aside, its rows are measured again", self._blobs.path(name))
            self._blobs.move(f"{self.name}/{name}", f"damaged/{self.name}-{name}")
            self.set_aside += 1
            return
        self._keep(name, len(data), unpack(data, self._result))

    def _keep(self, name: str, size: int, rows: dict[str, R]) -> None:
        self._where.update(dict.fromkeys(rows, name))
        self._kept[name] = (size, rows)
        while len(self._kept) > 1 and sum(held for held, _ in self._kept.values()) > KEPT:
            self._kept.popitem(last=False)

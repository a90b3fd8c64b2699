"""Rows as the bench measures them: a key, the inputs, and a digest of the inputs alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    import polars as pl

BATCH = 8192
"""Rows turned into Python objects at a time while iterating."""


@dataclass(frozen=True, slots=True)
class Row:
    """One example: what the model reads, under the name that the data gives it."""

    key: str
    digest: str
    inputs: tuple[str, ...]


def input_digest(inputs: tuple[str, ...]) -> str:
    """BLAKE2b-128 over the inputs, each preceded by its length in bytes; knows neither key, position nor label."""
    content = blake2b(digest_size=16)
    for text in inputs:
        encoded = text.encode()
        content.update(len(encoded).to_bytes(8, "little"))
        content.update(encoded)
    return content.hexdigest()


class Rows(Sequence[Row]):
    """Rows over a data frame whose first column is the key and whose others are the inputs; made when looked at."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __len__(self) -> int:
        return self._frame.height

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Row | Rows:
        if isinstance(at, slice):
            return Rows(self._frame[at])
        return _row(self._frame.row(at))

    def __iter__(self) -> Iterator[Row]:
        for batch in self._frame.iter_slices(BATCH):
            yield from map(_row, batch.iter_rows())

    @property
    def keys(self) -> list[str]:
        """The keys, in the rows' order."""
        return self._frame.to_series(0).to_list()


def _row(cells: tuple[str, ...]) -> Row:
    key, *inputs = cells
    return Row(key, input_digest(tuple(inputs)), tuple(inputs))

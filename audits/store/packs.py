"""A pack: the results of many rows in one safetensors blob."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import numpy as np
from safetensors.numpy import load, save

_ROWS = "rows"
_SHAPES = ".shapes"


def pack(results: Mapping[str, Any]) -> bytes:
    """Results (frozen dataclasses of arrays, all of one type) by row digest (32 hex digits).

    A field whose shape is the same in every row is stacked; any other is laid end to end with its shapes beside.
    """
    digests = sorted(results)
    arrays = {_ROWS: np.frombuffer(bytes.fromhex("".join(digests)), dtype=np.uint8).reshape(-1, 16)}
    for field in dataclasses.fields(results[digests[0]]):
        values = [np.asarray(getattr(results[digest], field.name)) for digest in digests]
        if len({value.shape for value in values}) == 1:
            arrays[field.name] = np.stack(values)
        else:
            arrays[field.name] = np.concatenate([value.ravel() for value in values])
            arrays[field.name + _SHAPES] = np.array([value.shape for value in values], dtype=np.int64)
    return save({name: np.ascontiguousarray(array) for name, array in arrays.items()})


def unpack(data: bytes, result: type) -> dict[str, Any]:
    """The results of a pack by row digest, as the given dataclass."""
    arrays = load(data)
    digests = [row.tobytes().hex() for row in arrays[_ROWS]]
    columns = [_split(arrays, field.name) for field in dataclasses.fields(result)]
    return {digest: result(*(column[i] for column in columns)) for i, digest in enumerate(digests)}


def _split(arrays: Mapping[str, np.ndarray], name: str) -> Any:
    values = arrays[name]
    shapes = arrays.get(name + _SHAPES)
    if shapes is None:
        # "..." keeps a single number an array, as it was measured.
        return [values[i, ...] for i in range(len(values))]
    ends = np.cumsum(shapes.prod(axis=1))
    return [part.reshape(shape) for part, shape in zip(np.split(values, ends[:-1]), shapes, strict=True)]


def name_of(data: bytes) -> str:
    """A pack is named by its content, so damage is seen when it is read."""
    return blake2b(data, digest_size=16).hexdigest() + ".pack"

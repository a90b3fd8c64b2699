"""What goes wrong while a source is read, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
import pyarrow as pa

from probes.errors import BadData

MALFORMED = (pl.exceptions.PolarsError, pa.ArrowException, OSError, UnicodeDecodeError)
"""What polars and Arrow raise for files that are not what their names say."""


@contextmanager
def readable(source: str) -> Iterator[None]:
    """Whatever the readers complain about inside the block becomes BadData."""
    try:
        yield
    except MALFORMED as error:
        if "utf-8" in str(error).lower():
            raise BadData("the source {source} is not UTF-8; save it as UTF-8, or as Parquet", source=source) from error
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise BadData(
            "the source {source} cannot be read as what its name says: {reason}", source=source, reason=reason[:200]
        ) from error

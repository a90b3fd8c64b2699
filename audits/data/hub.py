"""Data sets by name, through the datasets library: `datasets:NAME?config=...&split=...`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import polars as pl

from audits.data import arrow
from probes.errors import BadData, BadPlan

if TYPE_CHECKING:
    from datasets import Dataset

OPTIONS = {"config": "name", "split": "split", "revision": "revision"}
"""What may stand behind the question mark, and what the library calls it."""


def open_dataset(address: str, base: Path | None) -> pl.LazyFrame | Mapping[str, pl.LazyFrame]:
    """A hub name, or a local folder of data files; its splits by name unless the address asks for one of them."""
    name, _, query = address.partition("?")
    options: dict[str, str] = {}
    for option, value in parse_qsl(query, keep_blank_values=True):
        if option not in OPTIONS:
            raise BadPlan(
                "no option {option} for datasets:{name} (data.source in the plan); only config, split and revision can "
                "stand there",
                name=name,
                option=option,
            )
        options[OPTIONS[option]] = value
    local = (base or Path()) / name

    from datasets import DatasetDict, load_dataset
    from datasets.exceptions import DatasetsError

    try:
        loaded = load_dataset(str(local) if local.is_dir() else name, **options)
    except (DatasetsError, OSError, ValueError, RuntimeError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise BadData(
            "the data set {name} cannot be opened: {reason}; check its name and the network, or name a folder on disk",
            name=name,
            reason=reason[:200].rstrip("."),
        ) from error
    if isinstance(loaded, DatasetDict):
        return {str(split): _frame(part) for split, part in loaded.items()}
    return _frame(loaded)


def _frame(part: Dataset) -> pl.LazyFrame:
    names = {column: feature.names for column, feature in part.features.items() if hasattr(feature, "names")}
    return arrow.lazy(part.data.table, names)

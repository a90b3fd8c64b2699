"""Arrow files, and the folders that `datasets.Dataset.save_to_disk` writes, mapped into memory and not copied."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa

from probes.errors import BadData

FILE_MAGIC = b"ARROW1"
"""An Arrow file begins with it; an Arrow stream, as the datasets library writes, does not."""

OLD_FEATHER = b"FEA1"


def open_file(path: Path) -> pl.LazyFrame:
    """An Arrow file, Feather file or Arrow stream."""
    return _frame([path])


def open_folder(path: Path) -> pl.LazyFrame | Mapping[str, pl.LazyFrame] | None:
    """A dataset saved to disk, its splits by name where they lie apart, or None where the folder is neither."""
    try:
        if (path / "dataset_dict.json").is_file():
            names = json.loads((path / "dataset_dict.json").read_text("utf-8"))["splits"]
            return {name: _saved(path / name) for name in names}
        if (path / "state.json").is_file():
            return _saved(path)
    except (ValueError, KeyError, TypeError) as error:
        raise BadData("the dataset in {folder} is not whole; save it to disk again", folder=str(path)) from error
    return None


def class_names(table: pa.Table) -> dict[str, list[str]]:
    """Columns of numbered classes and the classes' names, as the datasets library notes them in the schema."""
    noted = (table.schema.metadata or {}).get(b"huggingface")
    features = json.loads(noted).get("info", {}).get("features", {}) if noted else {}
    return {
        column: feature["names"]
        for column, feature in features.items()
        if isinstance(feature, dict) and feature.get("_type") == "ClassLabel" and column in table.column_names
    }


def lazy(table: pa.Table, names: Mapping[str, list[str]]) -> pl.LazyFrame:
    """A table as a lazy frame; numbers of classes become their names, and -1, no label there, becomes null."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame.lazy().with_columns(
        pl.col(column).replace_strict(range(len(known)), known, default=None, return_dtype=pl.String)
        for column, known in names.items()
    )


def _saved(folder: Path) -> pl.LazyFrame:
    state = json.loads((folder / "state.json").read_text("utf-8"))
    return _frame([folder / part["filename"] for part in state["_data_files"]])


def _frame(paths: list[Path]) -> pl.LazyFrame:
    table = pa.concat_tables([_mapped(path) for path in paths])
    return lazy(table, class_names(table))


def _mapped(path: Path) -> pa.Table:
    with path.open("rb") as file:
        begins = file.read(len(FILE_MAGIC))
    if begins.startswith(OLD_FEATHER):
        raise BadData("the file {file} is Feather of the first version; save it as Parquet", file=str(path))
    source = pa.memory_map(str(path))
    return pa.ipc.open_file(source).read_all() if begins == FILE_MAGIC else pa.ipc.open_stream(source).read_all()

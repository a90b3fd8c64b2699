"""Rows that lie in files of every kind, for the tests of sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from audits.plan import AuditChoice, DataPlan, Plan

ROWS = pl.DataFrame(
    {
        "text": ["plain", 'a, "b"\nc', "1.50", "émoji 🙂", "plain"],
        "label": [1.0, 0.0, None, 1.0, 1.0],
        "group": ["x", None, "y", "", "x"],
        "veteran": [True, False, True, True, True],
        "weight": [1, 2, 3, 4, 1],
        "split": ["test", "test", "test", "fit", "test"],
    }
)


def plan(source: Path | str, **fields: object) -> Plan:
    """A plan that maps the columns above, changed by the fields; None takes one out."""
    mapped = {
        "source": str(source),
        "input": "text",
        "label": "label",
        "protected": ["group", "veteran"],
        "weight": "weight",
        **fields,
    }
    data = DataPlan.model_validate({key: value for key, value in mapped.items() if value is not None})
    return Plan(name="p", subject="scripted:", data=data, audits=(AuditChoice(name="data.profile"),))


def written(folder: Path, kind: str) -> Path:
    """The rows above as a file or folder of a kind."""
    path = folder / f"rows.{kind}"
    match kind:
        case "csv":
            ROWS.write_csv(path)
        case "tsv":
            ROWS.write_csv(path, separator="\t")
        case "parquet":
            ROWS.write_parquet(path)
        case "jsonl" | "ndjson":
            ROWS.write_ndjson(path)
        case "feather":
            ROWS.write_ipc(path)
        case "arrow":
            ROWS.write_ipc_stream(path)
        case "parts":
            path.mkdir()
            ROWS[3:].write_parquet(path / "b.parquet")
            ROWS[:3].write_parquet(path / "a.parquet")
        case "saved":
            dataset_of(ROWS).save_to_disk(path)
        case _:
            raise AssertionError(kind)
    return path


def dataset_of(rows: pl.DataFrame) -> Any:
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    return datasets.Dataset.from_dict(rows.to_dict(as_series=False))

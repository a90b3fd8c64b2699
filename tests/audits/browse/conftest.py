"""A finished run over labelled comments, and one whose decisions stand in the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import audits
from audits.browse.rows import BrowsedRows, rows_of
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs
from probes.subjects.hf_classifier import HFClassifier
from tests.audits.engine.worlds import comments, write_plan
from tests.probes.asking import opened


@dataclass(frozen=True)
class Finished:
    """A run, the folder of its plan and the data that it read."""

    run: Run
    folder: Path
    data: pl.DataFrame

    @property
    def base(self) -> Path | None:
        return Runs(database_url()).base(self.run.id)

    def rows(self) -> BrowsedRows:
        return rows_of(self.run, self.base)


Finish = Callable[..., Finished]


@pytest.fixture
def finish(tmp_path: Path) -> Finish:
    """Runs the audits that decide about every row."""

    def finished(rows: pl.DataFrame | None = None, folder: str = "plan", **changes: Any) -> Finished:
        rows = comments(150) if rows is None else rows
        asked = changes.pop("audits", ["bias.group-rates"])
        return Finished(audits.run(write_plan(tmp_path / folder, rows, asked, **changes)), tmp_path / folder, rows)

    return finished


@pytest.fixture
def finished(finish: Finish) -> Finished:
    return finish()


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded BERT classifier as a checkpoint folder."""
    from tests.probes.tiny_models import bert

    return bert(tmp_path_factory.mktemp("tiny") / "bert", labels=("neutral", "flagged"))


@pytest.fixture(scope="session")
def tiny(tiny_bert: Path) -> HFClassifier:
    return opened(tiny_bert)

"""What a column adds to one row's score, asked for live, is what the audit measured for that row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import audits
from audits.browse.contributions import background_of, contributions
from audits.browse.models import Models
from audits.browse.rows import BrowsedRows, rows_of
from audits.column_evidence import Waterfalls
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs
from probes.errors import NotApplicable
from tests.audits.browse.conftest import Finished
from tests.probes.subjects.tabular_models import people, stored, trained


@pytest.fixture
def run(tmp_path: Path) -> Run:
    model, _ = trained("boosted")
    stored(model, tmp_path)
    rows, labels = people(120, seed=1)
    pl.from_pandas(rows).with_columns(label=pl.Series(labels), id=pl.int_range(120)).write_parquet(
        tmp_path / "rows.parquet"
    )
    plan = {
        "name": "a table",
        "subject": f"sklearn:{tmp_path / 'model.skops'}",
        "data": {"source": "rows.parquet", "label": "label", "id": "id", "protected": ["town"], "positive": "high"},
        "audits": [{"explain.attribution": {"texts": 30, "background": 40}}],
    }
    return audits.run(plan, base=tmp_path)


def opened(run: Run) -> tuple[BrowsedRows, Path | None]:
    base = Runs(database_url()).base(run.id)
    return rows_of(run, base), base


def test_a_row_asked_live_has_the_contributions_that_the_audit_found(run: Run) -> None:
    rows, base = opened(run)
    (drawn,) = [one for one in run.findings[0].evidence if isinstance(one, Waterfalls)]
    background = background_of(run, base)
    assert len(background.rows) == 40
    assert drawn.rows
    with Models().lend_for(run, base) as reader:
        for found in drawn.rows:
            key = found.example.key
            cells = rows.inputs([key])[0].inputs
            answer, scores = contributions(reader, run, background, cells, found.target, rows.origin(key))
            assert scores.columns == found.columns
            assert scores.scores == pytest.approx(found.scores, abs=1e-12)
            assert (scores.base, scores.output) == pytest.approx((found.base, found.output))
            assert scores.adds_up
            assert answer.predicted == found.example.predicted


def test_contributions_to_the_two_classes_are_opposite_and_an_ignored_column_has_none(run: Run) -> None:
    rows, base = opened(run)
    key = rows.keys("random", most=1)[0]
    cells = rows.inputs([key])[0].inputs
    background = background_of(run, base)
    with Models().lend_for(run, base) as reader:
        _, low = contributions(reader, run, background, cells, "low", rows.origin(key))
        _, high = contributions(reader, run, background, cells, "high", rows.origin(key))
        assert low.scores == pytest.approx([-score for score in high.scores], abs=1e-9)
        edited = tuple("51" if name == "age" else cell for name, cell in zip(high.columns, cells, strict=True))
        _, other = contributions(reader, run, background, edited, "high", replace(rows.origin(key), key=""))
        assert other.output - other.base == pytest.approx(sum(other.scores), abs=1e-6)
        assert other.example.words == edited


def test_a_model_of_texts_has_no_columns(finished: Finished) -> None:
    rows = finished.rows()
    key = rows.keys("random", most=1)[0]
    with Models().lend_for(finished.run, finished.base) as reader, pytest.raises(NotApplicable, match="no columns"):
        contributions(
            reader, finished.run, background_of(finished.run, finished.base), ("a",), "flagged", rows.origin(key)
        )

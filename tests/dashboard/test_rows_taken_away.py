"""Rows taken away as a file, counted in a sentence, and placed on a map."""

from __future__ import annotations

import csv as csv_reader
import io
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

import audits
from audits.browse.filters import Filter, Sort
from audits.browse.placing import placed
from audits.browse.rows import BrowsedRows, rows_of
from audits.browse.standing import standing
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs
from dashboard.rows.file import STARTERS, csv
from tests.audits.engine.worlds import comments, write_plan


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return audits.run(write_plan(tmp_path, comments(130), ["bias.group-rates"]))


def rows(run: Run) -> BrowsedRows:
    return rows_of(run, Runs(database_url()).base(run.id))


def test_no_cell_of_the_file_is_a_formula_and_nothing_else_is_changed(tmp_path: Path) -> None:
    data = comments(60).with_columns(
        pl.Series("note", [f"{STARTERS[i % len(STARTERS)]}1+1" if i % 2 else 'fine, "quoted"' for i in range(60)]),
        pl.Series("=HYPERLINK(1)", np.linspace(-1, 1, 60)),
    )
    run = audits.run(write_plan(tmp_path, data, ["bias.group-rates"]))
    head, *lines = csv_reader.reader(io.StringIO(csv(rows(run), (), None).decode(), newline=""))
    assert len(lines) == 60
    assert len(set(head)) == len(head)
    notes = [line[head.index("note")] for line in lines]
    assert [note.removeprefix("'") for note in notes] == rows(run).frame.collect()["note"].to_list()
    for line in (head, *lines):
        for cell in line:
            assert not cell.startswith(STARTERS) or float(cell) < 0
    assert float(lines[0][head.index("'=HYPERLINK(1)")]) == -1


def test_the_file_holds_the_chosen_rows_in_their_order(run: Run) -> None:
    filters, sort = [Filter.read("@group.group:women")], Sort.read("-@probability")
    lines = list(csv_reader.DictReader(io.StringIO(csv(rows(run), filters, sort).decode())))
    truth = rows(run).page(filters, sort, 0, 1000)
    assert [line["text"] for line in lines] == truth["text"].to_list()
    assert [float(line["Probability"]) for line in lines] == pytest.approx(truth["@probability"].to_list())


def test_the_sentence_counts_and_its_interval_is_wilsons(run: Run) -> None:
    part = [Filter.read("@group.group:women")]
    stand = standing(rows(run), part)
    frame = rows(run).frame.collect().filter(pl.col("@group.group") == "women")
    right = int(frame["@correct"].sum())
    assert (stand.chosen, stand.whole, stand.known, stand.right) == (frame.height, 130, frame.height, right)
    bounds = binomtest(right, frame.height).proportion_ci(method="wilson")
    told = str(stand.sentence("comments"))
    assert told.startswith(
        f"{frame.height} of 130 comments; the answer is right for {100 * right / frame.height:.0f} %"
    )
    assert f"(95 % interval {100 * bounds.low:.0f} to {100 * bounds.high:.0f})" in told


@pytest.mark.parametrize("filters", [["@correct:false"], ["@selected:true", "@actual:false"]])
def test_of_rows_chosen_by_their_outcome_no_share_of_right_ones_is_told(run: Run, filters: list[str]) -> None:
    assert "right" not in str(standing(rows(run), [Filter.read(text) for text in filters]).sentence("comments"))


def test_a_map_places_every_sampled_row_once_and_keeps_the_variances_share(tmp_path: Path) -> None:
    from audits.browse.models import Models
    from tests.probes.tiny_models import bert

    folder = bert(tmp_path / "bert", labels=("neutral", "flagged"))
    run = audits.run(write_plan(tmp_path / "plan", comments(40), ["bias.group-rates"], subject=f"hf:{folder}"))
    told: list[tuple[int, int]] = []
    found = placed(rows(run), Models(), None, lambda step: told.append((step.done, step.total)))
    assert sorted(found.keys) == sorted(rows(run).keys())
    assert found.map.xy.shape == (40, 2)
    assert 0 < sum(found.map.explained) <= 1
    assert told[-1] == (40, 40)
    assert "40" in str(found.title("comments", "group"))

"""The same rows are the same wherever they lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from audits.data import open_population
from audits.data.columns import KEY, LABEL, WEIGHT, group_column
from audits.data.population import Population
from probes.errors import BadData, BadPlan
from tests.audits.data.written_rows import ROWS, dataset_of, plan, written


def seen(population: Population) -> list[tuple[object, ...]]:
    columns = [KEY, LABEL, WEIGHT, *map(group_column, population.attributes)]
    cells = population.frame.select(columns).collect().rows()
    return [(row, *of) for row, of in zip(population.rows(), cells, strict=True)]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "ndjson", "feather", "arrow", "parts", "saved"])
def test_the_same_rows_are_the_same_wherever_they_lie(tmp_path: Path, kind: str) -> None:
    parquet = open_population(plan(written(tmp_path, "parquet"), split="test"))
    other = open_population(plan(written(tmp_path, kind), split="test"))
    assert other.digest == parquet.digest
    assert seen(other) == seen(parquet)
    assert other.size == 4


def test_codes_and_texts_in_csv_stay_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,text,zip,label,age\n007,1.0,02139,1,30\n8,true,12345,0,31\n")
    population = open_population(plan("a.csv", id="id", protected=["zip", "age"], weight=None), base=tmp_path)
    frame = population.frame.collect()
    assert frame[KEY].to_list() == ["007", "8"]
    assert [row.inputs[0] for row in population.rows()] == ["1.0", "true"]
    assert frame[group_column("zip")].to_list() == ["02139", "12345"]
    assert frame["age"].to_list() == [30, 31]


def test_a_value_that_changes_its_kind_far_down_is_read(tmp_path: Path) -> None:
    ages = ["30"] * 5000 + ["unknown"]
    (tmp_path / "a.csv").write_text("text,age\n" + "".join(f"t{at},{age}\n" for at, age in enumerate(ages)))
    population = open_population(plan(tmp_path / "a.csv", label=None, weight=None, protected="age"))
    assert population.frame.collect()[group_column("age")][-1] == "unknown"


def test_file_names_are_not_patterns(tmp_path: Path) -> None:
    for name in ("a[1].csv", "a1.csv"):
        (tmp_path / name).write_text(f"text\n{name}\n")
    population = open_population(plan("a[1].csv", label=None, weight=None, protected=None), base=tmp_path)
    assert [row.inputs for row in population.rows()] == [("a[1].csv",)]


def test_splits_in_folders_of_their_own_are_chosen_by_name(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    rows = ROWS.drop("split")
    datasets.DatasetDict(fit=dataset_of(rows[:1]), test=dataset_of(rows[1:])).save_to_disk(tmp_path / "both")
    test = open_population(plan("both", split="test"), base=tmp_path)
    assert (test.size, test.split("fit").size) == (4, 1)
    assert open_population(plan("both"), base=tmp_path).size == 5
    with pytest.raises(BadData) as caught:
        open_population(plan("both", split="tests"), base=tmp_path)
    assert str(caught.value) == "No split tests in both (data.split in the plan); it has fit and test"


def test_classes_that_a_saved_dataset_numbers_come_by_name(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    features = datasets.Features(text=datasets.Value("string"), label=datasets.ClassLabel(names=["neg", "pos"]))
    numbered = datasets.Dataset.from_dict({"text": ["a", "b", "c"], "label": [1, 0, -1]}, features=features)
    numbered.save_to_disk(tmp_path / "saved")
    population = open_population(plan(tmp_path / "saved", protected=None, weight=None))
    assert population.frame.collect()[LABEL].to_list() == ["pos", "neg", None]


def test_datasets_by_name_open_local_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = pytest.importorskip("datasets").config
    monkeypatch.setattr(config, "HF_DATASETS_CACHE", tmp_path / "cache")
    (tmp_path / "local").mkdir()
    ROWS.drop("split").write_csv(tmp_path / "local" / "train.csv")
    ROWS.drop("split")[:2].write_csv(tmp_path / "local" / "test.csv")
    assert open_population(plan("datasets:local", split="test"), base=tmp_path).size == 2
    assert open_population(plan("datasets:local?split=train"), base=tmp_path).size == 5


def test_a_data_set_that_cannot_be_reached_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionError("no way out.\nretried five times")

    monkeypatch.setattr(pytest.importorskip("datasets"), "load_dataset", unreachable)
    with pytest.raises(BadData) as caught:
        open_population(plan("datasets:nobody/nothing"))
    assert str(caught.value) == (
        "The data set nobody/nothing cannot be opened: no way out; check its name and the network, "
        "or name a folder on disk"
    )
    with pytest.raises(BadPlan, match="No option splt"):
        open_population(plan("datasets:imdb?splt=test"))

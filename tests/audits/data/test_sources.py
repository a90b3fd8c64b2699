"""The same rows are the same wherever they lie, and a source that is not what it should be is one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from audits.data import open_population
from audits.data.columns import KEY, LABEL, WEIGHT, group_column
from audits.data.population import Population
from audits.plan import AuditChoice, DataPlan, Plan
from probes.errors import BadData, BadPlan

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
            _dataset(ROWS).save_to_disk(path)
        case _:
            raise AssertionError(kind)
    return path


def _dataset(rows: pl.DataFrame) -> Any:
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    return datasets.Dataset.from_dict(rows.to_dict(as_series=False))


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
    datasets.DatasetDict(fit=_dataset(rows[:1]), test=_dataset(rows[1:])).save_to_disk(tmp_path / "both")
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


@pytest.mark.parametrize("kind", ["csv", "tsv", "parquet", "jsonl", "ndjson", "arrow", "feather"])
@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe not rows {", b"PAR1"])
def test_a_file_that_holds_no_rows_is_one_line(tmp_path: Path, kind: str, content: bytes) -> None:
    (tmp_path / f"bad.{kind}").write_bytes(content)
    with pytest.raises(BadData) as caught:
        open_population(plan(f"bad.{kind}"), base=tmp_path)
    assert f"bad.{kind}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl", "feather", "arrow"])
def test_a_source_without_rows_says_so(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"rows.{kind}"
    match kind:
        case "csv":
            path.write_text("text,label,group,veteran,weight\n")
        case "parquet":
            ROWS[:0].write_parquet(path)
        case "jsonl":
            path.write_text("\n")
        case "feather":
            ROWS[:0].write_ipc(path)
        case "arrow":
            ROWS[:0].write_ipc_stream(path)
    with pytest.raises(BadData):
        open_population(plan(path))


def test_columns_alone_are_no_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,label,group,veteran,weight\n")
    with pytest.raises(BadData, match=r"The source a\.csv has no rows"):
        open_population(plan("a.csv"), base=tmp_path)


def test_text_that_is_not_utf_8_is_named_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("text\nnaïve\n".encode("latin-1"))
    with pytest.raises(BadData, match="not UTF-8"):
        open_population(plan("a.csv", label=None, weight=None, protected=None), base=tmp_path)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("rows.cvs", "No file or folder rows.cvs (data.source in the plan); did you mean rows.csv?"),
        (
            "elsewhere/a.csv",
            "No file or folder elsewhere/a.csv (data.source in the plan); relative paths start at {base}",
        ),
        (
            "notes.txt",
            "The file notes.txt is of no kind that can be read; save it as one of "
            ".csv, .tsv, .parquet, .jsonl, .ndjson, .arrow and .feather",
        ),
        ("folder", "The folder folder holds neither Parquet files nor a dataset saved to disk; name a file in it"),
        ("demo:redditbais", "No built-in data set redditbais (data.source in the plan); did you mean demo:redditbias?"),
    ],
)
def test_what_is_no_source_is_one_line(tmp_path: Path, source: str, sentence: str) -> None:
    written(tmp_path, "csv")
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadData) as caught:
        open_population(plan(source), base=tmp_path, home=tmp_path / "home")
    assert str(caught.value) == sentence.format(base=tmp_path)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"label": "lable"}, "No column lable in {source} (data.label in the plan); did you mean label?"),
        ({"input": "Text"}, "No column Text in {source} (data.input in the plan); did you mean text?"),
        (
            {"protected": ["group", "vetran"]},
            "No column vetran in {source} (data.protected in the plan); did you mean veteran?",
        ),
        (
            {"id": "zz"},
            "No column zz in {source} (data.id in the plan); its columns are "
            "text, label, group, veteran, weight and split",
        ),
        (
            {"split": "test", "split_column": "part"},
            "No column part in {source} to take the split test from; name it "
            "in data.split_column (columns: text, label, group, veteran, weight and split)",
        ),
        ({"split": "dev"}, "No split dev in {source} (data.split in the plan); it has fit and test"),
    ],
)
def test_a_wrong_column_is_one_line_with_the_right_one(
    tmp_path: Path, fields: dict[str, object], sentence: str
) -> None:
    path = written(tmp_path, "csv")
    with pytest.raises(BadData) as caught:
        open_population(plan(path, **fields))
    assert str(caught.value) == sentence.format(source=path)


def test_nested_columns_cannot_be_groups(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "a", "who": {"sex": "f"}}) + "\n")
    with pytest.raises(BadData, match=r"Column who of a\.jsonl holds Struct"):
        open_population(plan("a.jsonl", label=None, weight=None, protected="who"), base=tmp_path)


def test_a_dataset_folder_that_is_not_whole_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "state.json").write_text("{}")
    with pytest.raises(BadData, match="is not whole"):
        open_population(plan("saved"), base=tmp_path)
    (tmp_path / "saved" / "state.json").write_text(json.dumps({"_data_files": [{"filename": "gone.arrow"}]}))
    with pytest.raises(BadData, match="saved cannot be read"):
        open_population(plan("saved"), base=tmp_path)

"""A source that is not what the plan says is one line: what was found, what was wanted, the next move."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audits.data import open_population
from probes.errors import BadData
from tests.audits.data.written_rows import ROWS, plan, written


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

"""What columns probably mean: guessed from names and values, never the answer as a protected attribute."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.data.glance import ENOUGH, FEW, Column, Glance, Kind, glance
from audits.data.suggest import suggest
from probes.errors import BadData

CLASSES = ("neutral", "biased")


def seen(tmp_path: Path, **columns: Sequence[object]) -> Glance:
    path = tmp_path / "rows.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return glance(str(path))


def few(name: str, distinct: int = 3, missing: float = 0.0) -> Column:
    return Column(name, Kind.TEXT, distinct, missing, values=tuple(map(str, range(distinct))))


@pytest.mark.parametrize(
    "name",
    [
        *("sex", "Gender", "race", "applicantEthnicity", "religion", "age_group", "nationality", "disability_status"),
        *(
            "sexual_orientation",
            "marital-status",
            "Group",
            "性别",
            "申请人民族",
            "宗教",
            "年龄段",
            "国籍",
            "是否残疾",
            "性取向",
        ),
    ],
)
def test_attributes_are_known_by_their_names_in_english_and_chinese(name: str) -> None:
    assert [each.column for each in suggest([few(name)]).protected] == [name]


@pytest.mark.parametrize("name", ["message", "average", "page", "essex", "trace", "stage", "colour"])
def test_a_word_inside_another_word_is_not_that_word(name: str) -> None:
    assert suggest([few(name)]).protected == ()


@pytest.mark.parametrize(("distinct", "missing"), [(1, 0.0), (FEW + 1, 0.0), (3, 0.6)])
def test_an_attribute_has_a_few_groups_and_is_mostly_known(distinct: int, missing: float) -> None:
    assert suggest([few("sex", distinct, missing)]).protected == ()


@given(
    st.lists(
        st.builds(
            few,
            st.sampled_from(["label", "sex", "group", "race", "split", "id", "target", "gender"]),
            st.integers(1, 30),
        ),
        unique_by=lambda column: column.name,
        max_size=8,
    )
)
def test_no_column_means_two_things(columns: list[Column]) -> None:
    found = suggest(columns, CLASSES)
    single = [each.column for each in (found.label, found.id, found.weight, found.split) if each is not None]
    named = [*single, *(each.column for each in found.input), *(each.column for each in found.protected)]
    assert len(named) == len(set(named))


def test_the_answer_is_the_column_whose_values_are_the_models_classes(tmp_path: Path) -> None:
    table = seen(tmp_path, gender=["f", "m"] * 4, said=["neutral", "biased"] * 4, note=["a", "b"] * 4)
    assert (answer := suggest(table.columns, CLASSES).label) is not None
    assert answer.column == "said"
    assert suggest(table.columns, ()).label is None


def test_numbers_are_the_answer_only_where_the_name_says_so(tmp_path: Path) -> None:
    table = seen(tmp_path, member=[0, 1] * 4, label=[1, 0] * 4)
    assert (answer := suggest(table.columns, CLASSES).label) is not None
    assert answer.column == "label"
    assert suggest([column for column in table.columns if column.name == "member"], CLASSES).label is None


def test_predictions_are_never_the_answer(tmp_path: Path) -> None:
    table = seen(tmp_path, label=["yes", "no"] * 4, outcome=["no", "yes"] * 4)
    assert (answer := suggest(table.columns, taken=["label"]).label) is not None
    assert answer.column == "outcome"


def test_the_text_is_the_longest_and_known_pairs_are_pairs(tmp_path: Path) -> None:
    long, short = ["a comment of many words, number " + str(i) for i in range(8)], [f"w{i}" for i in range(8)]
    assert [each.column for each in suggest(seen(tmp_path, author=short, said=long).columns).input] == ["said"]
    pair = seen(tmp_path, premise=long, hypothesis=long, other=long)
    assert [each.column for each in suggest(pair.columns).input] == ["premise", "hypothesis"]


def test_split_id_and_weight(tmp_path: Path) -> None:
    table = seen(
        tmp_path,
        id=[f"r{i}" for i in range(9)],
        split=["train", "validation", "test"] * 3,
        sample_weight=[1.5] * 9,
        text=["many words stand in here, surely"] * 9,
    )
    found = suggest(table.columns)
    assert found.id is not None
    assert found.split is not None
    assert found.weight is not None
    assert (found.id.column, found.split.column, found.part, found.weight.column) == (
        *("id", "split", "test"),
        "sample_weight",
    )


def test_every_guess_says_why(tmp_path: Path) -> None:
    (guess,) = suggest(seen(tmp_path, sex=["f", "m"] * 4).columns).protected
    assert str(guess.reason) == "2 values, and the name looks like a group"


def test_a_glance_sees_values_as_an_audit_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    path.write_text("code,n,flag,blank\n007,1.0,true,\n012,2.0,false,x\n007,3.5,true,\n", "utf-8")
    table = glance("codes.csv", base=tmp_path)
    assert table.rows == 3
    code, number, flag, blank = table.columns
    assert code.values == ("007", "012")
    assert (number.kind, number.values) == (Kind.NUMBER, ("1", "2", "3.5"))
    assert (flag.kind, flag.values) == (Kind.FLAG, ("true", "false"))
    assert blank.missing == pytest.approx(2 / 3)


def test_a_large_source_is_looked_at_from_end_to_end(tmp_path: Path) -> None:
    rows = ENOUGH * 2
    pl.DataFrame({"group": ["a"] * ENOUGH + ["b"] * ENOUGH}).write_parquet(tmp_path / "sorted.parquet")
    table = glance("sorted.parquet", base=tmp_path)
    assert table.rows == rows
    assert set(table.columns[0].values) == {"a", "b"}


def test_lists_and_bytes_are_looked_at_too(tmp_path: Path) -> None:
    table = seen(tmp_path, labels=[["a", "b"], ["a"], []], raw=[b"x", b"y", None])
    labels, raw = table.columns
    assert (labels.kind, labels.values) == (Kind.LIST, ("a", "b"))
    assert raw.kind is Kind.OTHER


@pytest.mark.parametrize(("name", "content"), [("a.csv", "x,y\n"), ("a.parquet", "no parquet"), ("a.xlsx", "PK")])
def test_what_cannot_be_read_is_one_line(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(BadData) as problem:
        glance(name, base=tmp_path)
    assert "\n" not in str(problem.value)

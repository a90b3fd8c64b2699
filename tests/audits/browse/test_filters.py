"""Filters and orders in an address: they survive the way there and back, and nobody comes to harm by them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.browse.columns import BrowsedColumn, described
from audits.browse.filters import Filter, Sort
from probes.errors import BadData
from tests.probes.asking import one_line

FRAME = pl.DataFrame(
    {
        "text": ["Rude (.*) word", "kind word", "100 % rude", None],
        "group": ["muslims", "muslims", "a..b", "x:y~z!"],
        "@probability": [0.1, 0.4, 0.6, None],
        "age": [17, 18, 65, 18],
        "@correct": [True, False, None, True],
        "labels": [["rude", "sly"], ["kind"], [], None],
    }
)
COLUMNS = described(FRAME.lazy(), ["text"])

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False)

filters = st.one_of(
    st.builds(Filter, column=names, kind=st.just("is"), value=texts),
    st.builds(Filter, column=names, kind=st.just("contains"), value=texts.filter(bool)),
    st.builds(Filter, column=names, kind=st.just("missing")),
    st.builds(Filter.between, names, numbers, numbers | st.none()),
    st.builds(Filter.between, names, st.none(), numbers),
)


def kept(*written: str) -> list[int]:
    """Places of the rows that fulfil the filters."""
    frame = FRAME.with_row_index("at").lazy()
    for text in written:
        frame = frame.filter(Filter.read(text).expression(COLUMNS))
    return frame.collect()["at"].to_list()


@given(filters)
def test_a_filter_is_the_same_when_it_is_read_again(one: Filter) -> None:
    assert Filter.read(one.text) == one


@given(names, st.booleans())
def test_an_order_is_the_same_when_it_is_read_again(column: str, falling: bool) -> None:
    order = Sort(column=column, falling=falling)
    assert Sort.read(order.text) == order


def test_filters_read_as_one_would_write_them() -> None:
    assert Filter(column="group", kind="is", value="muslims").text == "group:muslims"
    assert Filter.between("@probability", 0.4, 0.6).text == "@probability:0.4..0.6"
    assert Filter(column="text", kind="contains", value="word").text == "text~word"
    assert Filter(column="label", kind="missing").text == "label!"
    assert Sort(column="@margin", falling=True).text == "-@margin"


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        (["group:muslims"], [0, 1]),
        (["group:a%2E%2Eb"], [2]),
        ([Filter(column="group", kind="is", value="x:y~z!").text], [3]),
        (["@probability:0.4..0.6"], [1, 2]),
        (["@probability:..0.4"], [0, 1]),
        (["@probability:0.4.."], [1, 2]),
        (["@probability!"], [3]),
        (["age:18"], [1, 3]),
        (["@correct:false"], [1]),
        (["text~RUDE"], [0, 2]),
        (["text~(.*)"], [0]),
        (["text~100 %25"], [2]),
        (["labels:rude"], [0]),
        (["labels~I"], [1]),
        (["group:muslims", "text~kind"], [1]),
        ([], [0, 1, 2, 3]),
    ],
)
def test_rows_are_those_that_fulfil_every_filter(written: list[str], rows: list[int]) -> None:
    assert kept(*written) == rows


@pytest.mark.parametrize(
    "text", ["", "nothing", ":value", "~word", "text~", "@probability:..", "a:nan..1", "a:1..inf", "a:1..2..3"]
)
def test_what_is_no_filter_is_told_in_one_line(text: str) -> None:
    with pytest.raises(BadData) as caught:
        Filter.read(text)
    one_line(caught.value, "is no filter")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("grupo:muslims", "group"),
        ("@probability:high", "@probability"),
        ("text:1..2", "text"),
        ("age~1", "age"),
        ("@correct:maybe", "@correct"),
        ("@row:1", "no column @row"),
    ],
)
def test_what_cannot_be_asked_of_the_rows_is_told_in_one_line(text: str, named: str) -> None:
    with pytest.raises(BadData) as caught:
        kept(text)
    one_line(caught.value, named)


@given(st.text(max_size=40))
def test_whatever_stands_in_an_address_is_a_filter_or_one_line(text: str) -> None:
    try:
        told = str(kept(text))
    except BadData as problem:
        told = str(problem)
    assert len(told.splitlines()) == 1


def test_an_order_by_a_column_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(BadData, match="did you mean age"):
        Sort.read("-agee").check(COLUMNS)


def test_columns_know_what_they_hold() -> None:
    found: dict[str, BrowsedColumn] = {column.name: column for column in COLUMNS}
    assert {name: column.kind.value for name, column in found.items()} == {
        "text": "text",
        "group": "category",
        "@probability": "number",
        "age": "number",
        "@correct": "bool",
        "labels": "text",
    }
    assert found["group"].values == ("muslims", "a..b", "x:y~z!")
    assert (found["age"].low, found["age"].high) == (17.0, 65.0)
    assert found["text"].missing == 1
    assert found["labels"].several

"""Truths about the audited rows: what they are called, and what does not change when the data moves about."""

from __future__ import annotations

import math
import time
from hashlib import blake2b
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.data.columns import KEY, LABEL, MISSING, WEIGHT, group_column
from audits.data.opening import population_of
from audits.data.population import Population
from audits.plan import DataPlan, Words
from probes.errors import BadData, NotApplicable
from probes.speech import speaking

TEXTS = DataPlan(source="rows", input=("text",), label="label", protected=("group",))

CELLS = st.tuples(st.text(max_size=6), st.sampled_from(["a", "b", None]), st.sampled_from(["x", "y", "", " ", None]))


def frame(rows: list[tuple[Any, Any, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"text": pl.String, "label": pl.String, "group": pl.String}, orient="row")


def opened(rows: list[tuple[Any, Any, Any]], plan: DataPlan = TEXTS) -> Population:
    return population_of(frame(rows), plan)


def column(population: Population, name: str) -> list[Any]:
    return population.frame.select(name).collect()[name].to_list()


@given(rows=st.lists(CELLS, min_size=1, max_size=12), data=st.data())
@settings(max_examples=40, deadline=None)
def test_the_order_of_rows_changes_neither_digest_nor_names(rows: list[Any], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(rows))
    before, after = opened(rows), opened(shuffled)
    assert before.digest == after.digest
    assert set(column(before, KEY)) == set(column(after, KEY))
    assert {row.digest for row in before.rows()} == {row.digest for row in after.rows()}


@given(rows=st.lists(CELLS, min_size=1, max_size=8), more=st.lists(CELLS, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_inserted_rows_leave_the_others_as_they_were(rows: list[Any], more: list[Any]) -> None:
    before, after = opened(rows), opened([*more, *rows])
    old = {(row.key, row.digest) for row in before.rows()}
    assert old <= {(row.key, row.digest) for row in after.rows()}
    assert before.digest != after.digest


@given(rows=st.lists(CELLS, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_keys_are_unique_also_among_identical_rows(rows: list[Any]) -> None:
    keys = column(opened(rows + rows), KEY)
    assert len(set(keys)) == len(keys)


def _plain_digest(rows: list[tuple[Any, Any, Any]]) -> str:
    """The digest as its docstring has it, row by row."""

    def field(value: str | None) -> str:
        return "-" if value is None else f"{len(value.encode())}:{value}"

    lines = []
    for text, label, group in rows:
        group = group if group is not None and group.strip() else MISSING
        lines.append("".join(map(field, (text or "", label, group))))
    counted = sorted({(line.encode(), lines.count(line)) for line in lines})
    content = blake2b(b"evenlight rows 1\ninput 0\nlabel\ngroup group", digest_size=32)
    for line, times in counted:
        content.update(b"\n%d*%s" % (times, line))
    return content.hexdigest()


@given(rows=st.lists(CELLS, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_the_digest_is_that_of_a_plain_loop_over_the_rows(rows: list[Any]) -> None:
    assert opened(rows).digest == _plain_digest(rows)


@pytest.mark.parametrize("changed", [("hi", "a", "x"), ("ho", "b", "x"), ("ho", "a", "y"), ("ho", None, "x")])
def test_any_mapped_value_changes_the_digest(changed: tuple[Any, Any, Any]) -> None:
    assert opened([("ho", "a", "x")]).digest != opened([changed]).digest


def test_a_row_s_digest_knows_the_inputs_and_nothing_else() -> None:
    one = opened([("ho", "a", "x")]).rows()[0]
    other = opened([("hi", "b", "x"), ("ho", "b", None)]).rows()[1]
    assert one.digest == other.digest
    assert one.key != other.key


def test_the_border_between_two_inputs_counts() -> None:
    plan = DataPlan(source="rows", input=("a", "b"))
    rows = population_of(pl.DataFrame({"a": ["xy", "x"], "b": ["z", "yz"]}), plan).rows()
    assert rows[0].inputs == ("xy", "z")
    assert rows[0].digest != rows[1].digest


def test_those_whose_group_is_not_recorded_are_a_group_of_their_own() -> None:
    population = opened([("1", "a", "x"), ("2", "a", None), ("3", "a", ""), ("4", "a", "  ")])
    assert column(population, group_column("group")) == ["x", MISSING, MISSING, MISSING]
    assert population.group_label("group", MISSING) == "not recorded"
    ages = population_of(pl.DataFrame({"age": [30.0, math.nan, None, 2.5]}), DataPlan(source="r", protected="age"))
    assert column(ages, group_column("age")) == ["30", MISSING, MISSING, "2.5"]


def test_not_recorded_is_said_in_the_reader_s_language() -> None:
    class German:
        def gettext(self, message: str) -> str:
            return {"not recorded": "nicht erfasst"}.get(message, message)

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return msgid1 if n == 1 else msgid2

    with speaking(German()):
        assert opened([("1", "a", None)]).group_label("group", MISSING) == "nicht erfasst"


def test_groups_are_called_what_the_plan_calls_them() -> None:
    population = population_of(frame([("1", "a", "x")]), TEXTS, Words(groups={"x": "Xanthians"}))
    assert [population.group_label("group", value) for value in ("x", "y")] == ["Xanthians", "y"]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([True, False, None], ["true", "false", None]),
        ([1, 0, None], ["1", "0", None]),
        ([1.0, 0.0, math.nan], ["1", "0", None]),
        (["a", "", None], ["a", None, None]),
        ([[1.0, None], [], None], [["1"], [], None]),
    ],
)
def test_labels_are_text_and_missing_ones_null(values: list[Any], texts: list[Any]) -> None:
    population = population_of(pl.DataFrame({"y": values}, strict=False), DataPlan(source="rows", label="y"))
    assert column(population, LABEL) == texts
    assert population.size == len(values)


def test_ids_name_rows_and_keep_their_order_of_asking() -> None:
    plan = TEXTS.model_copy(update={"id": "n"})
    rows = frame([("one", "a", "x"), ("two", "a", "x"), ("three", "b", "y")]).with_columns(n=pl.Series([1.0, 2.0, 3.0]))
    population = population_of(rows, plan)
    assert column(population, KEY) == ["1", "2", "3"]
    chosen = population.rows(["3", "1"])
    assert [row.inputs for row in chosen] == [("three",), ("one",)]
    assert chosen.keys == ["3", "1"]
    assert [row.key for row in chosen[1:]] == ["1"]
    with pytest.raises(KeyError, match="9"):
        population.rows(["9"])


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (["p", "q", "p"], "Column id of rows (data.id in the plan) names several rows p;"),
        (["p", None, "q"], "Rows without a value in column id of rows (data.id in the plan): 1;"),
    ],
)
def test_ids_must_name_rows(ids: list[str | None], words: str) -> None:
    rows = frame([("1", "a", "x")] * 3).with_columns(id=pl.Series(ids))
    with pytest.raises(BadData) as caught:
        population_of(rows, TEXTS.model_copy(update={"id": "id"}))
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("weights", [[1.0, -1.0], [1.0, None], [1.0, math.nan], [1.0, math.inf], ["1", "no"], [0, 0]])
def test_weights_must_be_weights(weights: list[Any]) -> None:
    rows = pl.DataFrame({"w": weights})
    with pytest.raises(BadData, match=r"data\.weight"):
        population_of(rows, DataPlan(source="rows", weight="w"))


def test_weights_are_numbers_and_one_where_nobody_gave_any() -> None:
    rows = pl.DataFrame({"w": ["1", "2.5"]})
    assert column(population_of(rows, DataPlan(source="rows", weight="w")), WEIGHT) == [1.0, 2.5]
    assert column(population_of(rows, DataPlan(source="rows")), WEIGHT) == [1.0, 1.0]


def test_without_an_input_column_there_is_nothing_to_show_a_model() -> None:
    with pytest.raises(NotApplicable, match=r"data\.input"):
        population_of(pl.DataFrame({"y": ["a"]}), DataPlan(source="rows", label="y")).rows()


def test_missing_input_is_empty_text() -> None:
    assert opened([(None, "a", "x")]).rows()[0].inputs == ("",)


def test_splits_are_told_apart_and_named() -> None:
    rows = frame([("1", "a", "x"), ("2", "b", "y"), ("3", "b", "y")]).with_columns(
        part=pl.Series(["fit", "test", "fit"])
    )
    plan = TEXTS.model_copy(update={"split": "test", "split_column": "part"})
    population = population_of(rows, plan).with_classes(("a", "b"))
    assert [row.inputs[0] for row in population.rows()] == ["2"]
    fit = population.split("fit")
    assert (fit.size, fit.card.split, fit.classes) == (2, "fit", ("a", "b"))
    with pytest.raises(BadData) as caught:
        population.split("tune")
    assert str(caught.value) == "No split tune in rows (data.split in the plan); it has fit and test"


def test_many_rows_are_keyed_and_digested_in_seconds() -> None:
    rows = 200_000
    table = pl.DataFrame({"text": [f"row number {at}" for at in range(rows)], "y": [at % 2 for at in range(rows)]})
    began = time.perf_counter()
    population = population_of(table, DataPlan(source="rows", input=("text",), label="y"))
    assert population.frame.select(pl.col(KEY).n_unique()).collect().item() == rows
    assert time.perf_counter() - began < 6

"""What rows are sliced by: bins, categories, lengths and words, each told as a reader would say it."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from audits.browse.columns import described
from audits.browse.filters import Filter
from audits.slice_features import Sliced, sliced
from audits.statistics.slice_search import Lattice
from tests.audits.catalog.populations import population

LABELS = np.where(np.random.default_rng(1).random(100) < 0.5, "neutral", "biased").tolist()


def parts(columns: dict[str, list[Any]], **plan: Any) -> Sliced:
    data = population({"label": LABELS, "group": ["a", "b", None, "c"] * 25, **columns}, **plan)
    return sliced(data.frame.collect(), data, {"label"}, 10)


def words(found: Sliced, name: str) -> list[str]:
    return [c.words for one in found.features if one.name == name for c in one.conditions if c is not None]


def test_groups_come_first_with_those_not_recorded_as_a_slice_of_their_own() -> None:
    found = parts({"town": ["k", "l"] * 50})
    assert found.names[0] == "group"
    assert "group is not recorded" in words(found, "group")


def test_numbers_are_binned_by_values_of_the_data_and_few_are_taken_one_by_one() -> None:
    found = parts({"age": list(range(100)), "size": [1, 2, None, 3] * 25})
    assert words(found, "age")[:5] == [f"age is {20 * at} to {20 * at + 19}" for at in range(5)]
    assert words(found, "size") == ["size is 1", "size is 2", "size is 3", "size is not recorded"]


def test_texts_are_sliced_by_length_and_frequent_words() -> None:
    texts = [f"{'the lovely baker' if at % 5 == 0 else 'the man'} {'x' * at}" for at in range(100)]
    found = parts({"text": texts}, input=("text",))
    said = words(found, "text")
    assert "text contains “lovely”" in said
    assert "text contains “baker”" in said
    assert not any("“the”" in one or "“man”" in one for one in said)
    assert sum("characters" in one for one in said) == 5


def test_every_condition_but_a_length_is_a_filter_that_finds_the_same_rows() -> None:
    draw = np.random.default_rng(0)
    texts = [f"{'lovely ' if at % 5 == 0 else ''}{draw.integers(10**9)}" for at in range(100)]
    columns: dict[str, list[Any]] = {
        "text": texts,
        "age": draw.normal(40, 9, 100).tolist(),
        "size": [1, 2, None, 3] * 25,
        "flag": [True, False, None, True, False] * 20,
        "town": ["k: a..b", "l~%", None, "m"] * 25,
        "label": LABELS,
        "group": ["a", "b", None, "c"] * 25,
    }
    data = population(columns, input=("text",))
    rows = data.frame.collect()
    found = sliced(rows, data, {"label"}, 10)
    rows = rows.sort("@key")
    known = described(rows.lazy(), ("text",))
    checked = 0
    for feature in found.features:
        for level, condition in enumerate(feature.conditions):
            if condition is None or condition.kind == "length":
                continue
            chosen = Filter(column=condition.column, kind=condition.kind, value=condition.value)
            assert Filter.read(chosen.text) == chosen
            kept = rows.with_columns(inside=chosen.expression(known).fill_null(False))["inside"].to_numpy()
            assert (kept == (feature.codes == level)).all(), condition
            checked += 1
    assert checked >= 18


def test_codes_fit_the_search() -> None:
    found = parts({"age": list(range(100)), "town": ["k", "l"] * 50})
    lattice = Lattice(found.coded, 10, 2)
    best = lattice.search(np.arange(20))
    assert [condition.words for condition in found.conditions(best[0].rule)]


def test_columns_of_lists_and_dates_are_no_features() -> None:
    found = parts({"many": [["a"], ["b"]] * 50, "day": pl.Series(range(100)).cast(pl.Date).to_list()})
    assert set(found.names) == {"group"}

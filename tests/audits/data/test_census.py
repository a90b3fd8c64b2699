"""Rows counted beforehand: the digest stays what it was, and whoever only counts sees no difference."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import audits
from audits.data import canonical
from audits.data.columns import TIMES, group_column
from audits.data.mapping import mapped
from audits.data.opening import population_of
from audits.plan import DataPlan
from audits.statistics.counts import tally

LABELS = st.sampled_from([None, "", " ", "yes", "no", "1", "1.0", "NaN"])
NUMBERS = st.sampled_from([None, 0.0, -0.0, 1.0, 1.5, float("nan"), float("inf"), 2.0**60])
ROWS = st.lists(st.tuples(LABELS, NUMBERS, st.booleans()), min_size=1, max_size=40)
PLAN = DataPlan(source="memory", label="label", protected=("age", "owner"))
SCHEMA = {"label": pl.String, "age": pl.Float64, "owner": pl.Boolean}


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_digest_is_that_of_the_rows_encoded_one_by_one(rows: list[tuple[str | None, float | None, bool]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    opened = population_of(frame, PLAN)
    each = mapped(frame.lazy(), PLAN)
    assert opened.digest == canonical.digest(each.frame, each.content, each.header)
    assert (opened.alike is not None, opened.size) == (True, len(rows))


def test_digest_is_what_it_was_before_rows_were_counted_beforehand() -> None:
    frame = pl.DataFrame({"label": ["yes", "no", "yes", None], "age": [30.0, 41.5, 30.0, None], "owner": [True] * 4})
    assert population_of(frame, PLAN).digest == "a7cae88ba35216a7ef4ee904e59727df01eca2905aea9aac6e24132dffcdc585"


@pytest.mark.parametrize("fields", [{"id": "name"}, {"weight": "weight"}, {"input": ("text",)}])
def test_what_tells_rows_apart_is_not_counted_beforehand(fields: dict[str, object]) -> None:
    frame = pl.DataFrame({"name": ["a", "b"], "weight": [0.5, -0.0], "text": ["x", "y"], "label": ["yes", "no"]})
    data = population_of(frame, DataPlan.model_validate({"source": "memory", "label": "label", **fields}))
    assert data.alike is None
    assert data.counted("label") is data


def test_a_table_is_judged_the_same_whether_or_not_its_rows_were_counted_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "home"))
    rows = pl.DataFrame(
        {
            "name": range(600),
            "group": ["a", "b", None] * 200,
            "label": (["1"] * 7 + ["0"] * 5) * 50,
            "guess": [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, None] * 75,
        }
    )
    rows.write_parquet(tmp_path / "rows.parquet")
    data = {"source": "rows.parquet", "label": "label", "positive": "1", "protected": "group"}
    found = [
        audits.run(
            {
                "name": "t",
                "subject": "table:?prediction=guess",
                "data": {**data, **more},
                "audits": ["bias.group-rates"],
            },
            base=tmp_path,
        ).findings
        for more in ({}, {"id": "name"})
    ]
    assert found[0] == found[1]


def test_rows_that_stand_for_several_count_as_often() -> None:
    frame = pl.DataFrame({"label": ["yes", "no", "yes", "yes"], "age": [1.0] * 4, "owner": [True, False, True, True]})
    data = population_of(frame, PLAN)
    outcomes = {"@selected": pl.col("owner"), "@actual": pl.col("@label") == "yes", "@correct": pl.lit(True)}
    plain, counted = (
        tally(each.frame.with_columns(**outcomes), [group_column("age")]).sort("@selected")
        for each in (data, data.counted("label"))
    )
    assert TIMES in data.counted("label").frame.collect_schema()
    assert plain.equals(counted)
    assert plain["rows"].to_list() == [1, 3]

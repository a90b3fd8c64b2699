"""The Data page: the address alone says which rows stand there, and nothing of the data is more than text."""

from __future__ import annotations

import csv as csv_reader
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pytest
from markupsafe import Markup
from streamlit.testing.v1 import AppTest

import audits
from audits.browse.filters import Filter, Sort
from audits.browse.reader import Reader
from audits.browse.rows import BrowsedRows, rows_of
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs
from dashboard.rows.file import csv
from dashboard.rows.filter_form import MISSING, written
from dashboard.rows.headings import distinct, headings
from dashboard.rows.question import PAGE, pages
from dashboard.rows.table import covered, shown_frame
from probes.errors import NotApplicable
from tests.audits.engine.worlds import comments, write_plan
from tests.dashboard.staged import Stages, staged
from tests.reports.hostile import ATTACKS


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    return staged(monkeypatch)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return audits.run(write_plan(tmp_path, comments(130), ["bias.group-rates"]))


def rows(run: Run) -> BrowsedRows:
    return rows_of(run, Runs(database_url()).base(run.id))


def page() -> None:
    from dashboard.views.data import render

    render()


def opened(run: Run, **query: str | list[str]) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["run"] = run.id
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def words(stages: Stages) -> str:
    """All that stands on the stages, without its markup."""
    return "\n".join(Markup(html).striptags() for html in stages.shown.values())


def table(app: AppTest) -> Any:
    return app.dataframe[0].value


def test_a_page_holds_the_first_fifty_rows_in_the_datas_order(run: Run, stages: Stages) -> None:
    shown = table(opened(run))
    first = rows(run).page(count=PAGE)
    assert list(shown["column-0"]) == first["@predicted"].to_list()
    assert list(shown["column-4"]) == first["@group.group"].to_list()
    assert "1 to 50 of 130" in words(stages)


@pytest.mark.parametrize(
    ("asked", "told", "n"),
    [("1", "1 to 50 of 130", 50), ("3", "101 to 130 of 130", 30), ("99", "101 to 130 of 130", 30),
     ("0", "1 to 50 of 130", 50), ("-1", "1 to 50 of 130", 50), ("x", "1 to 50 of 130", 50)],
)  # fmt: skip
def test_a_page_beyond_the_borders_is_the_nearest_one(run: Run, stages: Stages, asked: str, told: str, n: int) -> None:
    assert len(table(opened(run, page=asked))) == n
    assert told in words(stages)


@pytest.mark.parametrize(("n", "filled"), [(0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (101, 3)])
def test_pages_hold_all_rows_and_none_is_empty(n: int, filled: int) -> None:
    assert pages(n) == filled


def test_the_address_filters_and_sorts(run: Run, stages: Stages) -> None:
    shown = table(opened(run, filter=["@group.group:women", "@probability:0.6..0.9"], sort="-@probability"))
    frame = rows(run).frame.collect()
    truth = frame.filter(pl.col("@group.group") == "women", pl.col("@probability").is_between(0.6, 0.9))
    truth = truth.sort("@probability", descending=True)
    assert len(shown) == min(PAGE, truth.height) > 0
    assert next(iter(shown["column-1"])) == f"{100 * truth['@probability'][0]:.0f} %"
    assert f"{truth.height} of 130 examples" in words(stages)
    assert "Probability from 60" in words(stages)


def test_a_part_is_chosen_by_its_name_and_left_by_the_same_chip(run: Run, stages: Stages) -> None:
    app = opened(run)
    wrong = rows(run).count([Filter.read("@correct:false")])
    stages.click = ("data-head", {"act": "slice", "value": "misclassified"})
    app.run()
    assert app.query_params["slice"] in ("misclassified", ["misclassified"])
    assert set(table(app)["column-3"]) == {"no"}
    assert f"{wrong} of 130 examples." in words(stages)
    stages.click = ("data-head", {"act": "slice", "value": "misclassified"})
    app.run()
    assert "slice" not in app.query_params
    assert "130 examples;" in words(stages)


def test_an_active_filter_is_taken_out_by_its_chip(run: Run, stages: Stages) -> None:
    app = opened(run, filter=["@group.group:women", "text~awful"], page="2")
    stages.click = ("data-stand", {"act": "without", "name": "filter", "value": "text~awful"})
    app.run()
    assert app.query_params["filter"] in ("@group.group:women", ["@group.group:women"])
    assert "page" not in app.query_params


def test_what_cannot_be_followed_is_told_and_the_rest_is_shown(run: Run, stages: Stages) -> None:
    app = opened(run, filter=["nowhere:1", "@probability:high", "((", "@label:flagged"], sort="nowhere", slice="none")
    assert set(table(app)["column-2"]) == {"flagged"}
    assert stages.shown["data-stand"].count('role="alert"') == 5
    stages.click = ("data-stand", {"act": "without", "name": "filter", "value": "nowhere:1"})
    app.run()
    assert stages.shown["data-stand"].count('role="alert"') == 4


def test_no_row_is_told_with_what_to_do(run: Run, stages: Stages) -> None:
    app = opened(run, filter=["text~no such words at all"])
    assert not app.dataframe
    assert "take it out" in words(stages)
    stages.click = ("data-stand", {"act": "clear"})
    app.run()
    assert len(table(app)) == PAGE


def test_texts_are_hidden_until_they_are_asked_for(run: Run, stages: Stages) -> None:
    first = rows(run).page(count=1)["text"][0]
    app = opened(run, row=rows(run).page(count=1)["@key"][0])
    assert next(iter(table(app)["column-5"])) == f"hidden, {len(first.split())} words"
    assert first not in stages
    assert first not in str([each.proto for each in app.main])
    stages.click = ("data-stand", {"act": "texts", "value": "shown"})
    app.run()
    assert next(iter(table(app)["column-5"])) == first
    assert first in stages
    del app.query_params["texts"]
    app.run()
    assert next(iter(table(app)["column-5"])) == first, "who asked once is not asked again"
    stages.click = ("data-stand", {"act": "texts", "value": "hidden"})
    app.run()
    assert first not in stages


def test_covered_texts_say_how_long_they_are() -> None:
    assert [covered(text) for text in ("", "one", "two words")] == [
        "hidden, 0 words",
        "hidden, 1 word",
        "hidden, 2 words",
    ]


def test_the_form_writes_a_filter_into_the_address(run: Run, stages: Stages) -> None:
    app = opened(run, page="2")
    app.selectbox(key="filter-column").set_value("text").run()
    app.text_input[0].set_value("a & b: ~!")
    next(button for button in app.button if button.label == "Add filter").click().run()
    assert app.query_params["filter"] in (
        "text~a %26 b%3A %7E%21",
        [Filter(column="text", kind="contains", value="a & b: ~!").text],
    )
    assert "page" not in app.query_params
    app.selectbox(key="sort-column").set_value("@probability").run()
    app.selectbox(key="sort-falling").set_value(True).run()
    assert app.query_params["sort"] in ("-@probability", ["-@probability"])


def test_options_with_the_same_name_are_told_apart() -> None:
    assert distinct(["a", "b", "c"], lambda _: "x") == {"a": "x", "b": "x (2)", "c": "x (3)"}
    assert len(set(headings(["@predicted", "Predicted", "Predicted (2)"]).values())) == 3


def test_percent_is_typed_where_percent_is_shown(run: Run) -> None:
    known = {column.name: column for column in rows(run).columns}
    assert written(known["@probability"], [58.0, None]) == Filter.between("@probability", 0.58, None)
    assert written(known["@weight"], [0.5, 2.0]) == Filter.between("@weight", 0.5, 2.0)
    assert written(known["@label"], [MISSING]) == Filter(column="@label", kind="missing")
    assert written(known["@label"], [None]) is written(known["@probability"], [None, None]) is None


def test_a_row_is_opened_with_its_way_to_explain(run: Run, stages: Stages) -> None:
    key = rows(run).page(start=7, count=1)["@key"][0]
    opened(run, row=key)
    assert f"explain?run={quote(run.id)}&amp;example={quote(key)}" in stages.shown["data-row"]
    opened(run, row="no such row")
    assert "Click a row" in stages.shown["data-row"]


def test_hostile_names_and_values_stay_text(tmp_path: Path, stages: Stages) -> None:
    column, group = "<img src=x onerror=alert(1)>**b**:~!%", "</button><script>alert(2)</script>"
    data = (
        comments(60)
        .rename({"group": column})
        .with_columns(
            pl.Series("text", [f"{ATTACKS[i % len(ATTACKS)]} {i}" for i in range(60)]),
            pl.when(pl.int_range(60) < 30).then(pl.lit(group)).otherwise(pl.lit("plain")).alias(column),
        )
    )
    hostile = audits.run(
        write_plan(tmp_path, data, ["bias.group-rates"], data={"protected": [column]}, name=ATTACKS[0])
    )
    one = Filter(column=f"@group.{column}", kind="is", value=group)
    app = opened(
        hostile, filter=[one.text], slice=f"group:{column}:{group}", sort=Sort(column=column).text, texts="shown"
    )
    assert len(table(app)) == 30
    everything = "".join(stages.shown.values())
    for tag in ("<img", "<script", "<svg", "<iframe"):
        assert tag not in everything
    assert "&lt;img src=x onerror=" in everything
    assert len(list(csv_reader.reader(io.StringIO(csv(rows(hostile), (), None).decode())))) == 61


def test_what_is_shown_is_the_same_whatever_the_data_calls_its_columns(tmp_path: Path) -> None:
    data = comments(60).with_columns(pl.lit("x").alias("Predicted"), pl.lit("y").alias("column-0"))
    run = audits.run(write_plan(tmp_path, data, ["bias.group-rates"]))
    browsed = rows(run)
    shown = shown_frame(browsed.page(count=5), browsed, with_texts=True)
    assert shown["column-0"].to_list() == browsed.page(count=5)["@predicted"].to_list()
    assert csv(browsed, (), None).decode().splitlines()[0].count("Predicted") == 2


def test_the_map_waits_to_be_asked_for_and_is_not_drawn_without_a_model(
    run: Run, tmp_path: Path, stages: Stages
) -> None:
    opened(run)
    assert "Draw the map" in stages
    data = comments(60).with_columns(prediction=pl.col("label"))
    recorded = audits.run(
        write_plan(tmp_path / "recorded", data, ["bias.group-rates"], subject="table:?prediction=prediction",
                   data={"input": None}),
    )  # fmt: skip
    opened(recorded, map="drawn")
    assert "no model reads texts" in stages
    assert "explain?" not in "".join(stages.shown.values())


def test_a_model_without_hidden_states_is_told_in_one_sentence(
    run: Run, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise NotApplicable("this model shows no hidden states")

    monkeypatch.setattr(Reader, "embed", none)
    app = opened(run, map="drawn")
    assert "This model shows no hidden states" in words(stages)
    assert len(table(app)) == PAGE
    assert not app.get("plotly_chart")


def test_points_quote_texts_only_where_the_reader_said_so(run: Run, stages: Stages) -> None:
    text = rows(run).page(count=1)["text"][0]
    app = opened(run, map="drawn", colour="@correct", filter=["@group.group:women"])
    (chart,) = app.get("plotly_chart")
    assert text not in str(chart.proto)
    traces = json.loads(chart.proto.spec)["data"]
    assert sum(len(trace["hovertext"]) for trace in traces) == 130
    women = rows(run).count([Filter.read("@group.group:women")])
    assert f"left out by the filters ({130 - women})" in [trace["name"] for trace in traces]
    app.query_params["texts"] = "shown"
    app.run()
    assert text in str(app.get("plotly_chart")[0].proto)

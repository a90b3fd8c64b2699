"""The Reports page: the run that the address names becomes the document that `evenlight report` writes."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from streamlit.testing.v1 import AppTest

import audits
from audits.runs import Run
from audits.store.home import database_url
from dashboard.documents import document, quotes, wanted
from dashboard.saved import file_name
from reports.formats import formats
from reports.formats.html import run_html
from tests.audits.engine.worlds import comments, write_plan
from tests.dashboard.staged import Stages, staged
from tests.reports.hostile import ATTACKS
from tests.reports.sample_run import sample_run


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    return staged(monkeypatch)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return audits.run(write_plan(tmp_path, comments(60), ["bias.group-rates"]))


def page() -> None:
    from dashboard.views.reports import render

    render()


def opened(run: Run, **query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params["run"] = run.id
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def frames(app: AppTest) -> list[Any]:
    return list(app.get("iframe"))


def test_the_page_says_what_the_run_holds(run: Run, stages: Stages) -> None:
    app = opened(run)
    assert f"{len(run.findings)} findings" in stages
    assert "60 rows" in stages
    assert app.checkbox[0].value is False


def test_the_preview_is_the_document_without_its_scripts(run: Run, stages: Stages) -> None:
    (frame,) = frames(opened(run))
    shown = frame.proto.srcdoc
    assert shown == run_html(run, live=False)
    assert "script-src 'none'" in html.unescape(shown)
    assert "<script" not in shown
    assert run_html(run).count("<h2") == shown.count("<h2")
    assert not frames(opened(run, format="json"))


@pytest.mark.parametrize("name", sorted(formats()))
def test_every_format_can_be_taken(run: Run, stages: Stages, name: str) -> None:
    app = opened(run, format=name)
    (button,) = app.get("download_button")
    assert name.upper() in button.proto.label
    assert f'data-value="{name}" aria-pressed="true"' in stages.shown["reports"]
    assert document(run.id, name, False) == formats()[name].render(run)


def test_an_unknown_format_is_the_one_to_read(run: Run, stages: Stages) -> None:
    opened(run, format="../../etc/passwd")
    assert 'data-value="html" aria-pressed="true"' in stages.shown["reports"]


def test_texts_stand_open_only_where_the_reader_says_so(run: Run) -> None:
    assert quotes(wanted("html"))
    assert not quotes(wanted("json"))
    assert document(run.id, "html", True) == run_html(run, show_examples=True)
    assert document(run.id, "json", True) == document(run.id, "json", False)


def test_a_run_that_cannot_be_read_is_one_line_and_others_can_still_be_chosen(
    run: Run, tmp_path: Path, stages: Stages
) -> None:
    other = audits.run(write_plan(tmp_path / "other", comments(60, 1), ["bias.group-rates"]))
    with create_engine(database_url()).begin() as connection:
        connection.execute(
            text("UPDATE runs SET document = :broken WHERE id = :id"), {"broken": '{"schema_version": 1}', "id": run.id}
        )
    app = opened(run)
    assert run.id in stages.shown["problem"]
    assert not app.get("download_button")
    app.selectbox[0].set_value(other.id).run()
    assert app.query_params["run"] in (other.id, [other.id])
    assert app.get("download_button")


@pytest.mark.parametrize(
    ("name", "begins"),
    [("Moderation model, plain", "moderation-model-plain-2"), ("Prüfung № 1", "prufung-no-1-2"), ("../../etc", "etc-2"),
     ("中文", "run-2"), ("CON", "con-2"), ("a" * 200, "a" * 60 + "-2")],
)  # fmt: skip
def test_files_are_named_after_their_run_in_letters_that_every_system_takes(name: str, begins: str) -> None:
    sample = sample_run()
    named = sample.model_copy(update={"plan": sample.plan.model_copy(update={"name": name})})
    found = file_name(named, ".html")
    assert found.startswith(begins)
    assert found.endswith(f"{sample.manifest.started:%Y%m%d}.html")


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_name_of_a_run_is_more_than_a_file_name(attack: str) -> None:
    sample = sample_run()
    named = sample.model_copy(update={"plan": sample.plan.model_copy(update={"name": attack})})
    assert set(file_name(named, "rows.csv")) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")

"""The page on which an audit is put together: from an address and a file to a plan that the command line takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

import audits
from audits.catalog import catalog
from audits.jobs import Jobs, JobState
from audits.jobs.worker import work
from audits.plan import DataPlan, Plan, Words
from audits.plan_file import read_plan
from audits.store.home import database_url
from audits.store.subjects import register
from dashboard import access
from dashboard.new_audit.draft import Draft, of_run
from dashboard.new_audit.subject import Found, looked, resolved
from probes.speech import Sentence

SUBJECT = "scripted:?words=awful:2,rude:1.5,kind:-1&bias=-0.5"


@pytest.fixture(autouse=True)
def may_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "may_start", lambda: True)


def comments(folder: Path, labels: Sequence[str] = ("neutral", "flagged"), rows: int = 120) -> Path:
    """A file of comments whose columns say what they are."""
    path = folder / "comments.csv"
    words = ("awful and rude things were said", "kind things were said by many", "nothing much was said at all")
    lines = [f"{words[i % 3]} {i},{labels[i % 2]},{('women', 'men')[i // 2 % 2]},{i}" for i in range(rows)]
    path.write_text("\n".join(["comment,label,gender,row_id", *lines]), "utf-8")
    return path


def page() -> None:
    from dashboard.views.new_audit import render

    render()


def opened(**query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params.update(query)
    return app.run()


def box(app: AppTest, label: str, kind: str = "text_input") -> Any:
    (found,) = [each for each in app.get(kind) if getattr(each, "label", None) == label]
    return found


def markup(app: AppTest) -> str:
    """All of our own markup on the page."""
    stages = [each.proto for each in app.main if type(each).__name__ == "UnknownElement"]
    return json.dumps([str(stage) for stage in stages])


def chosen(tmp_path: Path, subject: str = SUBJECT, **options: Any) -> AppTest:
    app = opened()
    box(app, "Address, folder or name").set_value(subject).run()
    box(app, "File, folder or source").set_value(str(comments(tmp_path, **options))).run()
    assert not app.exception
    return app


def shown_plan(app: AppTest) -> dict[str, Any]:
    (code,) = app.code
    return dict(yaml.safe_load(code.value))


def test_columns_are_guessed_and_the_plan_is_whole(tmp_path: Path) -> None:
    plan = shown_plan(chosen(tmp_path))
    assert plan == {
        "name": "scripted on comments.csv",
        "subject": SUBJECT,
        "data": {
            "source": str(tmp_path / "comments.csv"),
            "input": ["comment"],
            "label": "label",
            "protected": ["gender"],
            "id": "row_id",
        },
        "audits": ["bias.group-rates", "data.profile"],
    }
    read_plan(plan)


def test_every_guess_can_be_changed(tmp_path: Path) -> None:
    app = chosen(tmp_path)
    box(app, "Protected attributes", "multiselect").set_value([]).run()
    box(app, "Name of a row", "selectbox").set_value(None).run()
    box(app, "Class whose rates are compared", "selectbox").set_value("neutral").run()
    data = shown_plan(app)["data"]
    assert "protected" not in data
    assert "id" not in data
    assert data["positive"] == "neutral"


def test_options_of_an_audit_reach_the_plan_and_only_those_that_differ(tmp_path: Path) -> None:
    app = chosen(tmp_path)
    box(app, "Tolerance", "number_input").set_value(0.2).run()
    assert {"bias.group-rates": {"tolerance": 0.2}} in shown_plan(app)["audits"]
    box(app, "Tolerance", "number_input").set_value(0.1).run()
    assert "bias.group-rates" in shown_plan(app)["audits"]


def test_an_option_that_no_plan_may_have_is_told_and_nothing_starts(tmp_path: Path) -> None:
    app = chosen(tmp_path)
    box(app, "Metrics", "multiselect").set_value([]).run()
    assert box(app, "Start audit", "button").disabled
    assert not app.exception


def test_nothing_starts_before_model_and_rows_are_there(tmp_path: Path) -> None:
    app = opened()
    assert box(app, "Start audit", "button").disabled
    box(app, "Address, folder or name").set_value("nonsense:x").run()
    assert box(app, "Start audit", "button").disabled
    box(app, "File, folder or source").set_value(str(tmp_path / "absent.csv")).run()
    assert box(app, "Start audit", "button").disabled
    assert not app.exception


def test_audits_that_a_table_cannot_answer_are_out_of_reach(tmp_path: Path) -> None:
    app = chosen(tmp_path, subject="table:?prediction=label")
    by_name = {each.label.replace("\\", ""): each for each in app.checkbox}
    assert by_name["attention.heads"].disabled
    assert not by_name["bias.group-rates"].disabled
    assert not [each for each in app.multiselect if each.label == "Text that the model reads"]


def test_started_measured_and_asked_for_twice(tmp_path: Path) -> None:
    app = chosen(tmp_path)
    box(app, "Start audit", "button").click().run()
    (job,) = Jobs(database_url()).all()
    assert app.session_state["going"] == f"./?job={job.id}"
    assert app.session_state["submitted"] == (job.id, False)
    again = chosen(tmp_path)
    box(again, "Start audit", "button").click().run()
    assert again.session_state["submitted"] == (job.id, True)
    work(burst=True)
    (job,) = Jobs(database_url()).all()
    assert job.state is JobState.FINISHED
    assert audits.load("latest").id == job.run_id


def test_a_run_is_begun_again_from_its_plan(tmp_path: Path) -> None:
    app = chosen(tmp_path)
    box(app, "What the run is called").set_value("the first").run()
    box(app, "Start audit", "button").click().run()
    work(burst=True)
    run = audits.load("latest")
    again = opened(run=run.id)
    assert Plan.model_validate(shown_plan(again)) == run.plan
    box(again, "Seed of every draw", "number_input").set_value(7).run()
    assert shown_plan(again)["seed"] == 7
    assert not again.exception


def test_whoever_may_only_look_sees_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "may_start", lambda: False)
    app = opened()
    assert not app.text_input
    assert not app.button
    assert not app.exception


def test_text_of_the_data_is_never_markdown_or_markup(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>**bold** :red[x] $x$"
    path = tmp_path / "evil.csv"
    path.write_text(
        f'"{evil}",label,sex\n' + "some longer words are here,neutral,f\nmore words are there,flagged,m\n" * 5
    )
    app = opened()
    box(app, "Address, folder or name").set_value(f"{SUBJECT}&labels=neutral,flagged").run()
    box(app, "File, folder or source").set_value(str(path)).run()
    assert not app.exception
    assert shown_plan(app)["data"]["input"] == [evil]
    assert "<img" not in markup(app)
    for kind in ("markdown", "caption", "checkbox", "text_input", "selectbox", "multiselect"):
        for each in app.get(kind):
            assert "bold" not in (getattr(each, "label", "") or "") + (getattr(each, "help", "") or "")
    assert not [each for each in (*app.caption, *app.markdown) if "bold" in each.value]


def test_a_name_a_folder_and_an_address_are_all_understood(tmp_path: Path) -> None:
    register("ours", SUBJECT)
    (tmp_path / "models" / "mine").mkdir(parents=True)
    assert resolved("ours", tmp_path) == SUBJECT
    assert resolved("models/mine", tmp_path) == "hf:models/mine"
    assert resolved(str(tmp_path / "models"), tmp_path) == f"hf:{tmp_path / 'models'}"
    assert resolved("hf:anything", tmp_path) == "hf:anything"
    assert resolved("neither", tmp_path) == "neither"
    assert resolved("x" * 5000, tmp_path) == "x" * 5000


def test_what_was_found_is_one_sentence_and_so_is_what_was_not(tmp_path: Path) -> None:
    found = looked(SUBJECT, False, tmp_path)
    assert isinstance(found, Found)
    assert str(found.told) == "Scripted: bag of words, 4 weights, tells apart neutral and flagged."
    assert [str(can) for can in found.can] == [
        *("Assigns classes", "Can be asked new questions", "Gives gradients", "Shows its attention"),
    ]
    for wrong in ("hf:no/such/folder", "nope:x", "table:?", "hf:", "scripted:?words=x:y", "plain words"):
        problem = looked(wrong, False, tmp_path)
        assert isinstance(problem, Sentence)
        assert "\n" not in str(problem)


def test_a_demo_model_is_not_trained_to_be_looked_at(tmp_path: Path) -> None:
    found = looked("demo:moderation", False, tmp_path)
    assert isinstance(found, Found)
    assert "trained when the audit starts" in str(found.told)


names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).map(str.strip).filter(bool)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    name=names,
    source=names,
    columns=st.lists(names, unique=True, max_size=4),
    classes=st.dictionaries(names, names, max_size=3),
    groups=st.dictionaries(names, names, max_size=3),
    label=st.none() | names,
    seed=st.integers(0, 2**53),
    audit=st.sampled_from(sorted(catalog())),
)
def test_the_yaml_shown_is_the_plan_meant(
    tmp_path: Path,
    name: str,
    source: str,
    columns: list[str],
    classes: dict[str, str],
    groups: dict[str, str],
    label: str | None,
    seed: int,
    audit: str,
) -> None:
    draft = Draft(
        name=name,
        subject=SUBJECT,
        data=DataPlan(source=source, input=tuple(columns[:2]), label=label, classes=classes, protected=tuple(columns)),
        words=Words(groups=groups),
        seed=seed,
        audits={audit: {}, "bias.group-rates": {"tolerance": 0.25, "metrics": ("accuracy",)}},
    )
    (tmp_path / "plan.yaml").write_text(draft.yaml(), "utf-8")
    plan, questions, _ = read_plan(tmp_path / "plan.yaml")
    assert (plan.name, plan.data, plan.words, plan.seed) == (name, draft.data, draft.words, seed)
    assert {question.name for question in questions} == {audit, "bias.group-rates"}
    assert plan == read_plan(draft.plan())[0]


def test_a_runs_plan_is_its_own_draft(tmp_path: Path) -> None:
    run = audits.run(
        {
            "name": "a run",
            "subject": SUBJECT,
            "data": {"source": str(comments(tmp_path)), "input": "comment", "protected": ["gender"]},
            "words": {"item": "comment", "groups": {"women": "Women"}},
            "seed": 3,
            "audits": [{"bias.group-rates": {"metrics": ["selection-rate"]}}, "data.profile"],
        }
    )
    assert read_plan(of_run(run, None).plan())[0] == run.plan


def test_answers_that_are_no_classes_hold_the_start_until_they_are_said(tmp_path: Path) -> None:
    app = chosen(tmp_path, labels=("fine", "hateful"))
    assert not app.code
    assert box(app, "Start audit", "button").disabled
    app = opened()
    app.session_state["draft"] = Draft(
        subject=SUBJECT,
        data=DataPlan(
            source=str(tmp_path / "comments.csv"),
            input=("comment",),
            label="label",
            classes={"fine": "neutral", "hateful": "flagged"},
        ),
        by_hand=True,
        edition=1,
    )
    app.run()
    assert shown_plan(app)["data"]["classes"] == {"fine": "neutral", "hateful": "flagged"}
    assert not box(app, "Start audit", "button").disabled


def test_a_meaning_said_by_hand_stays_with_other_rows_of_the_same_columns(tmp_path: Path) -> None:
    app = chosen(tmp_path)
    box(app, "Protected attributes", "multiselect").set_value([]).run()
    (tmp_path / "later").mkdir()
    box(app, "File, folder or source").set_value(str(comments(tmp_path / "later", rows=60))).run()
    assert "protected" not in shown_plan(app)["data"]
    other = tmp_path / "other.csv"
    other.write_text(
        "said,label,sex\n" + "words that were said,neutral,f\nmore words were said,flagged,m\n" * 9, "utf-8"
    )
    box(app, "File, folder or source").set_value(str(other)).run()
    assert shown_plan(app)["data"]["protected"] == ["sex"]


def test_words_for_the_reader_reach_the_plan(tmp_path: Path) -> None:
    app = chosen(tmp_path)
    assert "words" not in shown_plan(app)
    box(app, "One row is a").set_value("comment").run()
    box(app, "A selected row is").set_value("flagged").run()
    assert shown_plan(app)["words"] == {"item": "comment", "positive": "flagged"}
    box(app, "One row is a").set_value("").run()
    assert shown_plan(app)["words"] == {"positive": "flagged"}


def test_the_same_run_is_begun_again_after_its_draft_was_started(tmp_path: Path) -> None:
    app = chosen(tmp_path)
    box(app, "Start audit", "button").click().run()
    work(burst=True)
    run = audits.load("latest")
    again = opened(run=run.id)
    box(again, "Start audit", "button").click().run()
    again.run()
    assert shown_plan(again)["subject"] == SUBJECT

"""What was decided about a row, whether a model is asked or a column holds it; and columns that cannot hold it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import audits
from audits.data.columns import KEY
from audits.data.opening import population_of
from audits.engine.decisions import ACTUAL, CORRECT, PREDICTED, SELECTED, decisions
from audits.engine.pairing import matched
from audits.evidence import GroupRates
from audits.findings import Finding, Verdict
from audits.plan import DataPlan
from audits.runs import Run
from probes.errors import BadData, BadPlan
from probes.subjects import open_subject
from tests.audits.engine.worlds import bench_of, comments, write_plan

COUNT = {"data": {"input": None}}


def recorded(columns: dict[str, list[Any]], uri: str, **plan: Any) -> pl.DataFrame:
    """What is decided where the decisions stand in columns."""
    data = population_of(pl.DataFrame(columns, strict=False), DataPlan(source="rows.csv", **plan))
    subject, data = matched(open_subject(uri), data)
    labels = subject.labels  # type: ignore[attr-defined]
    return decisions(bench_of(subject, Path("unused")), data, data.positive(labels)).collect()


def test_predictions_in_a_column_are_compared_with_labels_and_what_is_unknown_stays_unknown() -> None:
    frame = recorded(
        {"said": ["yes", "no", "yes", None], "truth": ["yes", "yes", None, "no"]},
        "table:?prediction=said",
        label="truth",
        positive="yes",
    )
    assert frame[SELECTED].to_list() == [True, False, True, None]
    assert frame[ACTUAL].to_list() == [True, True, None, False]
    assert frame[CORRECT].to_list() == [True, False, None, None]


def test_a_score_decides_from_the_threshold_on_and_nan_decides_nothing() -> None:
    frame = recorded(
        {"score": [0.29, 0.3, 0.9, float("nan"), None], "truth": ["0", "1", "0", "1", "0"]},
        "table:?score=score&threshold=0.3",
        label="truth",
    )
    assert frame[SELECTED].to_list() == [False, True, True, None, None]
    assert frame[CORRECT].to_list() == [True, True, False, None, None]


@pytest.mark.parametrize("truth", [[1, 0, 1], [1.0, 0.0, 1.0], ["1", "0", "1"]], ids=["whole", "float", "text"])
@pytest.mark.parametrize("said", [[1, 0, 0], [1.0, 0.0, 0.0], ["1", "0", "0"]], ids=["whole", "float", "text"])
def test_labels_and_predictions_are_the_same_classes_however_they_are_written(
    truth: list[Any], said: list[Any]
) -> None:
    frame = recorded({"said": said, "truth": truth}, "table:?prediction=said", label="truth")
    assert frame[CORRECT].to_list() == [True, True, False]
    assert frame[SELECTED].to_list() == [True, False, False]


def test_a_score_needs_no_labels() -> None:
    frame = recorded({"score": [0.1, 0.7]}, "table:?score=score")
    assert frame[SELECTED].to_list() == [False, True]
    assert frame[CORRECT].to_list() == [None, None]


def test_a_score_whose_labels_are_all_one_class_still_decides() -> None:
    frame = recorded({"score": [0.1, 0.7], "truth": ["0", "0"]}, "table:?score=score", label="truth", positive="1")
    assert frame[SELECTED].to_list() == [False, True]
    assert frame[CORRECT].to_list() == [True, False]


def test_the_plan_says_which_label_is_which_class() -> None:
    columns: dict[str, list[Any]] = {"said": [True, False], "truth": [1, 1]}
    frame = recorded(
        columns, "table:?prediction=said", label="truth", classes={"1": "true", "0": "false"}, positive="1"
    )
    assert frame[CORRECT].to_list() == [True, False]


BAD: dict[str, tuple[dict[str, list[Any]], str, dict[str, Any], str]] = {
    "a column that is not there": (
        {"predicted": ["a"]}, "table:?prediction=predictd", {},
        "predictd, which rows.csv does not have; did you mean predicted",
    ),
    "a score taken for a class": (
        {"risk": [0.25, 0.5, 1.0]}, "table:?prediction=risk", {}, r"holds numbers such as 0.25.*table:\?score=risk"
    ),
    "a name taken for a class": (
        {"who": [f"p{at}" for at in range(500)]}, "table:?prediction=who", {}, "holds more than 200 different values"
    ),
    "a class taken for a score": (
        {"said": ["yes", "no"]}, "table:?score=said", {}, "said holds no numbers, so it is no score"
    ),
    "a prediction that is empty": (
        {"said": [None, None], "truth": ["a", "b"]}, "table:?prediction=said", {"label": "truth"},
        "said of rows.csv is empty",
    ),
    "lists as predictions": ({"said": [["a"], ["b"]]}, "table:?prediction=said", {}, "holds lists"),
    "lists as labels": (
        {"said": ["a", "b"], "truth": [["a"], ["b"]]}, "table:?prediction=said", {"label": "truth"}, "truth holds lists"
    ),
    "labels in other words than predictions": (
        {"said": [True, False], "truth": [1, 0]}, "table:?prediction=said", {"label": "truth"},
        "said holds false and true, and column truth holds 0 and 1: no value is in both.*data.classes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_column_that_cannot_be_what_it_is_said_to_be_is_refused_in_one_line(name: str) -> None:
    columns, uri, plan, message = BAD[name]
    with pytest.raises(BadData, match=message) as caught:
        recorded(columns, uri, **plan)
    assert "\n" not in str(caught.value)


def test_a_positive_class_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadPlan, match="did you mean yes"):
        recorded({"said": ["yes", "no"]}, "table:?prediction=said", positive="yess")


def rates(run: Run, metric: str) -> tuple[Finding, dict[str, float | None]]:
    finding = run.finding(f"group-rates.group.{metric}")
    shown = next((evidence for evidence in finding.evidence if isinstance(evidence, GroupRates)), None)
    return finding, {group.group: group.rate for group in shown.groups} if shown else {}


def planted(missing: bool) -> pl.DataFrame:
    """Group b is selected in 60 % of its rows, group a in 20 %; labels are selected in half."""
    n = 300
    frame = pl.DataFrame(
        {
            "group": ["a", "b"] * n,
            "truth": [at % 4 < 2 for at in range(2 * n)],
            "score": [0.9 if (at // 2) % 10 < (2 if at % 2 == 0 else 6) else 0.1 for at in range(2 * n)],
        }
    ).with_columns(said=pl.col("score") > 0.5)
    if missing:
        gone = pl.int_range(pl.len()) % 50 == 7
        frame = frame.with_columns(
            pl.when(~gone).then("truth"), pl.when(gone).then(float("nan")).otherwise("score").alias("score")
        )
    return frame


@pytest.mark.parametrize("missing", [False, True], ids=["whole", "with NaN"])
@pytest.mark.parametrize("uri", ["table:?prediction=said", "table:?score=score&threshold=0.5"])
def test_a_table_with_planted_bias_is_audited_without_a_model(tmp_path: Path, uri: str, missing: bool) -> None:
    data = {"input": None, "label": "truth", "positive": "true"}
    plan = write_plan(tmp_path, planted(missing), ["bias.group-rates", "data.profile"], subject=uri, data=data)
    run = audits.run(plan)
    finding, shares = rates(run, "selection-rate")
    assert finding.verdict is Verdict.FAIL
    assert shares == pytest.approx({"a": 0.2, "b": 0.6}, abs=0.01)
    assert not [finding for finding in run.findings if finding.verdict is Verdict.ERROR]
    assert run.manifest.work.measured == 0


def test_a_model_and_a_column_of_its_answers_are_judged_alike(tmp_path: Path) -> None:
    rows = comments(200)
    plan = write_plan(tmp_path / "asked", rows, ["bias.group-rates"])
    asked = audits.run(plan)
    words = {"awful": 2.0, "rude": 1.5, "kind": -1.0, "lovely": -2.5}
    said = ["flagged" if sum(words.get(w, 0) for w in t.split()) > 0.5 else "neutral" for t in rows["text"]]
    read = audits.run(
        write_plan(tmp_path / "read", rows.with_columns(said=pl.Series(said)), ["bias.group-rates"],
                   subject="table:?prediction=said", data={"input": None, "positive": "flagged"})
    )  # fmt: skip
    assert [finding.verdict for finding in asked.findings] == [finding.verdict for finding in read.findings]
    assert [rates(asked, "accuracy")[1]] == [rates(read, "accuracy")[1]]


MULTI = "scripted:?labels=calm,toxic&words=awful:2,kind:-1&bias=-0.5&problem=multilabel"


@pytest.mark.parametrize(
    "labels",
    [None, ["toxic", "calm", None, "toxic"], [["toxic"], ["calm"], None, ["toxic", "calm"]], [["toxic"], [], None, []]],
    ids=["no labels", "one label each", "lists", "empty lists"],
)
def test_a_model_that_may_give_several_labels_is_audited_whatever_the_labels_look_like(
    tmp_path: Path, labels: list[Any] | None
) -> None:
    columns: dict[str, Any] = {"text": ["awful", "kind", "plain", "awful awful"], "group": ["a", "a", "b", "b"]}
    if labels is not None:
        columns["truth"] = labels
    pl.DataFrame(columns).write_parquet(tmp_path / "rows.parquet")
    data = {"source": str(tmp_path / "rows.parquet"), "input": "text", "protected": ["group"], "positive": "toxic"}
    if labels is not None:
        data["label"] = "truth"
    every = ["bias.group-rates", "explain.attribution", "attention.heads"]
    run = audits.run({"name": "several", "subject": MULTI, "data": data, "audits": every})
    assert not [str(finding.summary) for finding in run.findings if finding.verdict is Verdict.ERROR]


def test_the_same_labels_in_another_order_are_the_same_answer(tmp_path: Path) -> None:
    subject = open_subject(MULTI)
    frame = pl.DataFrame(
        {"text": ["awful", "awful", "kind"], "truth": [["toxic", "calm"], ["calm", "toxic"], ["calm"]]}
    )
    data = population_of(frame, DataPlan(source="rows", input=("text",), label="truth"))
    subject, data = matched(subject, data)
    found = decisions(bench_of(subject, tmp_path), data, "toxic").collect()
    assert found[CORRECT].to_list() == [True, True, True]
    assert found[SELECTED].to_list() == found[ACTUAL].to_list() == [True, True, False]
    assert found[PREDICTED].to_list() == [["calm", "toxic"], ["calm", "toxic"], ["calm"]]
    assert found[KEY].n_unique() == 3


def test_one_answer_is_right_where_the_data_allows_several_and_it_is_one_of_them(tmp_path: Path) -> None:
    frame = pl.DataFrame({"text": ["awful", "awful", "kind"], "truth": [["flagged", "neutral"], ["neutral"], None]})
    data = population_of(frame, DataPlan(source="rows", input=("text",), label="truth"))
    subject, data = matched(open_subject("scripted:?words=awful:2,kind:-1"), data)
    found = decisions(bench_of(subject, tmp_path), data, "flagged").collect()
    assert found[CORRECT].to_list() == [True, False, None]
    assert found[ACTUAL].to_list() == [True, False, None]

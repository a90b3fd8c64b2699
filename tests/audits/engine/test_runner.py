"""A run: every audit gets its finding, nothing is swallowed, and the same plan ends in the same verdicts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import audits
from audits.audit import Area, Audit, _registered, audit
from audits.engine.bench import Bench
from audits.engine.pairing import rooted
from audits.engine.runner import _numbered
from audits.findings import Finding, Method, Verdict
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs, State
from probes.errors import BadData, BadPlan, BadSubject, NotApplicable, OutOfMemory, StoreFailed
from probes.speech import say
from tests.audits.engine.worlds import comments, write_plan

EVERY: list[Any] = [
    "bias.group-rates",
    {"explain.attribution": {"texts": 12}},
    {"attention.heads": {"texts": 6}},
    "data.profile",
]


@pytest.fixture
def question() -> Iterator[type[Audit]]:
    """An audit that ends as its option says; known to the catalogue for one test."""

    @audit("test.question", area=Area.DATA)
    class Question(Audit):
        """Raises or answers what it is told (Nobody 2026)."""

        ending: str = "answer"

        def run(self, bench: Bench, data: Any) -> Iterator[Finding]:
            endings: dict[str, BaseException] = {
                "bug": ZeroDivisionError("a number\nby nothing"),
                "not applicable": NotApplicable("there is nothing to ask about {what}", what="this"),
                "memory": OutOfMemory("a batch of {n} did not fit into memory", n=1),
                "data": BadData("the data changed"),
                "store": StoreFailed("the disk is gone"),
                "stop": KeyboardInterrupt(),
            }
            yield _finding("first")
            if self.ending in endings:
                raise endings[self.ending]
            yield _finding("first")

    known = _registered["test.question"]
    yield known
    del _registered["test.question"]


@pytest.fixture(autouse=True)
def fresh_catalogue(question: type[Audit], monkeypatch: pytest.MonkeyPatch) -> None:
    from audits.catalog import catalog

    known = {**catalog(), "test.question": question}
    monkeypatch.setattr("audits.plan_file.catalog", lambda: known)


def _finding(name: str) -> Finding:
    return Finding(
        audit="test.question", name=name, verdict=Verdict.PASS, summary=say("Fine."), method=Method(text=say("Asked."))
    )


def asked(folder: Path, ending: str) -> Run:
    plan = write_plan(folder, comments(60), [{"test.question": {"ending": ending}}, "data.profile"])
    return audits.run(plan)


def test_an_audit_that_breaks_is_an_error_finding_is_logged_and_the_others_still_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        run = asked(tmp_path, "bug")
    assert run.finding("first").verdict is Verdict.PASS
    broken = run.finding("question")
    assert broken.verdict is Verdict.ERROR
    assert "ZeroDivisionError" in str(broken.summary)
    assert run.finding("profile.duplicates").verdict is Verdict.PASS
    assert "audit test.question broke" in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(("ending", "verdict"), [("not applicable", "not-applicable"), ("memory", "error")])
def test_what_could_not_be_checked_is_a_finding_with_its_reason(tmp_path: Path, ending: str, verdict: str) -> None:
    found = asked(tmp_path, ending).finding("question")
    assert found.verdict == verdict
    assert found.settings == {"ending": ending}
    assert len(str(found.summary)) > 20


@pytest.mark.parametrize(("ending", "kind"), [("data", BadData), ("store", StoreFailed)])
def test_what_the_user_must_mend_ends_the_run_and_the_list_says_why(
    tmp_path: Path, ending: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        asked(tmp_path, ending)
    (entry,) = Runs(database_url()).entries()
    assert entry.state is State.FAILED
    assert entry.message


def test_stopping_a_run_leaves_it_interrupted(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        asked(tmp_path, "stop")
    (entry,) = Runs(database_url()).entries()
    assert entry.state is State.INTERRUPTED


def test_why_a_run_ended_is_told_even_where_it_cannot_be_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Runs, run_id: str, message: str) -> None:
        raise StoreFailed("the database is full, too")

    monkeypatch.setattr(Runs, "fail", fail)
    with pytest.raises(StoreFailed, match="disk is gone"):
        asked(tmp_path, "store")


@given(st.lists(st.sampled_from(["a", "a.2", "a.2.2", "b", "a.3"]), max_size=12))
def test_names_become_unique_and_first_ones_stay(names: list[str]) -> None:
    numbered = [finding.name for finding in _numbered(tuple(_finding(name) for name in names))]
    assert len(set(numbered)) == len(names)
    for place, name in enumerate(names):
        assert numbered[place].startswith(name)
        if name not in names[:place]:
            assert numbered[place] == name


def test_the_same_audit_twice_has_two_addresses(tmp_path: Path) -> None:
    twice = [{"explain.attribution": {"texts": 3}}, {"explain.attribution": {"texts": 6}}]
    run = audits.run(write_plan(tmp_path, comments(40), twice))
    assert [finding.name for finding in run.findings] == ["attribution", "attribution.2"]
    assert run.finding("attribution.2").settings["texts"] == 6


def test_a_table_of_predictions_is_asked_what_it_can_answer_and_told_what_it_cannot(tmp_path: Path) -> None:
    rows = comments(90).rename({"label": "truth"}).with_columns(said=pl.col("group").replace({"men": "x"}))
    rows = rows.with_columns(said=pl.when(pl.col("text").str.len_chars() % 2 == 0).then(pl.lit("flagged"))
                             .otherwise(pl.lit("neutral")))  # fmt: skip
    data = {"input": None, "label": "truth", "positive": "flagged"}
    run = audits.run(write_plan(tmp_path, rows, EVERY, subject="table:?prediction=said", data=data))
    verdicts = {finding.name: finding.verdict for finding in run.findings}
    assert verdicts["attribution"] is verdicts["heads"] is Verdict.NOT_APPLICABLE
    assert "differentiates" in str(run.finding("attribution").summary)
    assert "attends" in str(run.finding("heads").summary)
    assert (
        verdicts["group-rates.group.accuracy"].checked
        or verdicts["group-rates.group.accuracy"] == "insufficient-evidence"
    )
    assert Verdict.ERROR not in verdicts.values()


def test_a_model_without_input_column_is_told_so_in_every_finding_that_needs_it(tmp_path: Path) -> None:
    run = audits.run(write_plan(tmp_path, comments(30), EVERY, data={"input": None}))
    assert run.finding("attribution").verdict is Verdict.NOT_APPLICABLE
    assert "data.input" in str(run.finding("attribution").summary)
    assert Verdict.ERROR not in run.verdicts


def test_a_run_equals_its_own_round_trip_through_json_and_is_loaded_equal(tmp_path: Path) -> None:
    run = audits.run(write_plan(tmp_path, comments(60), EVERY))
    assert Run.read(run.model_dump_json()) == run
    assert audits.load(run.id) == run == audits.load("latest") == audits.load(run.id[:-1])


def test_options_that_python_gives_as_tuples_survive_the_round_trip(tmp_path: Path) -> None:
    write_plan(tmp_path, comments(30), ["data.profile"])
    options = {"metrics": ("accuracy", "precision")}
    data = {"source": str(tmp_path / "rows.csv"), "input": "text", "label": "label", "protected": ("group",)}
    run = audits.run(
        {"name": "tuples", "subject": "scripted:", "data": data, "audits": [{"bias.group-rates": options}]}
    )
    assert Run.read(run.model_dump_json()) == run


def test_the_same_plan_run_again_measures_nothing_and_finds_the_same(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(80), EVERY)
    first, second = audits.run(plan), audits.run(plan)
    assert first.manifest.work.measured > 0
    assert second.manifest.work.measured == second.manifest.work.requests == 0
    assert second.findings == first.findings
    assert second.id != first.id


def test_another_tolerance_is_judged_from_what_is_stored(tmp_path: Path) -> None:
    rows = comments(80)
    audits.run(write_plan(tmp_path / "a", rows, ["bias.group-rates"]))
    run = audits.run(write_plan(tmp_path / "b", rows, [{"bias.group-rates": {"tolerance": 0.3}}]))
    assert (run.manifest.work.measured, run.manifest.work.reused) == (0, 80)


def test_the_order_of_rows_changes_no_verdict_and_needs_no_measurement(tmp_path: Path) -> None:
    rows = comments(150)
    one = audits.run(write_plan(tmp_path / "a", rows, EVERY))
    other = audits.run(write_plan(tmp_path / "b", rows.sample(fraction=1, shuffle=True, seed=7), EVERY))
    assert other.manifest.work.measured == 0
    assert other.manifest.data.digest == one.manifest.data.digest
    assert {f.name: f.verdict for f in other.findings} == {f.name: f.verdict for f in one.findings}
    assert other.finding("group-rates.group.accuracy").summary == one.finding("group-rates.group.accuracy").summary


def test_other_names_for_the_groups_change_no_verdict(tmp_path: Path) -> None:
    rows = comments(150)
    one = audits.run(write_plan(tmp_path / "a", rows, ["bias.group-rates", "data.profile"]))
    names = {"women": "zz", "men": "aa", "others": "[red]mm"}
    renamed = rows.with_columns(pl.col("group").replace(names))
    other = audits.run(write_plan(tmp_path / "b", renamed, ["bias.group-rates", "data.profile"]))
    assert [f.verdict for f in other.findings] == [f.verdict for f in one.findings]


def test_a_group_that_always_errs_fails_and_its_clean_twin_does_not(tmp_path: Path) -> None:
    rows = comments(900)
    clean = audits.run(write_plan(tmp_path / "clean", rows, ["bias.group-rates"]))
    assert Verdict.FAIL not in clean.verdicts
    wrong = pl.when((pl.col("group") == "men") & (pl.int_range(pl.len()) % 2 == 0))
    swapped = pl.col("label").replace({"flagged": "neutral", "neutral": "flagged"})
    biased = rows.with_columns(wrong.then(swapped).otherwise("label").alias("label"))
    run = audits.run(write_plan(tmp_path / "biased", biased, ["bias.group-rates"]))
    assert run.finding("group-rates.group.accuracy").verdict is Verdict.FAIL


def test_labels_that_are_no_class_of_the_model_are_refused_before_anything_is_measured(tmp_path: Path) -> None:
    rows = comments(20).with_columns(pl.lit("purple").alias("label"))
    with pytest.raises(BadData, match="purple"):
        audits.run(write_plan(tmp_path, rows, ["data.profile"]))
    assert Runs(database_url()).entries() == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"subject": "hf:no/such/folder"}, BadSubject),
        ({"subject": "scripted:?wrods=a:1"}, BadSubject),
        ({"data": {"input": "txt"}}, BadData),
        ({"data": {"source": "nix.csv"}}, BadData),
        ({"audits": ["bias.group-rate"]}, BadPlan),
    ],
    ids=["no model", "misspelt option", "wrong column", "no data", "unknown audit"],
)
def test_what_cannot_be_opened_leaves_no_run_behind(
    tmp_path: Path, changes: dict[str, Any], kind: type[Exception]
) -> None:
    chosen = {"audits": ["data.profile"], **changes}
    with pytest.raises(kind) as caught:
        audits.run(write_plan(tmp_path, comments(20), **chosen))
    assert "\n" not in str(caught.value)
    assert Runs(database_url()).entries() == []


def test_relative_paths_start_at_the_plans_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = write_plan(tmp_path / "deep" / "er", comments(20), ["data.profile"])
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)
    assert audits.run(plan.relative_to(tmp_path)).manifest.data.rows == 20
    assert rooted("hf:models?device=cpu", tmp_path) == f"hf:{tmp_path / 'models'}?device=cpu"
    assert rooted("hf:org/name", tmp_path) == "hf:org/name"


def test_the_manifest_tells_what_the_run_was_made_of(tmp_path: Path) -> None:
    run = audits.run(write_plan(tmp_path, comments(25), ["bias.group-rates"], seed=7))
    card = run.manifest.subject
    assert (card.labels, card.architecture, card.trusted) == (("neutral", "flagged"), "bag of words", False)
    assert run.manifest.data.rows == run.manifest.work.measured == 25
    assert run.manifest.seed == 7
    assert {"python", "evenlight", "torch"} <= set(run.manifest.versions)
    assert (run.manifest.energy_joules is None) == (run.manifest.energy_reason is not None)


def test_the_plans_seed_draws_the_sample(tmp_path: Path) -> None:
    def explained(seed: int) -> set[str]:
        run = audits.run(write_plan(tmp_path, comments(400), [{"explain.attribution": {"texts": 30}}], seed=seed))
        return set(run.table("attribution.completeness")["Row"])

    assert explained(1) == explained(1)
    assert explained(1) != explained(2)


def test_texts_that_were_cut_are_told_beside_every_rate(tmp_path: Path) -> None:
    rows = comments(60).with_columns(
        text=pl.when(pl.int_range(60) < 2).then(pl.lit("word " * 20_000)).otherwise("text")
    )
    run = audits.run(write_plan(tmp_path, rows, ["bias.group-rates"]))
    told = "2 examples are longer than the model can read and were judged by their beginnings."
    for finding in run.findings:
        assert told in map(str, finding.details)

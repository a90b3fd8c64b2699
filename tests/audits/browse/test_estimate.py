"""What a plan will take: counted as the bench will count, and silent about what cannot be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import audits
from audits.browse.estimate import at_hand, estimate
from audits.browse.models import Models
from audits.browse.pace import pace
from audits.engine.pairing import open_pair
from audits.plan import Plan
from audits.plan_file import read_plan
from probes.errors import BadData
from probes.subjects.scripted import Scripted
from tests.audits.engine.worlds import comments, write_plan
from tests.probes.tiny_models import SENTENCES

EVERY = ["bias.group-rates", {"explain.attribution": {"texts": 10}}, {"attention.heads": {"texts": 6}}, "data.profile"]


def planned(folder: Path, **changes: object) -> tuple[Plan, Path]:
    asked = changes.pop("audits", EVERY)
    path = write_plan(folder, comments(40), asked, **changes)  # type: ignore[arg-type]
    return read_plan(path)[0], folder


def test_every_row_is_asked_once_whichever_audits_ask_it(tmp_path: Path) -> None:
    plan, base = planned(tmp_path)
    told = estimate(plan, base)
    assert (told.rows, told.passes, told.already_measured) == (40, 40 + 10 * 21 + 6, 0)
    only = plan.model_copy(update={"audits": plan.audits[:1]})
    assert estimate(only, base).passes == 40
    twice = plan.model_copy(update={"audits": (*plan.audits[:1], *plan.audits[:1])})
    assert estimate(twice, base).passes == 40


def test_what_a_run_has_measured_need_not_be_measured(tmp_path: Path) -> None:
    plan, base = planned(tmp_path)
    audits.run(plan, base=base)
    told = estimate(plan, base)
    assert told.already_measured == told.passes
    more = planned(tmp_path / "more", data={"split": None})[0]
    rows = comments(60)
    rows.write_csv(tmp_path / "more" / "rows.csv")
    part = estimate(more.model_copy(update={"audits": more.audits[:1]}), tmp_path / "more")
    assert part.passes == 60
    assert 0 < part.already_measured < 60


def test_counting_takes_no_model(tmp_path: Path) -> None:
    plan, base = planned(tmp_path, subject="table:?prediction=label", data={"input": None})
    told = estimate(plan, base)
    assert told.passes == 0
    assert told.seconds is not None
    assert "no model is asked" in " ".join(map(str, told.sentences))


def test_time_is_told_once_the_model_is_loaded(tiny_bert: Path, tmp_path: Path) -> None:
    plan, base = planned(tmp_path, subject=f"hf:{tiny_bert}?device=cpu")
    models = Models()
    before = estimate(plan, base, models)
    assert before.seconds is None
    assert "not loaded" in str(before.reason)
    assert not models.holds(plan.subject)
    with models.lend(plan.subject):
        pass
    after = estimate(plan, base, models)
    assert after.reason is None
    assert after.seconds is not None
    assert 0 < after.seconds.low < after.seconds.high
    assert after.memory == before.memory is not None
    assert after.passes == before.passes
    assert estimate(plan, base, models).already_measured == 0, "a sample is not stored"


@pytest.mark.parametrize("uri", ["demo:moderation", "hf:some/model", "hf:nowhere/at/all", "other:x"])
def test_nothing_is_fetched_or_trained_to_tell_what_it_would_take(uri: str, tmp_path: Path) -> None:
    assert not at_hand(uri)
    plan, base = planned(tmp_path, subject=uri)
    told = estimate(plan, base)
    assert (told.seconds, told.memory, told.already_measured) == (None, None, 0)
    assert told.passes == 40 + 10 * 21 + 6
    assert "not open" in str(told.reason)


def test_a_source_that_is_not_there_is_told_as_always(tmp_path: Path) -> None:
    plan, base = planned(tmp_path)
    (base / "rows.csv").unlink()
    with pytest.raises(BadData, match=r"rows\.csv"):
        estimate(plan, base)


def test_of_many_rows_a_sample_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from audits.browse import estimate as module

    plan, base = planned(tmp_path, audits=["bias.group-rates"])
    audits.run(plan, base=base)
    monkeypatch.setattr(module, "SAMPLED", 10)
    told = estimate(plan, base)
    assert told.already_measured == told.passes == 40


def test_a_pace_is_between_its_bounds_and_stops_in_time() -> None:
    inputs = [(text,) for text in SENTENCES] * 20
    found = pace(Scripted(), inputs, gradients=True)
    assert 0 < found.forward.low < found.forward.high
    assert 0 < found.backward.low < found.backward.high
    assert pace(Scripted(), inputs, gradients=False).backward.high == 0


@pytest.mark.parametrize("choice", EVERY, ids=["rates", "attribution", "attention", "profile"])
def test_what_an_audit_tells_beforehand_is_what_the_bench_then_does(choice: Any, tmp_path: Path) -> None:
    """About: samples are rounded up so that groups share equally, and gradients go on until scores add up."""
    plan, base = planned(tmp_path, audits=[choice])
    _, questions, _ = read_plan(plan)
    subject, _ = open_pair(plan, base)
    told = [one for question in questions for one in question.passes(40, subject)]
    run = audits.run(plan, base=base)
    work = run.manifest.work
    assert 0 <= work.measured - sum(one.rows for one in told) <= comments(40)["group"].n_unique()
    passes = sum(one.rows * (one.forward + one.backward) for one in told)
    assert passes / 3 <= work.executed <= passes * 3 or passes == work.executed == 0

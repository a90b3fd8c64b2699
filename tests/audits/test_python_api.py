"""The door for Python: small, whole and stable."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import polars as pl
import pytest
import yaml

import audits
import reports
from audits.engine.progress import Step
from audits.plan import Plan
from audits.runs import Run
from probes.errors import BadPlan, StoreFailed
from tests.audits.engine.worlds import comments, write_plan


def test_all_is_the_whole_surface() -> None:
    own = {
        name
        for name, value in vars(audits).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
        if getattr(value, "__module__", "audits").startswith("audits")
    }
    assert own - {"TYPE_CHECKING", "annotations"} <= set(audits.__all__)
    assert set(audits.__all__) == set(audits._HOMES)
    assert [getattr(audits, name).__name__ for name in audits.__all__] == audits.__all__
    with pytest.raises(AttributeError, match="no attribute 'rum'"):
        audits.rum  # noqa: B018


def test_the_surface_stays_what_it_is() -> None:
    """A name that goes, or comes, is a decision: this list says so."""
    assert sorted(audits.__all__) == ["Finding", "Plan", "Run", "Verdict", "load", "run"]


def test_a_path_a_dict_and_a_plan_are_audited_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_plan(tmp_path, comments(40), ["data.profile"])
    monkeypatch.chdir(tmp_path)
    raw = yaml.safe_load(path.read_text())
    runs = [audits.run(path), audits.run(str(path)), audits.run(raw), audits.run(Plan.model_validate(raw))]
    assert len({run.model_copy(update={"id": "", "manifest": runs[0].manifest}).model_dump_json() for run in runs}) == 1


def test_a_run_is_loaded_looked_into_and_written(tmp_path: Path) -> None:
    made = audits.run(write_plan(tmp_path, comments(60), ["bias.group-rates", {"explain.attribution": {"texts": 60}}]))
    run = audits.load(made.id)
    assert run == made
    assert sum(run.verdicts.values()) == len(run.findings)
    words = run.table("attribution.words")
    assert isinstance(words, pl.DataFrame)
    assert words["Word"][0] in ("lovely", "awful", "rude", "kind")
    with pytest.raises(KeyError, match="attribution"):
        run.finding("atribution")
    written = reports.write(run, tmp_path / "report.json")
    assert Run.read(written.read_bytes()) == run
    assert reports.write(run, tmp_path / "report.html").stat().st_size > 1000


def test_progress_is_told_to_whoever_asks(tmp_path: Path) -> None:
    told: list[Step] = []
    audits.run(write_plan(tmp_path, comments(20), ["bias.group-rates"]), progress=told.append)
    assert told[0].done == 0
    assert told[-1].done == told[-1].total == 20


def test_a_run_of_another_time_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="schema version 999"):
        Run.read('{"schema_version": 999}')
    with pytest.raises(StoreFailed, match="not a run"):
        Run.read("[]")


def test_errors_are_one_family() -> None:
    from probes.errors import EvenlightError

    with pytest.raises(EvenlightError):
        audits.run({"name": "x"})
    with pytest.raises(BadPlan, match="the key subject is missing"):
        audits.run({"name": "x"})

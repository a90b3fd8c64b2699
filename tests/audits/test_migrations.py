"""Old runs stay readable, newer ones and other files are refused in one line."""

from __future__ import annotations

import json

import pytest

from audits import migrations
from audits.migrations import MIGRATIONS, migrated
from audits.runs import SCHEMA_VERSION, Run
from probes.errors import StoreFailed
from tests.reports.sample_run import sample_run


def test_a_run_of_today_is_read_as_it_is() -> None:
    text = sample_run().model_dump_json()
    assert migrated(text) == json.loads(text)
    assert Run.read(text.encode()) == sample_run()


def test_there_is_a_step_from_every_earlier_version() -> None:
    assert set(MIGRATIONS) == set(range(1, SCHEMA_VERSION))


def test_steps_are_taken_in_order_and_only_those_that_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", 3)
    monkeypatch.setattr(
        migrations,
        "MIGRATIONS",
        {1: lambda run: {**run, "path": [*run["path"], 1]}, 2: lambda run: {**run, "path": [*run["path"], 2]}},
    )
    for version, path in ((1, [1, 2]), (2, [2]), (3, [])):
        assert migrated(json.dumps({"schema_version": version, "path": []})) == {"schema_version": 3, "path": path}


def test_a_version_whose_step_is_gone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", 3)
    with pytest.raises(StoreFailed, match="can no longer be read; run its plan again"):
        migrated('{"schema_version": 1}')


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "JSON was expected, and line 1"),
        ("name: plan\nsubject: hf:x\n", "JSON was expected"),
        ('{"a": 1,\n}', "line 2"),
        (b"\xff\xfe\x00", "This is not a run"),
        ("[]", "not an object"),
        ("3", "not an object"),
        ("{}", "no schema_version"),
        ('{"schema_version": "1"}', "no schema_version"),
        ('{"schema_version": true}', "no schema_version"),
        ('{"schema_version": 0}', "no schema_version"),
        ('{"schema_version": 1, "x": NaN}', "NaN, which is no number"),
        ('{"schema_version": 1, "x": -Infinity}', "-Infinity"),
        ('{"schema_version": 999}', "999, this Evenlight knows them up to"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_not_a_run_is_refused_in_one_line(text: str | bytes, wanted: str) -> None:
    with pytest.raises(StoreFailed, match=wanted) as found:
        migrated(text)
    assert "\n" not in str(found.value)

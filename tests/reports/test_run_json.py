"""JSON: the run itself, and the schema that is published for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audits.runs import Run
from reports.formats.json import run_json, run_schema, schema_text
from tests.reports.hostile import hostile_run
from tests.reports.sample_run import sample_run

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "run.schema.json"


@pytest.mark.parametrize("run", [sample_run(), hostile_run()[0]], ids=["sample", "hostile"])
def test_a_run_equals_its_own_json_round_trip(run: Run) -> None:
    assert Run.read(run_json(run)) == run
    assert run_json(Run.read(run_json(run))) == run_json(run)


def test_json_holds_no_number_that_json_has_not() -> None:
    json.loads(run_json(sample_run()), parse_constant=pytest.fail)


def test_the_published_schema_is_current() -> None:
    renew = (
        """python -c 'import reports.formats.json as j; print(j.schema_text(), end="")' > docs/schema/run.schema.json"""
    )
    assert PUBLISHED.read_text("utf-8") == schema_text(), renew


def test_the_schema_names_every_part_of_a_run_and_allows_no_other() -> None:
    schema = run_schema()
    assert set(schema["properties"]) == set(Run.model_fields)
    assert schema["additionalProperties"] is False
    closed = [name for name, part in schema["$defs"].items() if part.get("type") == "object"]
    assert all(schema["$defs"][name]["additionalProperties"] is False for name in closed)

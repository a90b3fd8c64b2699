"""The run itself as JSON, and the JSON Schema that it keeps to."""

from __future__ import annotations

import json
from typing import Any

from audits.runs import Run
from reports.formats import renders


@renders("json", suffix=".json")
def run_json(run: Run) -> str:
    """The run; reading it back gives an equal run."""
    return run.model_dump_json(indent=2) + "\n"


def schema_text() -> str:
    """The schema as the published file holds it."""
    return json.dumps(run_schema(), indent=2, ensure_ascii=False) + "\n"


def run_schema() -> dict[str, Any]:
    """The JSON Schema of a run, as published in docs/schema/run.schema.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Evenlight run",
        **{key: value for key, value in Run.model_json_schema(mode="serialization").items() if key != "title"},
    }

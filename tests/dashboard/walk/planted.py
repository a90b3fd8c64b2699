"""Small finished runs of which every number on the dashboard's pages is known before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl
import yaml

import audits
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs
from tests.reports.hostile import hostile_run
from tests.reports.sample_run import sample_run

WRONG: Final = {"women": 90, "men": 35, "elders": 50}
"""Group -> how many of its 250 neutral comments the scripted model flags: 36 %, 14 % and 20 %."""

EACH: Final = 250
"""Neutral comments of a group, and as many that are labelled as flagged, all of which the model finds."""

WORDS: Final = {"women": "Women", "men": "Men", "elders": "Older people"}

MODEL: Final = "scripted:?words=awful:2,rude:1.5,kind:-1,lovely:-2.5&bias=-0.5"

HIRED: Final = {"north": (30, 40), "south": (18, 40)}
"""Group -> how many of how many applicants the table says were approved."""


@dataclass(frozen=True)
class Planted:
    """A home with runs in it, and where the texts of new ones lie."""

    home: Path
    comments: Path
    text: Run
    """Comments of three groups, judged by the scripted model."""
    table: Run
    """Decisions that stand in a table."""
    sample: Run
    """Every kind of evidence and every verdict, without data behind it."""
    hostile: Run
    """The same with texts that try to be more than text."""


def plant(folder: Path) -> Planted:
    """Makes the runs, the text run last."""
    home = folder / "home"
    with at_home(home):
        sample, hostile = kept(sample_run(), home), kept(hostile_run()[0], home)
        rows = folder / "applicants.csv"
        applicants().write_csv(rows)
        table = audits.run(table_plan(rows))
        texts = folder / "comments.csv"
        comments().write_csv(texts)
        return Planted(home, texts, audits.run(text_plan(texts)), table, sample, hostile)


@contextmanager
def at_home(home: Path) -> Iterator[None]:
    """Whatever is run or loaded meanwhile lies in this home."""
    before = os.environ.get("EVENLIGHT_HOME")
    os.environ["EVENLIGHT_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["EVENLIGHT_HOME"]
        else:
            os.environ["EVENLIGHT_HOME"] = before


def comments() -> pl.DataFrame:
    """Comments of which the model flags exactly those that hold `awful`; every row has a name."""
    rows = []
    for group, wrong in WRONG.items():
        for at in range(EACH):
            said = "awful" if at < wrong else "kind"
            rows.append((f"{group}-neutral-{at}", f"The {said} boss met {group} at noon {at}", "neutral", group))
            rows.append((f"{group}-flagged-{at}", f"What an awful rude day for {group} {at}", "flagged", group))
    return pl.DataFrame(rows, schema=["name", "text", "label", "group"], orient="row")


def text_plan(rows: Path) -> dict[str, object]:
    """All audits that a model of texts can be asked."""
    return {
        "name": "Planted comments",
        "subject": MODEL,
        "data": {
            "source": str(rows), "id": "name", "input": "text", "label": "label", "positive": "flagged",
            "protected": ["group"],
        },
        "words": {"item": "comment", "positive": "flagged", "relation": "about", "groups": WORDS},
        "audits": [
            {"bias.group-rates": {"tolerance": 0.1}},
            {"explain.attribution": {"texts": 30, "shown": 6}},
            {"attention.heads": {"texts": 12, "shown": 3}},
            "data.profile",
        ],
    }  # fmt: skip


def applicants() -> pl.DataFrame:
    """Decisions of two groups in two towns."""
    rows = [
        (f"{group}-{at}", group, "approved" if at < yes else "refused", "approved" if at % 2 else "refused", at)
        for group, (yes, n) in HIRED.items()
        for at in range(n)
    ]
    return pl.DataFrame(rows, schema=["name", "region", "decision", "outcome", "age"], orient="row")


def table_plan(rows: Path) -> dict[str, object]:
    """Decisions that somebody else took."""
    return {
        "name": "Planted applicants",
        "subject": "table:?prediction=decision",
        "data": {
            "source": str(rows), "id": "name", "label": "outcome", "positive": "approved", "protected": ["region"],
        },
        "words": {"item": "applicant", "positive": "approved", "relation": "from"},
        "audits": ["bias.group-rates", "data.profile"],
    }  # fmt: skip


def kept(run: Run, home: Path) -> Run:
    """The run as if it had been made here, under an id of its own."""
    runs = Runs(database_url())
    named = run.model_copy(update={"id": f"{run.id}-{len(runs.entries())}"})
    runs.start(named.id, named.plan, datetime.now(UTC), home)
    runs.finish(named)
    return named


def write_plan(plan: dict[str, object], path: Path) -> Path:
    """The plan as a file."""
    path.write_text(yaml.safe_dump(plan, sort_keys=False), "utf-8")
    return path

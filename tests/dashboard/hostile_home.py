"""A home in which every text that came from outside tries to be more than text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import polars as pl
import pytest

import audits
from audits.jobs import Jobs
from audits.plan import AuditChoice, DataPlan, Plan, Words
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs
from probes.subjects.scripted import Scripted
from tests.reports.hostile import ATTACKS, hostile_run

ROWS = 240
TEXT, LABEL, GROUP, OTHER = ("![text](http://127.0.0.1:9/t)", "<b>label</b>", "[group](javascript:alert(1))",
                             "$other$ :red[x] `y`")  # fmt: skip
CLASSES = ("<img src=http://127.0.0.1:9/c onerror=alert(1)>", "![flagged](http://127.0.0.1:9/f)")
AUDITS = ("data.profile", "bias.group-rates", "explain.attribution", "attention.heads")


@dataclass(frozen=True, slots=True)
class HostileHome:
    """Where it lies and the finished runs in it."""

    folder: Path
    drawn: Run
    """Holds every kind of evidence; its model and data do not exist."""
    audited: Run
    """Was really made, of a model and rows that can be opened."""


def hostile_home(folder: Path) -> HostileHome:
    """Makes it: a run that was drawn up, one that was audited, one that failed, and a job that waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENLIGHT_HOME", str(folder))
        patch.delenv("EVENLIGHT_STORE", raising=False)
        patch.delenv("EVENLIGHT_DATABASE", raising=False)
        plan = _plan(folder)
        audited = audits.run(plan)
        runs, (drawn, _) = Runs(database_url()), hostile_run()
        runs.start(drawn.id, drawn.plan, drawn.manifest.started)
        runs.finish(drawn)
        runs.start("0badc0de0bad", plan, datetime.now(UTC))
        runs.fail("0badc0de0bad", " ".join(ATTACKS))
        Jobs(database_url()).submit(plan.model_copy(update={"name": f"{ATTACKS[3]} {ATTACKS[1]}"}))
        return HostileHome(folder, drawn, audited)


def _plan(folder: Path) -> Plan:
    attack = cycle(ATTACKS)
    groups = [text.replace("\x00", "") for text in ATTACKS[:6]]
    texts = [f"{'awful' if at % 3 else 'kind'} {next(attack)} number {at}".replace("\x00", "") for at in range(ROWS)]
    source = folder / "rows.parquet"
    pl.DataFrame(
        {
            TEXT: texts,
            LABEL: [CLASSES[at % 2] for at in range(ROWS)],
            GROUP: [groups[at % len(groups)] for at in range(ROWS)],
            OTHER: [ATTACKS[-at % len(ATTACKS)] for at in range(ROWS)],
        }
    ).write_parquet(source)
    return Plan(
        name=f"{ATTACKS[0]} {ATTACKS[3]} {ATTACKS[6]}",
        subject=Scripted(labels=CLASSES, words={"awful": 2.0, "kind": -1.0, "number": 0.5}, bias=-1.0).uri,
        data=DataPlan(source=str(source), input=(TEXT,), label=LABEL, protected=(GROUP,)),
        words=Words(item=ATTACKS[2], positive=ATTACKS[4], relation=ATTACKS[5], groups={groups[0]: ATTACKS[7]}),
        audits=tuple(AuditChoice(name=name) for name in AUDITS),
    )

"""The list of runs: what state each is in, and how one is named."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy

import audits
from audits.plan import AuditChoice, DataPlan, Plan
from audits.store.home import database_url, home
from audits.store.runs import Runs, State
from probes.errors import StoreFailed
from tests.audits.engine.worlds import comments, write_plan

PLAN = Plan(name="x", subject="scripted:", data=DataPlan(source="rows.csv"), audits=(AuditChoice(name="data.profile"),))


def states() -> dict[str, State]:
    return {entry.id: entry.state for entry in Runs(database_url()).entries()}


def claim(run_id: str, **values: object) -> None:
    """Rewrites who works on a run."""
    with sqlalchemy.create_engine(database_url()).begin() as connection:
        sets = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(sqlalchemy.text(f"update runs set {sets} where id = :id"), {**values, "id": run_id})


def test_a_run_is_running_as_long_as_its_process_is() -> None:
    runs = Runs(database_url())
    runs.start("mine", PLAN, datetime.now(UTC))
    assert states() == {"mine": State.RUNNING}
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    claim("mine", pid=gone.pid)
    assert states() == {"mine": State.INTERRUPTED}


def test_a_younger_process_with_the_same_number_does_not_keep_a_run_alive() -> None:
    Runs(database_url()).start("old", PLAN, datetime.now(UTC) - timedelta(days=30))
    claim("old", pid=os.getpid())
    assert states() == {"old": State.INTERRUPTED}


def test_a_dead_child_that_nobody_waited_for_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.read()
    Runs(database_url()).start("zombie", PLAN, datetime.now(UTC))
    claim("zombie", pid=child.pid)
    for _ in range(200):
        if states() == {"zombie": State.INTERRUPTED}:
            break
    assert states() == {"zombie": State.INTERRUPTED}
    child.wait()


def test_nobody_can_tell_about_another_machine() -> None:
    Runs(database_url()).start("elsewhere", PLAN, datetime.now(UTC))
    claim("elsewhere", host="another-machine", pid=2**22 + 1)
    assert states() == {"elsewhere": State.RUNNING}


def test_runs_are_listed_newest_first_with_their_verdicts(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(30), ["data.profile"])
    first, second = audits.run(plan), audits.run(plan)
    entries = Runs(database_url()).entries()
    assert {entry.id for entry in entries} == {first.id, second.id}
    assert entries[0].started >= entries[1].started
    assert entries[0].verdicts == dict(second.verdicts)


def test_a_run_is_found_by_the_beginning_of_its_id_unless_several_begin_so(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(30), ["data.profile"])
    first, second = audits.run(plan), audits.run(plan)
    assert audits.load(first.id).id == first.id
    assert audits.load(second.id[:-1]).id == second.id
    with pytest.raises(StoreFailed, match="runs begin with"):
        audits.load(first.id[:4])
    with pytest.raises(StoreFailed, match="no finished run nix"):
        audits.load("nix")
    with pytest.raises(StoreFailed, match="no finished run"):
        audits.load("")


def test_a_database_that_is_none_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    (home() / "evenlight.db").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreFailed, match=r"evenlight\.db") as caught:
        Runs(database_url())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x", "postgresql+nodriver://user:secret@host/db", "sqlite://///"])
def test_an_address_that_leads_nowhere_is_told_in_one_line_without_its_password(url: str) -> None:
    with pytest.raises(StoreFailed, match="EVENLIGHT_DATABASE") as caught:
        Runs(url)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_first_runs_may_start_at_once() -> None:
    code = "from audits.store.home import database_url; from audits.store.runs import Runs; Runs(database_url())"
    starting = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait() for process in starting] == [0, 0, 0]


def test_it_is_noted_where_a_plans_relative_paths_start(tmp_path: Path) -> None:
    runs = Runs(database_url())
    runs.start("rooted", PLAN, datetime.now(UTC), tmp_path)
    runs.start("unrooted", PLAN, datetime.now(UTC))
    assert runs.base("rooted") == tmp_path
    assert runs.base("unrooted") is None
    assert runs.base("nobody") is None
    run = audits.run(write_plan(tmp_path / "beside", comments(30), ["data.profile"]))
    assert runs.base(run.id) == tmp_path / "beside"


def test_one_run_is_found_by_its_whole_id_whatever_its_state() -> None:
    runs = Runs(database_url())
    runs.start("mine", PLAN, datetime.now(UTC))
    assert runs.entry("mine") == runs.entries()[0]
    with pytest.raises(StoreFailed, match="no run min;"):
        runs.entry("min")


def test_a_list_from_before_there_was_a_base_is_read_on() -> None:
    Runs(database_url()).start("old", PLAN, datetime.now(UTC))
    with sqlalchemy.create_engine(database_url()).begin() as connection:
        connection.execute(sqlalchemy.text("ALTER TABLE runs DROP COLUMN base"))
    code = "from audits.store.home import database_url; from audits.store.runs import Runs; Runs(database_url())"
    opening = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [process.wait() for process in opening] == [0, 0, 0]
    runs = Runs(database_url())
    assert runs.base("old") is None
    runs.start("new", PLAN, datetime.now(UTC), Path("plans"))
    assert runs.base("new") == Path("plans").absolute()
    assert {entry.id for entry in runs.entries()} == {"old", "new"}

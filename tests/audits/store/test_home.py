"""The home: one folder, made where it is missing, and a reason in one line where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

import audits
from audits.store.home import database_url, home, store_url
from probes.errors import StoreFailed
from tests.audits.engine.worlds import comments, write_plan


def test_the_home_is_made_and_holds_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "a" / "b"))
    assert home() == tmp_path / "a" / "b"
    assert home().is_dir()
    assert store_url().startswith(str(home()))
    assert str(home()) in database_url()


def test_a_relative_home_does_not_move_when_the_working_folder_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EVENLIGHT_HOME", "here")
    assert home() == tmp_path / "here"


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_file_where_the_home_should_be_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    plan = write_plan(tmp_path / "plan", comments(10), ["data.profile"])
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "file" / below))
    with pytest.raises(StoreFailed, match="EVENLIGHT_HOME") as caught:
        audits.run(plan)
    assert "\n" not in str(caught.value)


def test_a_file_where_the_measurements_should_be_is_told_in_one_line(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(10), ["bias.group-rates"])
    (home() / "measurements").write_text("in the way")
    with pytest.raises(StoreFailed, match="measurements"):
        audits.run(plan)


def test_the_store_may_be_any_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENLIGHT_STORE", f"memory://{tmp_path}/store")
    plan = write_plan(tmp_path, comments(10), ["bias.group-rates"])
    assert audits.run(plan).manifest.work.measured == 10
    assert audits.run(plan).manifest.work.measured == 0
    assert not (home() / "measurements").exists()

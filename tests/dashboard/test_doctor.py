"""The doctor: what is whole is said, what is broken is said with the next move."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from audits.store.home import home
from dashboard.doctor import checks
from dashboard.whole import PACKAGES, check_whole, places
from probes.errors import SetupBroken
from tests.dashboard.door import evenlight

ROOT = Path(__file__).parents[2]


def broken() -> dict[str, str]:
    return {str(check.name): str(check.found) for check in checks() if check.broken}


def test_a_whole_installation_has_nothing_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.doctor.LEAST_SPACE", 0)
    assert broken() == {}
    assert {folder.parent for folder in places().values() if folder} == {ROOT}


def test_the_doctor_prints_every_check_and_returns_zero_when_nothing_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    done = evenlight("doctor")
    free = shutil.disk_usage(home()).free
    assert done.returncode == (0 if free >= 3e9 else 1)
    assert "Traceback" not in done.stderr
    for name in ("Packages", "Home", "Runs", "Torch", "Transformers", "Hub"):
        assert f"{name}: " in done.stdout


def test_too_little_space_is_broken_and_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.doctor.LEAST_SPACE", 1e18)
    assert "EVENLIGHT_HOME" in broken()["Home"]


def test_a_file_where_the_home_should_be_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "file"))
    found = broken()
    assert {"Home", "Runs"} <= set(found)
    assert all("EVENLIGHT_HOME" in found[name] for name in ("Home", "Runs"))


def test_torch_that_does_not_load_is_broken_and_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "install it again" in broken()["Torch"]


@pytest.mark.parametrize("name", sorted(set(PACKAGES) - {"dashboard"}))
@pytest.mark.parametrize("words", [["doctor"], ["audits"]], ids=" ".join)
def test_a_package_of_the_same_name_that_comes_first_is_told_in_one_line(
    tmp_path: Path, name: str, words: list[str]
) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    done = evenlight(*words, PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert name in done.stderr
    assert "environment of its own" in done.stderr


def test_a_folder_without_a_package_in_it_shadows_nothing(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    assert evenlight("audits", PYTHONPATH=f"{tmp_path}:{ROOT}").returncode == 0


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.whole.find_spec", lambda _: None)
    with pytest.raises(SetupBroken, match="audits loads from nowhere"):
        check_whole()

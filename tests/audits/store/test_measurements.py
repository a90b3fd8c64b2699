"""Measurements: nothing is lost, whoever writes at the same time and whatever happens to the files."""

from __future__ import annotations

import errno
import multiprocessing
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from audits.store import blobs as files
from audits.store.measurements import FEW, Measurements, Space
from probes.errors import StoreFailed
from tests.audits.engine.worlds import damage, flipped
from tests.audits.store.results import Result, digest, equal, result, results


def space(url: str | Path) -> Space[Result]:
    return Measurements(str(url)).space("probe|subject", Result)


def packs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.pack"))


@pytest.fixture(params=["folder", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder, and an object store: any fsspec URL will do."""
    return str(tmp_path) if request.param == "folder" else f"memory://{tmp_path}"


def test_what_is_written_is_found_again_by_others(url: str) -> None:
    mine = space(url)
    mine.write(results(1, 2))
    mine.write(results(3))
    theirs = space(url)
    assert [digest(at) in theirs for at in range(5)] == [False, True, True, True, False]
    for at in (1, 2, 3):
        equal(result(at), theirs.read(digest(at)))
        equal(mine.read(digest(at)), theirs.read(digest(at)))


def test_spaces_of_different_identities_share_nothing(url: str) -> None:
    space(url).write(results(1))
    other = Measurements(url).space("probe|another subject", Result)
    assert digest(1) not in other
    with pytest.raises(KeyError):
        other.read(digest(1))


def test_merging_small_packs_keeps_every_row(url: str) -> None:
    mine = space(url)
    for at in range(FEW + 3):
        mine.write(results(at, at + 100))
    mine.compact()
    theirs = space(url)
    for at in range(FEW + 3):
        equal(result(at), mine.read(digest(at)))
        equal(result(at + 100), theirs.read(digest(at + 100)))


def test_merging_leaves_one_pack_and_does_not_touch_what_others_wrote(tmp_path: Path) -> None:
    others = space(tmp_path)
    others.write(results(1000))
    mine = space(tmp_path)
    for at in range(FEW):
        mine.write(results(at))
    mine.compact()
    assert len(packs(tmp_path)) == 2
    assert digest(1000) in space(tmp_path)


def test_merging_packs_of_which_one_holds_all_rows_keeps_it(tmp_path: Path) -> None:
    mine = space(tmp_path)
    for at in range(FEW):
        mine.write(results(*range(at + 1)))
    mine.compact()
    assert all(digest(at) in space(tmp_path) for at in range(FEW))
    assert len(packs(tmp_path)) == 1


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audits.store.measurements.KEPT", 0)


@pytest.mark.usefixtures("nothing_kept")
def test_a_reader_follows_where_another_process_merged_its_packs(tmp_path: Path) -> None:
    writer = space(tmp_path)
    for at in range(FEW):
        writer.write(results(at))
    reader = space(tmp_path)
    writer.compact()
    for at in range(FEW):
        equal(result(at), reader.read(digest(at)))


def test_a_space_opened_while_packs_are_merged_misses_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = space(tmp_path)
    for at in range(FEW):
        writer.write(results(at))
    names = files.Blobs.names

    def then_merged(self: files.Blobs, folder: str) -> list[str]:
        found = names(self, folder)
        writer.compact()
        return found

    monkeypatch.setattr(files.Blobs, "names", then_merged)
    reader = space(tmp_path)
    assert all(digest(at) in reader for at in range(FEW))


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("harm", ["flip", "delete"])
def test_a_pack_that_is_lost_while_it_is_in_use_is_told_in_one_line(tmp_path: Path, harm: str) -> None:
    writer = space(tmp_path)
    writer.write(results(1))
    writer.write(results(2))
    reader = space(tmp_path)
    for pack in packs(tmp_path):
        damage(pack, flipped) if harm == "flip" else pack.unlink()
    with pytest.raises(StoreFailed, match="run the same plan again") as caught:
        reader.read(digest(1))
    assert "\n" not in str(caught.value)
    assert digest(1) not in space(tmp_path)


def _write_many(folder: str, start: int, rows: int) -> None:
    mine = space(folder)
    for at in range(start, start + rows):
        mine.write(results(at))
        if at % 10 == 9:
            mine.compact()
    mine.compact()


def test_processes_that_write_the_same_space_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    each = 40
    writers = [context.Process(target=_write_many, args=(str(tmp_path), start, each)) for start in (0, 30, 60)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        space(tmp_path)  # somebody also reads all the time
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    found = space(tmp_path)
    for at in range(100):
        equal(result(at), found.read(digest(at)))


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A disk on which nothing more can be made durable, from when it is called."""

    def fill() -> None:
        def full(handle: int) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)

    yield fill
    monkeypatch.undo()


def test_a_full_disk_is_told_in_one_line_leaves_no_half_file_and_keeps_what_was_there(
    tmp_path: Path, full_disk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = space(tmp_path)
    mine.write(results(1))
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    full_disk()
    with pytest.raises(StoreFailed, match="here is no space left for") as caught:
        mine.write(results(2))
    assert "\n" not in str(caught.value)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == before
    monkeypatch.undo()
    again = space(tmp_path)
    assert digest(1) in again
    assert digest(2) not in again
    again.write(results(2))
    assert digest(2) in space(tmp_path)


def test_a_disk_that_fails_in_the_middle_of_a_file_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = space(tmp_path)
    mine.write(results(1))
    opened = Path.open

    def short(self: Path, *args: Any, **settings: Any) -> IO[Any]:
        file: IO[Any] = opened(self, *args, **settings)
        written = file.write

        def write(data: Any) -> int:
            written(data[: len(data) // 2])
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

        monkeypatch.setattr(file, "write", write)
        return file

    monkeypatch.setattr(Path, "open", short)
    with pytest.raises(StoreFailed, match="here is no space left for"):
        mine.write(results(2))
    monkeypatch.undo()
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a file system of limited size cannot be mounted here: {mounted.stderr.strip()}")
    try:
        mine = space(tmp_path)
        written: list[int] = []

        def fill() -> None:
            for at in range(100):
                mine.write(results(*range(20 * at, 20 * at + 20)))
                written.append(at)

        with pytest.raises(StoreFailed, match="here is no space left for"):
            fill()
        found = space(tmp_path)
        assert written
        assert all(digest(20 * at) in found for at in written)
        assert found.set_aside == 0
        assert not [path for path in tmp_path.rglob(".*") if path.is_file()]
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_file_where_a_space_should_be_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / space(tmp_path).name).write_text("in the way")
    with pytest.raises(StoreFailed):
        space(tmp_path).write(results(1))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreFailed):
        space(tmp_path / "file").write(results(1))


@pytest.mark.parametrize("where", ["nosuch://bucket", "abfs-of-nobody://x/y"])
def test_a_store_that_nothing_opens_is_told_in_one_line(where: str) -> None:
    with pytest.raises(StoreFailed, match="EVENLIGHT_STORE") as caught:
        Measurements(where)
    assert "\n" not in str(caught.value)

"""Writing a report: the right format, whole or not at all, and one line where it cannot be done."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from audits.runs import Run
from probes.errors import EvenlightError
from reports import write
from reports.formats import formats
from tests.reports.sample_run import sample_run


@pytest.fixture(scope="module")
def run() -> Run:
    return sample_run()


def test_every_file_among_the_formats_is_a_format() -> None:
    import reports.formats as package

    files = {path.stem for path in Path(package.__path__[0]).glob("*.py")} - {"__init__", "contents"}
    assert set(formats()) == files
    assert len({each.suffix for each in formats().values()}) == len(formats())


@pytest.mark.parametrize("name", ["html", "json"])
def test_the_suffix_chooses_the_format(run: Run, tmp_path: Path, name: str) -> None:
    assert write(run, tmp_path / f"a.{name.upper()}").read_text("utf-8") == formats()[name].render(run)
    assert write(run, str(tmp_path / "b.txt"), format=name).read_text("utf-8") == formats()[name].render(run)


def test_a_report_is_replaced_whole_and_leaves_nothing_beside_it(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "report.json"
    place.write_text("old")
    write(run, place)
    assert Run.read(place.read_text("utf-8")) == run
    assert list(tmp_path.iterdir()) == [place]


def test_a_report_is_as_readable_as_any_new_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    assert write(run, tmp_path / "a.json").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_full_disk_leaves_the_old_report_as_it_was(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "report.json"
    place.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EvenlightError, match="No space left"):
        write(run, place)
    assert place.read_text() == "old"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize(
    ("path", "name", "wanted"),
    [
        ("report.docx", None, r"\.html and \.json.*html and json"),
        ("report", None, r"\.html and \.json"),
        ("report.html", "odt", "There is no format odt; there are html and json"),
        ("missing/report.html", None, "There is no folder .*missing"),
        (".", "html", "is a folder; name a file in it, such as .*report.html"),
        ("file/report.html", None, "There is no folder .*file"),
    ],
)
def test_what_cannot_be_written_is_said_in_one_line(
    run: Run, tmp_path: Path, path: str, name: str | None, wanted: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvenlightError, match=wanted) as found:
        write(run, tmp_path / path, format=name)
    assert "\n" not in str(found.value)

"""Uploads: kept by what they hold, whatever they were called, and nothing else is taken."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.data.sources import READERS
from audits.store import uploads
from audits.store.home import home
from audits.store.uploads import KINDS, keep
from probes.errors import BadData, StoreFailed

ROWS = b"text,label\nhello,neutral\n"

HOSTILE = [
    "../../../etc/passwd.csv",
    "/etc/cron.d/job.csv",
    "..\\..\\windows\\evil.csv",
    "C:\\x.csv",
    "a\x00b.csv",
    "<script>alert(1)</script>.csv",
    "\u202egnp.csv",
    "con.csv",
    "." * 300 + ".csv",
    "x" * 5000 + ".csv",
    "~root/.ssh/keys.csv",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_name_under_which_it_came_is_no_path(name: str) -> None:
    path = keep(name, ROWS)
    assert path.parent == home() / "uploads"
    assert path.name == keep("harmless.csv", ROWS).name
    assert path.read_bytes() == ROWS
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@given(st.text(max_size=60), st.sampled_from(KINDS))
def test_no_name_leads_out_of_the_folder(name: str, kind: str) -> None:
    path = keep(name + "x" + kind, ROWS)
    assert path.parent.resolve() == (home() / "uploads").resolve()
    assert path.suffix == kind


@pytest.mark.parametrize(
    "name", ["model.pkl", "rows.csv.pkl", "rows.zip", "rows", ".csv", "rows.CSV\n", "rows.py", "rows.xlsx"]
)
def test_only_tables_are_taken(name: str) -> None:
    with pytest.raises(BadData, match="send one of"):
        keep(name, ROWS)
    assert not (home() / "uploads").exists()


def test_every_kind_that_is_taken_can_be_read() -> None:
    assert set(KINDS) == set(READERS)


def test_endings_may_be_in_capitals() -> None:
    assert keep("ROWS.CSV", ROWS).suffix == ".csv"


def test_the_same_content_lies_in_the_same_place_and_other_content_elsewhere() -> None:
    assert keep("a.csv", ROWS) == keep("b.csv", ROWS)
    assert keep("a.csv", ROWS) != keep("a.csv", ROWS + b"again,neutral\n")


def test_what_is_empty_or_too_large_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadData, match="empty"):
        keep("a.csv", b"")
    monkeypatch.setattr(uploads, "LARGEST", 10)
    with pytest.raises(BadData, match="name its path"):
        keep("a.csv", ROWS)


def test_a_file_that_was_cut_short_is_written_again() -> None:
    path = keep("a.csv", ROWS)
    path.write_bytes(ROWS[:5])
    assert keep("a.csv", ROWS).read_bytes() == ROWS


def test_a_full_disk_is_one_line_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "write_file", full)
    with pytest.raises(StoreFailed, match="no space left"):
        keep("a.csv", ROWS)
    assert not (home() / "uploads").exists()

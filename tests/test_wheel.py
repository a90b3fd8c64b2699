"""What is installed is what is in the checkout: nothing missing, nothing that does not belong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("audits", "dashboard", "probes", "reports")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with ZipFile(built) as archive:
        return set(archive.namelist())


def test_every_file_of_the_four_packages_is_in_the_wheel(wheel: set[str]) -> None:
    # A .gitignore line such as "reports/" would drop a package without a word.
    here = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert here
    assert here - wheel == set()


def test_nothing_else_is_in_the_wheel(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert tops - {top for top in tops if top.startswith("evenlight-")} == set(PACKAGES)


def test_the_console_script_and_the_licence_are_in_the_wheel(wheel: set[str]) -> None:
    assert any(name.endswith("entry_points.txt") for name in wheel)
    assert any(name.endswith("LICENSE") for name in wheel)
    assert all(f"{package}/py.typed" in wheel for package in PACKAGES)

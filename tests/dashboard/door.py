"""The command line as a user meets it: a process of its own, with its exit code and both its streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def evenlight(*words: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs `evenlight WORDS` as the console script does."""
    return subprocess.run(
        [sys.executable, "-P", "-c", "from dashboard.cli import main; main()", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
    )

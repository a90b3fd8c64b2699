"""What a downloaded file is called: after its run, in letters that every system takes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from audits.runs import Run

LONGEST: Final = 60
"""Letters of a run's name in the name of a file."""


def file_name(run: Run, ending: str) -> str:
    """For a run named Moderation model, plain: moderation-model-plain-20261125.html, or -20261125-rows.csv."""
    letters = unicodedata.normalize("NFKD", run.plan.name).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall("[a-z0-9]+", letters))[:LONGEST].strip("-") or "run"
    day = f"{run.manifest.started:%Y%m%d}"
    return f"{name}-{day}{ending}" if ending.startswith(".") else f"{name}-{day}-{ending}"

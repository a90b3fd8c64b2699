"""One row opened: what was decided about it, its whole text, and the way to Explain."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode

from audits.browse.rows import BrowsedRows
from dashboard import stage
from dashboard.rows.headings import PROBABILITY, heading, texts
from dashboard.rows.table import cell, facts
from probes.errors import BadData
from probes.speech import Sentence

LONGEST: Final = 20_000
"""Letters of the text of one row."""


def open_row(rows: BrowsedRows, key: str, shown: bool, hint: Sentence, name: str) -> None:
    """The row of this key; where there is none, how to open one."""
    row: dict[str, Any] = {}
    if key:
        # A key of another run, or a link that is worn, opens none.
        with suppress(BadData):
            row = rows.one(key)
    known = {column.name: column for column in rows.columns}
    html = stage.filled(
        "data_row.html",
        row=row,
        key=key,
        facts=facts(row, rows) if row else [],
        texts=[
            (heading(each), cell(known[each], row[each], rows, hidden=not shown, longest=LONGEST))
            for each in texts(rows)
            if row and row[each] is not None
        ],
        explain=explain(rows, key),
        hint=hint,
    )
    stage.show(html, key=name)


def explain(rows: BrowsedRows, key: str) -> str:
    """Where a row is explained; nothing for a run without a model."""
    if not rows.has(PROBABILITY):
        return ""
    return f"explain?{urlencode({'run': rows.run.id, 'example': key})}"

"""Tables as rows, under their headings in English."""

from __future__ import annotations

from collections.abc import Iterator

from audits.evidence import Table
from audits.frames.rows import Row, plain, rows
from probes.speech.language import ENGLISH


@rows.register
def _table(evidence: Table) -> Iterator[Row]:
    names = headings(evidence)
    for row in evidence.rows:
        yield dict(zip(names, (None if cell is None else plain(cell) for cell in row), strict=True))


def headings(table: Table) -> list[str]:
    """Column names in English, whoever reads; repeated headings are numbered."""
    names: list[str] = []
    for column in table.columns:
        heading, turn = column.heading.text(ENGLISH), 2
        name = heading
        while name in names:
            name, turn = f"{heading} ({turn})", turn + 1
        names.append(name)
    return names

"""A table: numbers to the right, missing cells as dashes, names never interpreted."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from audits.evidence import Table
from probes.speech import Name, Names, Quantity, say
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.look.palette import GroupColours
from reports.look.wording import shown, untrusted

LONG: Final = 24
"""A table of more rows shows only the first ones at once."""

FIRST: Final = 8


@draws(Table)
def table(evidence: Table, _: GroupColours) -> Drawing:
    """The table as HTML; on narrow screens it scrolls inside its own frame."""
    return Drawing(evidence=evidence, title=evidence.title, still=table_html(evidence))


def table_html(evidence: Table) -> Markup:
    """The bare table, also used for the numbers behind other drawings; a long one shows its first rows."""
    if len(evidence.rows) <= LONG:
        return _rows(evidence)
    head, rest = (evidence.model_copy(update={"rows": rows}) for rows in (evidence.rows[:FIRST], evidence.rows[FIRST:]))
    others = say("The other {n} rows", n=len(rest.rows))
    return Markup('{}<details class="more"><summary>{}</summary>{}</details>').format(_rows(head), others, _rows(rest))


def _rows(evidence: Table) -> Markup:
    return piece("table.html", table=evidence, cell=_cell)


def _cell(value: Quantity | None) -> Markup | str:
    return untrusted(shown(value)) if isinstance(value, Name | Names) else shown(value)

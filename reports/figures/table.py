"""A table: numbers to the right, missing cells as dashes, names never interpreted."""

from __future__ import annotations

from markupsafe import Markup

from audits.evidence import Table
from probes.speech import Name, Names, Quantity
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.look.palette import GroupColours
from reports.look.wording import shown, untrusted


@draws(Table)
def table(evidence: Table, _: GroupColours) -> Drawing:
    """The table as HTML; on narrow screens it scrolls inside its own frame."""
    return Drawing(evidence=evidence, title=evidence.title, still=table_html(evidence))


def table_html(evidence: Table) -> Markup:
    """The bare table, also used for the numbers behind other drawings."""
    return piece("table.html", table=evidence, cell=_cell)


def _cell(value: Quantity | None) -> Markup | str:
    return untrusted(shown(value)) if isinstance(value, Name | Names) else shown(value)

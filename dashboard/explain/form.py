"""A row of a table as a form: a field for each column that the model reads, fitting what the data holds there."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from audits.browse.columns import BrowsedColumn, Kind
from audits.browse.rows import BrowsedRows
from dashboard import stage
from dashboard.explain.texts import Inputs, Texts
from probes.speech import Number
from reports.look.wording import fragment


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its cell, the choices it has, and how far its numbers go in the data."""

    name: str
    cell: str
    own: str | None
    """The row's own cell, where the form holds another."""
    numeric: bool
    choices: tuple[str, ...]
    bounds: str


def form(rows: BrowsedRows, columns: tuple[str, ...], texts: Texts) -> Markup:
    """The form, filled with the cells that are explained."""
    known = {column.name: column for column in rows.columns}
    own = texts.own or ("",) * len(columns)
    fields = [
        _field(known.get(name), name, cell, before) for name, cell, before in zip(columns, texts.now, own, strict=True)
    ]
    return stage.filled("explain_form.html", fields=fields, edited=texts.own is not None and texts.now != texts.own)


def cells(act: stage.Act, columns: int) -> Inputs:
    """What the form says."""
    return tuple(str(act.get(f"cell-{at}", "")).strip() for at in range(columns))


def _field(column: BrowsedColumn | None, name: str, cell: str, own: str) -> Field:
    numeric = column is not None and column.kind is Kind.NUMBER
    values = column.values if column is not None and column.kind is Kind.CATEGORY else ()
    choices = values if not values or cell in values or not cell else (cell, *values)
    return Field(
        name=name,
        cell=cell,
        own=own if own != cell else None,
        numeric=numeric,
        choices=choices,
        bounds=_bounds(column) if column is not None and numeric else "",
    )


def _bounds(column: BrowsedColumn) -> str:
    if column.low is None or column.high is None:
        return ""
    return fragment("{low} to {high}", low=Number(value=column.low, digits=4), high=Number(value=column.high, digits=4))

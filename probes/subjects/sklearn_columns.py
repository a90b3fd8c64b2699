"""Rows of a table as a scikit-learn model expects them: numbers, texts, and gaps as it saw them in training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from probes.errors import BadData

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = {"": float("nan"), "true": 1.0, "false": 0.0}
"""What canonical text stands for a number without being one."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column as the model reads it."""

    name: str
    numeric: bool
    missing: float | str | None
    """What an empty cell of text becomes: NaN, None or empty text, whichever the model has seen in training."""

    def read(self, texts: Sequence[str]) -> Any:
        """The cells as an array. Raises BadData for text where the model reads numbers."""
        if not self.numeric:
            cells = np.empty(len(texts), dtype=object)
            cells[:] = [text or self.missing for text in texts]
            return cells
        try:
            return np.array([NUMBERS[text] if text in NUMBERS else float(text) for text in texts])
        except ValueError as problem:
            wrong = next(text for text in texts if text not in NUMBERS and not _is_number(text))
            raise BadData(
                "column {column} holds {value} in a row, and the model reads numbers there; correct or remove it",
                column=self.name,
                value=wrong[:60],
            ) from problem


def table_columns(model: Any, numeric: Mapping[str, bool]) -> tuple[TableColumn, ...]:
    """How each column is read: as the model's own encoders were trained, and where there is none as the data has it."""
    known = dict(_encoders(model, range(len(numeric))))
    columns = []
    for place, (name, has_numbers) in enumerate(numeric.items()):
        seen = known.get(place)
        if seen is None:
            columns.append(TableColumn(name, has_numbers, float("nan")))
            continue
        texts = [value for value in seen if isinstance(value, str)]
        missing: float | str | None = float("nan")
        if any(value is None for value in seen):
            missing = None
        elif "" in texts and not any(value != value for value in seen):
            missing = ""
        columns.append(TableColumn(name, not texts, missing))
    return tuple(columns)


def read_rows(columns: Sequence[TableColumn], rows: Sequence[tuple[str, ...]], named: bool) -> Any:
    """Rows of canonical text as one data frame, or as an array where the model was trained on one without names."""
    cells = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return as_table(columns, [column.read(texts) for column, texts in zip(columns, cells, strict=True)], named)


def as_table(columns: Sequence[TableColumn], cells: Sequence[Any], named: bool) -> pd.DataFrame | Any:
    """Columns that have been read, side by side."""
    import pandas as pd

    if named:
        # By its type said: pandas would make texts of its own out of objects, in which None becomes NaN.
        series = {column.name: pd.Series(each, dtype=each.dtype) for column, each in zip(columns, cells, strict=True)}
        return pd.DataFrame(series)
    if all(column.numeric for column in columns):
        return np.column_stack(list(cells))
    table = np.empty((len(cells[0]), len(cells)), dtype=object)
    for place, each in enumerate(cells):
        table[:, place] = each
    return table


def _encoders(model: Any, places: Iterable[int]) -> Iterator[tuple[int, Sequence[Any]]]:
    """The categories that an encoder saw in training, for each original column that reaches one as it stands."""
    places = list(places)
    if hasattr(model, "steps"):
        for _, step in model.steps:
            yield from _encoders(step, places)
            # Imputers leave columns where they are; behind anything else they are no longer the original ones.
            if not hasattr(step, "statistics_"):
                return
    elif hasattr(model, "transformers_"):
        for name, part, _ in model.transformers_:
            yield from _encoders(part, [places[at] for at in model._transformer_to_input_indices.get(name, ())])
    elif hasattr(model, "categories_") and len(model.categories_) == len(places):
        yield from zip(places, (list(seen) for seen in model.categories_), strict=True)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

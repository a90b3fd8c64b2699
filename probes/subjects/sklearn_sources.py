"""Which original column each column behind a pipeline's preprocessing was made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

ONE_FOR_ONE: Final = (
    "StandardScaler",
    "MinMaxScaler",
    "MaxAbsScaler",
    "RobustScaler",
    "PowerTransformer",
    "QuantileTransformer",
    "SimpleImputer",
    "OrdinalEncoder",
)
"""They change each column by itself. Others may do so too; what is not known is not assumed."""


def final_step(model: Any) -> Any:
    """The classifier behind all preprocessing."""
    return model.steps[-1][1] if hasattr(model, "steps") else model


def sources(model: Any, columns: int) -> list[int] | None:
    """The original column of each column that the last step reads; None where some column is made of several."""
    steps = [step for _, step in model.steps[:-1]] if hasattr(model, "steps") else []
    return _through(steps, list(range(columns)))


def _through(steps: Sequence[Any], places: list[int] | None) -> list[int] | None:
    for step in steps:
        places = None if places is None else _behind(step, places)
    return places


def _behind(step: Any, places: list[int]) -> list[int] | None:
    kind = type(step).__name__
    if step is None or step == "passthrough":
        return places
    if hasattr(step, "steps"):
        return _through([each for _, each in step.steps], places)
    if kind == "ColumnTransformer":
        return _side_by_side(step, places)
    if kind == "OneHotEncoder":
        return [place for place, width in zip(places, step._n_features_outs, strict=True) for _ in range(width)]
    if kind == "FunctionTransformer":
        return places if step.func is None else None
    if hasattr(step, "get_support"):
        return [places[at] for at in step.get_support(indices=True)]
    if kind in ONE_FOR_ONE and _kept(step, len(places)):
        return places
    return None


def _side_by_side(step: Any, places: list[int]) -> list[int] | None:
    parts: list[tuple[int, list[int]]] = []
    for name, part, _ in step.transformers_:
        given = [places[at] for at in step._transformer_to_input_indices.get(name, ())]
        where = step.output_indices_[name]
        if part == "drop" or not given or where.start == where.stop:
            continue
        made = _behind(part, given)
        if made is None or len(made) != where.stop - where.start:
            return None
        parts.append((where.start, made))
    return [place for _, made in sorted(parts, key=lambda part: part[0]) for place in made]


def _kept(step: Any, columns: int) -> bool:
    """Imputers may drop columns that are all missing, and add columns that say where values were missing."""
    return len(step.get_feature_names_out()) == columns

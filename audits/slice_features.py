"""What rows are sliced by: protected attributes, categories, numbers in bins, lengths of texts and frequent words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.cell_evidence import Condition
from audits.statistics.slice_search import Features, Rule
from probes.speech import reader

if TYPE_CHECKING:
    import polars as pl
    from jaxtyping import Int
    from numpy import ndarray

    from audits.data.population import Population

BINS: Final = 5
"""Parts of about equal size that numbers and lengths are put into."""

FEW: Final = 8
"""Numbers with no more different values are taken one by one."""

MOST_LEVELS: Final = 40
"""Rarer values of a column are not conditions of a rule."""

MOST_WORDS: Final = 20
LOOKED_AT: Final = 20_000
"""Rows that frequent words are taken from, and by which telling columns are found out: those of the lowest keys, so
that the rows' order does not matter."""

TOO_COMMON: Final = 0.25
"""Words in a larger part of the texts are "the" and "and"."""

TELLING: Final = 0.9
"""A column that tells so many of the labels or answers that the commonest one does not is one of them under another
name (Goodman and Kruskal's lambda, 1954)."""

FINE: Final = 50
"""Values, or bins of numbers, by which a column's telling is found out."""

_GAP = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Feature:
    """One column coded: the level of every row, and each level's condition where one would state it."""

    name: str
    codes: Int[ndarray, "row"]
    conditions: tuple[Condition | None, ...]

    @property
    def stated(self) -> np.ndarray:
        """Which levels are conditions."""
        return np.array([condition is not None for condition in self.conditions], bool)


@dataclass(frozen=True, slots=True)
class Sliced:
    """The features of some rows, and the columns that were left out because they tell what is asked about."""

    features: tuple[Feature, ...]
    telling: tuple[str, ...]

    @property
    def coded(self) -> Features:
        """For the search."""
        return Features(tuple(one.codes for one in self.features), tuple(one.stated for one in self.features))

    @property
    def names(self) -> tuple[str, ...]:
        """What is sliced by, each column once."""
        return tuple(dict.fromkeys(one.name for one in self.features))

    def conditions(self, rule: Rule) -> tuple[Condition, ...]:
        """A rule as its conditions."""
        stated = (self.features[feature].conditions[level] for feature, level in rule)
        return tuple(condition for condition in stated if condition is not None)


def sliced(rows: pl.DataFrame, data: Population, apart: Collection[str], least: int) -> Sliced:
    """Every usable column of the rows as a feature, blind to errors; `apart` are columns that are no features.

    `rows` has the data's columns, the canonical ones and what was decided; `least` is the fewest rows of a slice.
    """
    from audits.data.columns import KEY, LABEL, group_column
    from audits.engine.decisions import ACTUAL, PREDICTED, SELECTED

    rows = rows.sort(KEY)
    first = rows.head(LOOKED_AT)
    told = [_numbered(first[name]) for name in (LABEL, ACTUAL, PREDICTED, SELECTED) if name in rows.columns]
    features: list[Feature] = []
    telling: list[str] = []
    for column in (*map(group_column, data.attributes), *rows.columns):
        name = column.removeprefix("@group.") if column.startswith("@group.") else column
        if column.startswith("@") != (column in map(group_column, data.attributes)) or column in apart:
            continue
        if name in {one.name for one in features} or (column == name and name in data.attributes):
            continue
        if any(_tells(first[column], answers) for answers in told if answers is not None):
            telling.append(name)
            continue
        for feature in _of(rows, column, name, data, least):
            if feature.stated.any() and len(np.unique(feature.codes)) > 1:
                features.append(feature)
    return Sliced(tuple(features), tuple(dict.fromkeys(telling)))


def _of(rows: pl.DataFrame, column: str, name: str, data: Population, least: int) -> Iterator[Feature]:
    import polars as pl

    values = rows[column]
    if values.dtype == pl.Boolean:
        values = values.cast(pl.String)
    if values.dtype.is_numeric():
        yield _numbers(values.cast(pl.Float64).fill_nan(None), column, name)
    elif values.dtype in (pl.String, pl.Categorical, pl.Enum):
        values = values.cast(pl.String)
        if column in data.plan.input and _is_prose(values):
            yield from _texts(values, column, name, least)
        else:
            yield _categories(values, column, name, data, least)


def _is_prose(values: pl.Series) -> bool:
    """Whether a text that the model reads is written freely, and not one of a few words."""
    from audits.browse.columns import MOST_VALUES

    return values.n_unique() > MOST_VALUES


def _categories(values: pl.Series, column: str, name: str, data: Population, least: int) -> Feature:
    import polars as pl

    from audits.data.columns import MISSING

    counts = values.drop_nulls().value_counts().filter(pl.col("count") >= least)
    common = sorted(counts.sort(["count", values.name], descending=[True, False]).head(MOST_LEVELS)[values.name])

    def stated(value: str) -> Condition:
        shown = data.group_label(name, value) if column != name else value
        if column != name and value == MISSING:
            return _missing(column, name, value)
        return _condition(column, "is", value, "{column} is {value}", column=name, value=shown)

    return _coded(name, values, common, [stated(value) for value in common], column)


def _numbers(values: pl.Series, column: str, name: str) -> Feature:
    different = sorted(values.drop_nulls().unique().to_list())
    if len(different) <= FEW:
        texts = values.replace_strict(different, [_written(value) for value in different], default=None)
        common = [_written(value) for value in different]
        conditions = [_condition(column, "is", text, "{column} is {value}", column=name, value=text) for text in common]
        return _coded(name, texts, common, conditions, column)
    codes, bins = _binned(values)
    conditions = [
        _condition(column, "is", _written(low), "{column} is {value}", column=name, value=_written(low))
        if low == high
        else _condition(
            column, "between", f"{low!r}..{high!r}", "{column} is {low} to {high}",
            column=name, low=_written(low), high=_written(high),
        )
        for low, high in bins
    ]  # fmt: skip
    return Feature(name, codes, (*conditions, _missing(column, name)))


def _texts(values: pl.Series, column: str, name: str, least: int) -> Iterator[Feature]:
    import polars as pl

    texts = values.fill_null("")
    codes, bins = _binned(texts.str.len_chars().cast(pl.Float64))
    lengths = [
        _condition(
            column, "length", f"{low:g}..{high:g}", "{column} has {low} to {high} characters",
            column=name, low=f"{low:g}", high=f"{high:g}",
        )
        for low, high in bins
    ]  # fmt: skip
    yield Feature(name, codes, (*lengths, None))
    lowered = texts.str.to_lowercase()
    for word in _frequent(lowered, least):
        there = lowered.str.contains(word, literal=True).to_numpy().astype(np.int16)
        if least <= int(there.sum()) <= len(there) - least:
            said = _condition(column, "contains", word, "{column} contains {value}", column=name, value=f"“{word}”")
            yield Feature(name, there, (None, said))


def _frequent(lowered: pl.Series, least: int) -> list[str]:
    """Words of at least three letters in many texts, though not in nearly all."""
    import polars as pl

    read = lowered.head(LOOKED_AT).to_frame("text").with_row_index("row")
    words = read.with_columns(pl.col("text").str.extract_all(r"\p{L}{3,}")).explode("text").drop_nulls().unique()
    counts = words.group_by("text").len("texts").sort(["texts", "text"], descending=[True, False])
    few = max(1, least * read.height // max(1, len(lowered)))
    found = counts.filter(pl.col("texts").is_between(few, TOO_COMMON * read.height))
    return found["text"].head(MOST_WORDS).to_list()


def _binned(values: pl.Series, parts: int = BINS) -> tuple[np.ndarray, list[tuple[float, float]]]:
    """Codes and bounds of bins of about equal size, both bounds values of the data; the last code is no value."""
    numbers = values.to_numpy()
    known = np.sort(numbers[np.isfinite(numbers)])
    if not len(known):
        return np.zeros(len(numbers), np.int16), []
    starts = np.unique(known[(np.arange(parts) * len(known)) // parts])
    ends = np.array([*(known[np.searchsorted(known, starts[1:]) - 1]), known[-1]])
    inside = np.clip(np.searchsorted(starts, numbers, side="right") - 1, 0, None)
    codes = np.where(np.isfinite(numbers), inside, len(starts)).astype(np.int16)
    return codes, list(zip(starts.tolist(), ends.tolist(), strict=True))


def _coded(
    name: str, values: pl.Series, common: Sequence[str], conditions: Sequence[Condition], column: str
) -> Feature:
    """Common values by their places, then those not recorded, then all others, which no rule states."""
    import polars as pl

    others = len(common) + 1
    places = values.replace_strict(list(common), list(range(len(common))), default=others, return_dtype=pl.Int16)
    codes = np.where(values.is_null().to_numpy(), len(common), places.fill_null(others).to_numpy())
    return Feature(name, codes.astype(np.int16), (*conditions, _missing(column, name), None))


def _tells(values: pl.Series, answers: np.ndarray) -> bool:
    """Whether a column's value alone gives the answer of nearly every row, where answers differ at all."""
    import polars as pl

    if values.dtype.is_nested():
        return False
    if values.n_unique() <= FINE:
        codes = values.rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
    elif values.dtype.is_numeric():
        codes = _binned(values.cast(pl.Float64).fill_nan(None), FINE)[0].astype(np.int64)
    else:
        return False
    kinds = int(answers.max()) + 1
    counts = np.bincount(codes * kinds + answers, minlength=(int(codes.max()) + 1) * kinds).reshape(-1, kinds)
    commonest = counts.sum(axis=0).max() / len(answers)
    told = counts.max(axis=1).sum() / len(answers)
    return bool(commonest < 1 and told - commonest >= TELLING * (1 - commonest))


def _numbered(answers: pl.Series) -> np.ndarray | None:
    """Labels or decisions as numbers; None for several in one row."""
    import polars as pl

    if answers.dtype not in (pl.String, pl.Boolean):
        return None
    return answers.cast(pl.String).fill_null("").rank("dense").cast(pl.Int64).to_numpy() - 1


def _missing(column: str, name: str, value: str = "") -> Condition:
    """Rows without a value; in a group column they carry one that says so."""
    kind = "is" if value else "missing"
    return _condition(column, kind, value, "{column} is not recorded", column=name)


def _condition(column: str, kind: str, value: str, template: str, /, **values: str) -> Condition:
    words = _GAP.sub(lambda gap: values[gap[1]], reader().gettext(template))
    return Condition.model_validate({"column": column, "kind": kind, "value": value, "words": words})


def _written(number: float) -> str:
    return f"{number:.12g}"

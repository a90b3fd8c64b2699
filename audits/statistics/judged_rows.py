"""The rows that thresholds are found on and those that judge them, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np

from probes.errors import BadData, NotApplicable
from probes.speech import Sentence, say

if TYPE_CHECKING:
    import polars as pl
    from jaxtyping import Bool, Float
    from numpy import ndarray

    from audits.data.population import Population
    from audits.engine.bench import Bench

MOST_FITTED: Final = 100_000
"""More rows move a threshold by less than anybody could see, and fairlearn's curves take seconds already."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedRows:
    """Rows with a score, a label and a decision."""

    scores: Float[ndarray, "row"]
    actual: Bool[ndarray, "row"]
    selected: Bool[ndarray, "row"]
    weight: Float[ndarray, "row"]
    groups: dict[str, ndarray]
    """Attribute -> the group of each row."""

    def __len__(self) -> int:
        return len(self.scores)


def fitted_and_judged(
    bench: Bench, data: Population, positive: str, part: str, share: float
) -> tuple[JudgedRows, JudgedRows, Sentence]:
    """Rows to find thresholds on and rows to judge them, never the same, and what was done.

    The first are the split `part`, where the plan audits another one; else `share` of the audited rows, by a digest of
    the seed and a row's key, so that the order of the rows does not matter. At most MOST_FITTED rows are fitted on.
    Raises NotApplicable where neither is there.
    """
    import polars as pl

    from audits.data.columns import KEY
    from audits.statistics import closing_sentences as speech

    rows = _collected(bench, data, positive)
    plural = data.words.plural
    apart = None
    if data.plan.split is not None and data.plan.split != part:
        try:
            apart = data.split(part)
        except BadData:
            # No such part in this source: the audited rows are split instead.
            apart = None
    if apart is not None:
        found = _capped(_collected(bench, apart, positive), bench.seed)
        fit, judged = _arrays(found, data.attributes), _arrays(rows, data.attributes)
        return fit, judged, say(speech.FITTED, n=len(fit), plural=plural, part=part, m=len(judged))
    if share <= 0:
        raise NotApplicable(speech.NO_PART, part=part)
    aside = pl.Series([_place(bench.seed, key) < share for key in rows[KEY]], dtype=pl.Boolean)
    fit = _arrays(_capped(rows.filter(aside), bench.seed), data.attributes)
    judged = _arrays(rows.filter(~aside), data.attributes)
    return fit, judged, say(speech.SPLIT, n=len(fit), plural=plural, part=part, m=len(judged))


def _collected(bench: Bench, data: Population, positive: str) -> pl.DataFrame:
    import polars as pl

    from audits.data.columns import KEY, WEIGHT, group_column
    from audits.engine.decisions import ACTUAL, SELECTED
    from audits.engine.scores import SCORE, scores

    frame = scores(bench, data, positive).select(
        KEY, ACTUAL, SELECTED, WEIGHT, pl.col(SCORE).fill_nan(None), *map(group_column, data.attributes)
    )
    return frame.drop_nulls([ACTUAL, SELECTED, SCORE]).filter(pl.col(WEIGHT) > 0).sort(KEY).collect()


def _capped(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    return rows if rows.height <= MOST_FITTED else rows.sample(MOST_FITTED, seed=seed % 2**32)


def _place(seed: int, key: str) -> float:
    return int.from_bytes(blake2b(f"{seed}\nthresholds\n{key}".encode(), digest_size=8).digest(), "big") / 2**64


def _arrays(rows: pl.DataFrame, attributes: tuple[str, ...]) -> JudgedRows:
    from audits.data.columns import WEIGHT, group_column
    from audits.engine.decisions import ACTUAL, SELECTED
    from audits.engine.scores import SCORE

    return JudgedRows(
        scores=rows[SCORE].to_numpy().astype(float),
        actual=rows[ACTUAL].to_numpy().astype(bool),
        selected=rows[SELECTED].to_numpy().astype(bool),
        weight=rows[WEIGHT].to_numpy().astype(float),
        groups={name: np.array(rows[group_column(name)].to_list(), dtype=object) for name in attributes},
    )

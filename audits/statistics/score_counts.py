"""How often each score occurs in each group and for each answer: one streaming pass, which all that follows rests on.

Few rows are counted at their exact scores. Many are counted in bins: steps of a 128th in log-odds within each hundredth
of the probability, or four significant digits where scores are no probabilities. The sums of scores stay exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.statistics.metrics import in_order

if TYPE_CHECKING:
    import polars as pl
    from jaxtyping import Float, Int
    from numpy import ndarray

EXACT_ROWS: Final = 20_000
"""Up to so many rows every distinct score is a bin of its own."""

STEPS: Final = 128
"""Bins to one unit of log-odds."""

NEGATIVE, POSITIVE, UNKNOWN = 0, 1, 2
"""Places of the true answers: not the positive class, the positive class, no label."""

_BIN: Final = ("@part", "@fine", "@over")
_SUMS: Final = ("rows", "weight", "squared", "total", "squares")


@dataclass(frozen=True, slots=True)
class ScoreCounts:
    """The counts of one attribute's groups; weighted rows count with their weights."""

    groups: tuple[str, ...]
    score: Float[ndarray, "bin"]
    """The least score in each bin, ascending; the score itself where bins are exact."""
    rows: Int[ndarray, "group answer bin"]
    weight: Float[ndarray, "group answer bin"]
    squared: Float[ndarray, "group answer bin"]
    """Squared weights, for Kish's effective number."""
    total: Float[ndarray, "group answer bin"]
    """Weighted sum of the scores."""
    squares: Float[ndarray, "group answer bin"]
    """Weighted sum of the squared scores."""

    @property
    def worth(self) -> Float[ndarray, "group answer 1"]:
        """Effective rows to a unit of weight (Kish 1965): 1 where every row weighs 1."""
        weight, squared = self.weight.sum(-1, keepdims=True), self.squared.sum(-1, keepdims=True)
        return np.asarray(np.divide(weight, squared, out=np.zeros_like(weight), where=squared > 0))

    @property
    def effective(self) -> Float[ndarray, "group answer bin"]:
        """Effective numbers of rows."""
        return np.asarray(self.weight * self.worth)

    @property
    def probabilities(self) -> bool:
        """Whether no score lies outside 0 to 1."""
        return bool(len(self.score) == 0 or (self.score[0] >= 0 and self.highest <= 1))

    @property
    def highest(self) -> float:
        """An upper bound of the scores: the mean of the last bin, exact where its scores are one."""
        last = self.weight[..., -1].sum()
        return float(max(self.score[-1], self.total[..., -1].sum() / last if last > 0 else self.score[-1]))


def tally_scores(
    scores: pl.LazyFrame, groups: Sequence[str], *, exact: bool, threshold: float | None = None
) -> pl.DataFrame:
    """Rows, weights and sums of scores for every combination of groups, answer and bin; rows without a score are left.

    No bin lies on both sides of the threshold. Parts counted in the same way can be merged.
    """
    import polars as pl

    from audits.data.columns import WEIGHT
    from audits.engine.decisions import ACTUAL
    from audits.engine.scores import SCORE

    score, weight = pl.col(SCORE), pl.col(WEIGHT)
    part, fine = (score, pl.lit(0.0)) if exact else _bins(score)
    over = pl.lit(False) if threshold is None else score >= threshold
    # Rows of one score are summed as their number times the score: the same whichever order they come in.
    total, squares = (
        (weight.sum() * score.min() ** power if exact else (weight * score**power).sum()) for power in (1, 2)
    )
    return (
        scores.filter(score.is_not_null())
        .group_by([*groups, ACTUAL, part.alias(_BIN[0]), fine.alias(_BIN[1]), over.alias(_BIN[2])])
        .agg(
            pl.len().cast(pl.Int64).alias("rows"),
            weight.sum().cast(pl.Float64).alias("weight"),
            (weight * weight).sum().cast(pl.Float64).alias("squared"),
            total.cast(pl.Float64).alias("total"),
            squares.cast(pl.Float64).alias("squares"),
            score.min().alias("least"),
        )
        .collect(engine="streaming")
    )


def merged(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The tally of all rows from tallies of parts of them."""
    import polars as pl

    together = pl.concat(parts)
    keys = [name for name in together.columns if name not in (*_SUMS, "least")]
    return together.group_by(keys).agg(pl.col(*_SUMS).sum(), pl.col("least").min())


def by_group(tallied: pl.DataFrame, column: str) -> ScoreCounts:
    """One attribute's counts, groups in the order in which every figure lists them."""
    import polars as pl

    from audits.engine.decisions import ACTUAL

    bins = tallied.group_by(_BIN).agg(pl.col("least").min()).sort("least").with_row_index("@at")
    groups = in_order(tallied[column].unique())
    placed = tallied.join(bins.drop("least"), on=_BIN, how="left")
    place = {group: at for at, group in enumerate(groups)}
    answer = placed[ACTUAL].cast(pl.Int8).fill_null(UNKNOWN).to_numpy()
    at = (
        np.array([place[group] for group in placed[column]], np.int64),
        answer.astype(np.int64),
        placed["@at"].to_numpy(),
    )

    def dense(name: str) -> ndarray:
        values = placed[name].to_numpy()
        out = np.zeros((len(groups), 3, bins.height), values.dtype)
        np.add.at(out, at, values)
        return out

    return ScoreCounts(tuple(groups), bins["least"].to_numpy(), *(dense(name) for name in _SUMS))


def _bins(score: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    import polars as pl

    inside = (score > 0) & (score < 1)
    odds = ((score / (1 - score)).log() * STEPS).floor()
    hundredth = (score * 100).round_sig_figs(12).floor()
    return (
        pl.when(inside).then(hundredth).otherwise(pl.when(score <= 0).then(-1.0).otherwise(100.0)),
        pl.when(inside).then(odds).otherwise(score.round_sig_figs(4)),
    )

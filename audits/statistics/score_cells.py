"""How often label, score and decision meet in each group: one pass over the rows, scores in classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.statistics.parts_sentences import Known
from probes.errors import BadPlan
from probes.nearest import nearest
from probes.subjects.capabilities import Recorded

if TYPE_CHECKING:
    import polars as pl
    from jaxtyping import Float, Int
    from numpy import ndarray

    from audits.data.population import Population
    from audits.engine.bench import Bench

CLASS: Final = "@class"


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCells:
    """One group's counts."""

    name: str
    """The group as it stands in the data."""
    weight: Float[ndarray, "label score decision"]
    """Sums of weights; the rows themselves where nothing is weighted."""
    rows: Int[ndarray, "label score decision"]
    squared: float
    """Sum of squared weights."""

    @property
    def n(self) -> float:
        """Kish's effective number of rows (1965)."""
        return float(self.weight.sum() ** 2 / self.squared) if self.squared > 0 else 0.0

    def fewest(self, within: int | None) -> int:
        """Rows of the rarer label, or of the one asked for."""
        counts = self.rows.sum((1, 2))
        return int(counts.min() if within is None else counts[within])


def score_cells(
    bench: Bench, data: Population, positive: str, attribute: str, column: str | None, bins: int
) -> tuple[Known, list[ScoreCells]]:
    """What is known of the decisions, and the counts of every group in order, without those not recorded.

    Where one threshold decides for everybody, the scores that matter are two: below it and above. Where decisions stand
    alone there is one. Otherwise scores are put into `bins` classes of about as many rows, or their own values where
    there are fewer.
    """
    import polars as pl

    from audits.data.columns import MISSING, WEIGHT, group_column
    from audits.engine.decisions import ACTUAL, SELECTED
    from audits.statistics.metrics import in_order

    known, frame = _known(bench, data, positive, column)
    group = group_column(attribute)
    frame = frame.filter(pl.col(ACTUAL).is_not_null() & pl.col(SELECTED).is_not_null() & (pl.col(WEIGHT) > 0))
    classes, frame = _classed(known, frame, bins)
    weight = pl.col(WEIGHT)
    counted = (
        frame.filter(pl.col(group) != MISSING)
        .group_by(group, ACTUAL, CLASS, SELECTED)
        .agg(pl.len().alias("rows"), weight.sum().alias("weight"), (weight * weight).sum().alias("squared"))
        .collect()
    )
    found, by_group = [], {str(name): own for (name,), own in counted.partition_by(group, as_dict=True).items()}
    for name in in_order(by_group):
        own = by_group[name]
        place = tuple(own[axis].to_numpy().astype(int) for axis in (ACTUAL, CLASS, SELECTED))
        rows, sums = np.zeros((2, classes, 2), int), np.zeros((2, classes, 2))
        rows[place], sums[place] = own["rows"].to_numpy(), own["weight"].to_numpy()
        found.append(ScoreCells(name, sums, rows, float(own["squared"].sum())))
    return known, found


def _known(bench: Bench, data: Population, positive: str, column: str | None) -> tuple[Known, pl.LazyFrame]:
    import polars as pl

    from audits.engine.scores import SCORE, scores, threshold

    if column is not None:
        columns = [name for name in data.frame.collect_schema().names() if not name.startswith("@")]
        if column not in columns:
            raise BadPlan(
                "bias.gap-parts is to read scores from the column {column}, which {source} does not have; "
                "did you mean {near}?",
                column=column,
                source=data.plan.source,
                near=nearest(column, columns) or ", ".join(columns),
            )
        score = pl.col(column).cast(pl.Float64, strict=False).fill_nan(None)
        return "scores", bench.decisions(data, positive).with_columns(score.alias(SCORE))
    if threshold(bench.subject) is not None:
        return "threshold", bench.decisions(data, positive)
    if isinstance(bench.subject, Recorded):
        return "decisions", bench.decisions(data, positive)
    return "scores", scores(bench, data, positive)


def _classed(known: Known, frame: pl.LazyFrame, bins: int) -> tuple[int, pl.LazyFrame]:
    """The number of classes and the rows with theirs."""
    import polars as pl

    from audits.engine.decisions import SELECTED
    from audits.engine.scores import SCORE

    if known == "decisions":
        return 1, frame.with_columns(pl.lit(0).alias(CLASS))
    if known == "threshold":
        return 2, frame.with_columns(pl.col(SELECTED).cast(pl.Int32).alias(CLASS))
    frame = frame.filter(pl.col(SCORE).is_not_null())
    score = pl.col(SCORE)
    values = frame.select(score.unique().sort().head(bins + 1)).collect()[SCORE].to_list()
    if len(values) > bins:
        cuts = [score.quantile(at / bins).alias(str(at)) for at in range(1, bins)]
        edges = sorted(set(frame.select(cuts).collect().row(0)))
    else:
        edges = values[:-1]
    above = pl.sum_horizontal([(score > edge).cast(pl.Int32) for edge in edges]) if edges else pl.lit(0)
    return len(edges) + 1, frame.with_columns(above.alias(CLASS))

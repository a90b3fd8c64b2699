"""The names that the literature gives to the largest gap of all groups: descriptions, on which no verdict rests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.evidence import Column, Table
from audits.statistics.definitions import AnyMetric, Metric
from audits.statistics.disparity import LEAST
from probes.speech import Number, Phrase, Points, Quantity, say

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray

    from audits.statistics.metrics import Rates

Values = Mapping[Metric, "Float[ndarray, 'group']"]


@dataclass(frozen=True, slots=True)
class Summary:
    """One number about all groups, made from the values of one metric or two."""

    metrics: tuple[Metric, ...]
    meaning: str
    """In plain words."""
    best: float
    source: str
    ratio: bool = False

    def of(self, values: Values) -> float | None:
        """The largest difference in its metrics, or the smallest ratio; None where a metric has no two values."""
        found = [_ratio(values[name]) if self.ratio else _difference(values[name]) for name in self.metrics]
        if any(value is None for value in found):
            return None
        defined = [value for value in found if value is not None]
        return min(defined) if self.ratio else max(defined)


def _difference(values: Float[ndarray, "group"]) -> float | None:
    there = values[~np.isnan(values)]
    return float(there.max() - there.min()) if len(there) >= 2 else None


def _ratio(values: Float[ndarray, "group"]) -> float | None:
    """None also where every rate is 0: nothing can be divided by it."""
    there = values[~np.isnan(values)]
    return float(there.min() / there.max()) if len(there) >= 2 and there.max() > 0 else None


_AGARWAL = "Agarwal et al. (2018), A reductions approach to fair classification"
_HARDT = "Hardt, Price and Srebro (2016), Equality of opportunity in supervised learning"

SUMMARIES: Final[dict[str, Summary]] = {
    "demographic parity difference": Summary(("selection-rate",), "Highest minus lowest share selected", 0, _AGARWAL),
    "demographic parity ratio": Summary(
        ("selection-rate",), "Lowest over highest share selected", 1, _AGARWAL, ratio=True
    ),
    "equal opportunity difference": Summary(
        ("true-positive-rate",), "Highest minus lowest share selected, of those labelled positive", 0, _HARDT
    ),
    "equalised odds difference": Summary(
        ("true-positive-rate", "false-positive-rate"),
        "The larger of the two differences, of those labelled positive and of the others",
        0,
        _HARDT,
    ),
    "equalised odds ratio": Summary(
        ("true-positive-rate", "false-positive-rate"),
        "The smaller of the two ratios, of those labelled positive and of the others",
        1,
        _HARDT,
        ratio=True,
    ),
}


def summaries_table(metric: AnyMetric, values: Callable[[Metric], Float[ndarray, "group"]]) -> tuple[Table, ...]:
    """The summaries that a metric has a part in; `values` gives any metric in the groups that are compared."""
    chosen = {name: summary for name, summary in SUMMARIES.items() if metric in summary.metrics}
    if not chosen:
        return ()
    found = {name: summary.of({one: values(one) for one in summary.metrics}) for name, summary in chosen.items()}
    columns = (say("Summary"), say("Value"), say("Best"), say("What it is"))
    return (
        Table(
            name="summaries",
            title=say("All groups in one number: a description, on which no verdict rests"),
            columns=tuple(Column(heading=heading, numeric=at in (1, 2)) for at, heading in enumerate(columns)),
            rows=tuple(
                (
                    Phrase(text=name),
                    _shown(found[name], summary.ratio),
                    _shown(summary.best, summary.ratio),
                    Phrase(text=summary.meaning),
                )
                for name, summary in chosen.items()
            ),
        ),
    )


def _shown(value: float | None, ratio: bool) -> Quantity:
    return Number(value=value) if ratio else Points(value=value)


def compared_values(rates: Rates, unrecorded: str) -> Float[ndarray, "group"]:
    """A metric's value in every group that is large enough to be compared; NaN in the others."""
    recorded = np.array([group != unrecorded for group in rates.groups], bool)
    return np.where(recorded & (rates.fewest >= LEAST), rates.rate, np.nan)

"""Thresholds for each group that would close a gap, found by fairlearn, and how decisions would change with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from numpy import ndarray

Constraint = Literal["demographic-parity", "equal-opportunity", "equalised-odds"]
"""Equal selection rates; equal true positive rates; equal true and false positive rates."""

FAIRLEARN: Final[dict[Constraint, str]] = {
    "demographic-parity": "demographic_parity",
    "equal-opportunity": "true_positive_rate_parity",
    "equalised-odds": "equalized_odds",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """How one group is decided about: selected above `high`, by chance between `low` and `high`, never below.

    With the chance `lot` the score is set aside, and the answer is positive with the chance `constant`: equalised odds
    can need that, since they make every group as unpredictable as the least predictable one.
    """

    low: float
    high: float
    between: float
    lot: float = 0.0
    constant: float = 0.0

    def chance(self, scores: Float[ndarray, "row"]) -> Float[ndarray, "row"]:
        """How likely each score is selected."""
        by_score = self.between * (scores > self.low) + (1 - self.between) * (scores > self.high)
        return np.asarray(self.lot * self.constant + (1 - self.lot) * by_score)

    @property
    def random(self) -> bool:
        """Whether chance decides about anybody."""
        return self.lot > 0 or (0 < self.between < 1 and self.low < self.high)


def closing_cuts(
    scores: Float[ndarray, "row"], actual: Bool[ndarray, "row"], groups: ndarray, constraint: Constraint
) -> dict[str, Cut]:
    """The most accurate cuts under which the constraint holds on these rows (Hardt et al. 2016).

    By fairlearn's ThresholdOptimizer. Every group must have rows of both labels.
    """
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.base import BaseEstimator

    class AsTheyAre(BaseEstimator):  # type: ignore[misc]
        """Its scores are the column it is given."""

        def fit(self, x: Any, y: Any) -> AsTheyAre:
            return self

        def predict(self, x: Any) -> Any:
            return np.asarray(x, float)[:, 0]

        def __sklearn_is_fitted__(self) -> bool:
            return True

    optimizer = ThresholdOptimizer(
        estimator=AsTheyAre(),
        constraints=FAIRLEARN[constraint],
        objective="accuracy_score",
        prefit=True,
        predict_method="predict",
    )
    optimizer.fit(scores[:, None], actual.astype(int), sensitive_features=groups)
    found: Mapping[Any, Any] = optimizer.interpolated_thresholder_.interpolation_dict
    return {str(group): _cut(mixed) for group, mixed in found.items()}


def _cut(mixed: Any) -> Cut:
    first, second = float(mixed.operation0.threshold), float(mixed.operation1.threshold)
    chances = {first: float(mixed.p0), second: float(mixed.p1)} if first != second else {first: 1.0}
    used = {at: chance for at, chance in chances.items() if chance > 0}
    low, high = min(used), max(used)
    between = used[low] if low < high else 1.0
    lot = float(mixed.get("p_ignore", 0.0))
    return Cut(low, high, between, lot, float(mixed.get("prediction_constant", 0.0)) if lot else 0.0)


@dataclass(frozen=True, slots=True)
class Change:
    """A mean before and after on the same rows, and the interval of its change."""

    before: float
    after: float
    low: float
    high: float

    @property
    def change(self) -> float:
        """After minus before."""
        return self.after - self.before


def paired_change(before: Float[ndarray, "row"], after: Float[ndarray, "row"], weight: Float[ndarray, "row"]) -> Change:
    """The 95 % interval of a paired change of proportions, half a row added to gains and losses (Agresti, Min 2005).

    Chances between 0 and 1 are taken at their mean, which can only widen the interval. Weighted rows count as Kish's.
    """
    worth = weight.sum() / (weight**2).sum()
    n = weight.sum() * worth
    moved = after - before
    gained, lost = (float((weight * worth * np.maximum(sign * moved, 0)).sum()) for sign in (1, -1))
    more, less, m = gained + 0.5, lost + 0.5, n + 1
    half = 1.959963984540054 * np.sqrt((more + less) - (more - less) ** 2 / m) / m
    change = (gained - lost) / n
    first = float((weight * before).sum() / weight.sum())
    return Change(first, first + change, max(-1.0, change - half), min(1.0, change + half))

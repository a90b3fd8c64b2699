"""What groups would experience at another threshold, and how far they lie apart at any."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from audits.statistics.intervals import Bounds
from audits.statistics.score_counts import NEGATIVE, POSITIVE

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy import ndarray

    from audits.score_evidence import ScoreHistograms
    from audits.statistics.score_counts import ScoreCounts

SweptRate = Literal["selection-rate", "true-positive-rate", "false-positive-rate"]
"""Rates that only fall as the threshold rises."""

SIDES: Final[dict[SweptRate, tuple[int, ...]]] = {
    "selection-rate": (0, 1, 2),
    "true-positive-rate": (POSITIVE,),
    "false-positive-rate": (NEGATIVE,),
}


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What each group would experience; NaN where there is nobody to count."""

    selection_rate: Float[ndarray, "group"]
    true_positive_rate: Float[ndarray, "group"]
    false_positive_rate: Float[ndarray, "group"]
    accuracy: Float[ndarray, "group"]
    n: Float[ndarray, "group"]
    positives: Float[ndarray, "group"]
    negatives: Float[ndarray, "group"]
    overall_accuracy: float | None


def at_threshold(counts: ScoreHistograms, threshold: float) -> AtThreshold:
    """Rates and accuracy by group if everybody from this score on were selected; exact at the edges of the bins."""
    edges = np.array(counts.edges)
    over = edges[:-1] >= threshold - 1e-12
    parts = [np.array([getattr(group, name) for group in counts.groups], float).reshape(len(counts.groups), len(over))
             for name in ("positives", "negatives", "unlabelled")]  # fmt: skip
    (tp, fp, _), (p, n, _) = (part[:, over].sum(1) for part in parts), (part.sum(1) for part in parts)
    everybody, selected = sum(part.sum(1) for part in parts), sum(part[:, over].sum(1) for part in parts)
    right, labelled = tp + n - fp, p + n
    return AtThreshold(
        selection_rate=_share(selected, everybody),
        true_positive_rate=_share(tp, p),
        false_positive_rate=_share(fp, n),
        accuracy=_share(right, labelled),
        n=everybody,
        positives=p,
        negatives=n,
        overall_accuracy=float(right.sum() / labelled.sum()) if labelled.sum() > 0 else None,
    )


@dataclass(frozen=True, slots=True)
class Distances:
    """The largest gap that two groups' rates have at any threshold: Kolmogorov's and Smirnov's distance."""

    first: Int[ndarray, "pair"]
    second: Int[ndarray, "pair"]
    distance: Float[ndarray, "pair"]
    at: Int[ndarray, "pair"]
    """The bin from which on a threshold selects, where the gap is largest."""
    p: Float[ndarray, "pair"]
    first_n: Float[ndarray, "pair"]
    second_n: Float[ndarray, "pair"]

    def bounds(self, level: float) -> Bounds:
        """Intervals from each group's band, valid at all thresholds at once (Massart 1990); wide, never too narrow."""
        share = math.log(4 / (1 - level)) / 2
        half = np.sqrt(share / self.first_n) + np.sqrt(share / self.second_n)
        return Bounds(np.clip(self.distance - half, 0, 1), np.clip(self.distance + half, 0, 1), level)


def curves(counts: Float[ndarray, "group bin"]) -> Float[ndarray, "group bin"]:
    """The share of each group that is selected where the threshold is this bin's score; NaN in an empty group."""
    over = np.cumsum(counts[:, ::-1], -1)[:, ::-1]
    return _share(over, counts.sum(-1, keepdims=True))


def side(counts: ScoreCounts, rate: SweptRate) -> Float[ndarray, "group bin"]:
    """The effective rows that a rate is counted in, by bin; the two sides of a sum keep their own effective numbers."""
    chosen = list(SIDES[rate])
    weight, squared = counts.weight[:, chosen].sum(1), counts.squared[:, chosen].sum(1)
    sums, squares = weight.sum(-1, keepdims=True), squared.sum(-1, keepdims=True)
    return np.asarray(weight * np.divide(sums, squares, out=np.zeros_like(sums), where=squares > 0))


def distances(counts: Float[ndarray, "group bin"]) -> Distances:
    """Every two groups compared over all thresholds; p is asymptotic (Smirnov 1948), cautious where scores are tied."""
    from scipy.special import kolmogorov

    rates, n = curves(counts), counts.sum(-1)
    first, second = np.triu_indices(len(counts), k=1)
    gaps = np.abs(rates[first] - rates[second])
    distance = gaps.max(-1)
    reach = np.sqrt(n[first] * n[second] / (n[first] + n[second]))
    # Stephens' correction (1970) brings the asymptotic p to small samples.
    p = kolmogorov((reach + 0.12 + 0.11 / reach) * distance)
    return Distances(first, second, distance, gaps.argmax(-1), np.minimum(1.0, p), n[first], n[second])


def _share(part: ndarray, whole: ndarray) -> ndarray:
    return np.asarray(np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole > 0))

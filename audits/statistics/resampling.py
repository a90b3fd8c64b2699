"""Other samples that could have been drawn, made from counts alone: their cost does not depend on how many rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from audits.statistics.counts import Outcomes
from audits.statistics.definitions import DEFINITIONS, AnyMetric
from audits.statistics.metrics import harmonic

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy import ndarray

DRAWS = 9_999
"""Samples behind a p-value: the smallest that can be counted is one in 10,000."""


def multinomial(
    rows: Int[ndarray, "group outcome"], draws: int, random: np.random.Generator
) -> Float[ndarray, "draw group outcome"]:
    """Rows drawn with replacement within each group (Efron 1979): exactly the bootstrap of rows."""
    there = rows.sum(0) > 0
    total = rows.sum(1)
    chances = rows[:, there] / np.maximum(total, 1)[:, None]
    chances[total == 0] = 1 / max(1, there.sum())
    drawn = np.zeros((draws, *rows.shape))
    drawn[..., there] = random.multinomial(total, chances, size=(draws, len(rows)))
    return drawn


def poisson(
    weight: Float[ndarray, "group outcome"],
    squared: Float[ndarray, "group outcome"],
    draws: int,
    random: np.random.Generator,
) -> Float[ndarray, "draw group outcome"]:
    """Weights of the cells when every row comes Poisson(1) times (Chamandy et al. 2012).

    The sum of a cell has mean W and variance S, the sum of squared weights; a Poisson of W^2 / S rows of weight S / W
    has both. Exact where the weights of a cell are equal.
    """
    each = np.divide(squared, weight, out=np.zeros_like(weight), where=weight > 0)
    rows = np.divide(weight**2, squared, out=np.zeros_like(weight), where=squared > 0)
    return np.asarray(random.poisson(rows, size=(draws, *weight.shape)) * each)


def clusters(
    counts: Float[ndarray, "cluster *cells"], draws: int, random: np.random.Generator
) -> Float[ndarray, "draw *cells"]:
    """Whole persons drawn with replacement, from what was counted of each (Field and Welsh 2007)."""
    flat = counts.reshape(len(counts), -1)
    often = random.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=draws)
    return np.asarray((often @ flat).reshape(draws, *counts.shape[1:]))


def resampled(found: Outcomes, draws: int, random: np.random.Generator) -> Float[ndarray, "draw group outcome"]:
    """Weights of the cells in other samples: multinomial where every row weighs one, Poisson otherwise."""
    if np.array_equal(found.weight, found.rows):
        return multinomial(found.rows, draws, random)
    return poisson(found.weight, found.squared, draws, random)


def replicates(
    found: Outcomes, metrics: Sequence[AnyMetric], draws: int, random: np.random.Generator
) -> Float[ndarray, "draw group metric"]:
    """Metrics of every group in other samples; NaN where a sample leaves a denominator empty."""
    there = found.rows.sum(0) > 0
    chosen = Outcomes(found.groups, found.rows[:, there], found.weight[:, there], found.squared[:, there])
    weight = resampled(chosen, draws, random)

    def value(metric: AnyMetric) -> Float[ndarray, "draw group"]:
        if metric == "balanced-accuracy":
            return np.asarray((value("true-positive-rate") + value("true-negative-rate")) / 2)
        definition = DEFINITIONS[metric]
        counted = definition.counted[there]
        with np.errstate(invalid="ignore"):
            share = (weight @ (counted & definition.event[there])) / (weight @ counted)
        return harmonic(share) if metric == "f1" else share

    return np.stack([value(metric) for metric in metrics], axis=-1)

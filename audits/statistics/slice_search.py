"""Where errors pile up: a search through all crossings of a few features, by counting and never by copying rows.

A feature gives every row one of a few levels; a slice is a level of each of up to three features. Slices are counted a
crossing of features at a time, as in SliceLine (Sagadeeva and Boehm 2021), with a least number of rows in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
    from numpy import ndarray

PRICE: Final = 0.05
"""A rule's score sinks by this share for every condition after the first: a longer rule must earn its length."""

MOST_COUNTED: Final = 2_000_000_000
"""Rows times crossings of one size beyond which only the most promising crossings are extended."""

MOST_SLICES: Final = 5_000_000
"""Slices of one crossing; finer ones could not have the least number of rows in each."""

LEFT: Final = 0.5
"""So much of a slice must lie outside of the better ones that are listed."""

ECHO: Final = 1.64
"""And it must stand out so far there, as z; otherwise it only tells again what a better one tells."""

KEPT: Final = 10
"""Slices that are remembered of one crossing: parts of a strong slice stand out too, and must not hide others."""


@dataclass(frozen=True, slots=True)
class Features:
    """The level of every row in every feature, and which levels are conditions that one could state."""

    codes: tuple[Int[ndarray, "row"], ...]
    stated: tuple[Bool[ndarray, "level"], ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.codes[0]) if self.codes else 0

    def of(self, rows: Bool[ndarray, "row"] | Int[ndarray, "chosen"]) -> Features:
        """The same features of some rows."""
        return Features(tuple(codes[rows] for codes in self.codes), self.stated)

    def inside(self, rule: Rule) -> Bool[ndarray, "row"]:
        """The rows that fulfil a rule."""
        found = np.ones(self.rows, bool)
        for feature, level in rule:
            found &= self.codes[feature] == level
        return found


Rule = tuple[tuple[int, int], ...]
"""(feature, level) of every condition."""


@dataclass(frozen=True, slots=True)
class Found:
    """A slice with its errors among its rows, and how far it stands out."""

    rule: Rule
    events: int
    n: int
    score: float


@dataclass(frozen=True, slots=True)
class _Crossing:
    """All slices of one set of features that have rows enough."""

    features: tuple[int, ...]
    slices: Int[ndarray, "slice"]
    n: Int[ndarray, "slice"]
    size: int


@dataclass(slots=True)
class Lattice:
    """The slices of some rows; searched once for the errors there are, and as often as one likes for permuted ones."""

    features: Features
    least: int
    depth: int
    _known: dict[tuple[int, ...], _Crossing] = field(default_factory=dict)

    @property
    def searched(self) -> int:
        """How many slices were looked at so far."""
        return sum(len(crossing.slices) for crossing in self._known.values())

    def search(self, errors: Int[ndarray, "error"], kept: int = KEPT) -> list[Found]:
        """The slices of every crossing that stand out most, best first; `errors` are the places of the wrong rows."""
        codes = [codes[errors] for codes in self.features.codes]
        best: list[Found] = []
        extended: Sequence[tuple[int, ...]] = [()]
        for size in range(1, min(self.depth, len(codes)) + 1):
            level: list[tuple[float, tuple[int, ...]]] = []
            for crossing in self._crossings(size, extended):
                found = self._best_of(crossing, codes, len(errors), kept)
                level.append((found[0].score if found else 0.0, crossing.features))
                best.extend(found)
            level.sort(key=lambda one: (-one[0], one[1]))
            extended = [features for _, features in level]
        return sorted(best, key=lambda one: (-one.score, len(one.rule), one.rule))

    def highest(self, errors: Int[ndarray, "error"]) -> float:
        """The best score of such errors; 0 where no slice has more errors than the other rows."""
        return max((found.score for found in self.search(errors, kept=1)), default=0.0)

    def _crossings(self, size: int, extended: Sequence[tuple[int, ...]]) -> Iterator[_Crossing]:
        """All of a size, or as many as may be counted, from the most promising ones a size below."""
        all_of, rows = len(self.features.codes), self.features.rows
        most = max(all_of, MOST_COUNTED // max(1, rows))
        if comb(all_of, size) <= most:
            chosen: list[tuple[int, ...]] = list(combinations(range(all_of), size))
        else:
            seen = dict.fromkeys(
                tuple(sorted((*features, other)))
                for features in extended[: max(1, most // all_of)]
                for other in range(all_of)
                if other not in features
            )
            chosen = sorted(seen)
        for features in chosen:
            crossing = self._known.get(features) or self._counted(features)
            self._known[features] = crossing
            if len(crossing.slices):
                yield crossing

    def _counted(self, features: tuple[int, ...]) -> _Crossing:
        size = int(np.prod([len(self.features.stated[at]) for at in features], dtype=np.int64))
        # A slice has no more rows than any part of its rule has.
        parts = [self._known.get(part) for part in combinations(features, len(features) - 1)] if features[1:] else []
        if size > MOST_SLICES or any(part is not None and not len(part.slices) for part in parts):
            none = np.zeros(0, np.int64)
            return _Crossing(features, none, none, size)
        counts = np.bincount(self._joint(self.features.codes, features), minlength=size)
        stated = np.array([True])
        for at in features:
            stated = np.logical_and.outer(stated, self.features.stated[at]).ravel()
        slices = np.flatnonzero(stated & (counts >= self.least) & (counts <= self.features.rows - self.least))
        return _Crossing(features, slices, counts[slices], size)

    def _joint(self, codes: Sequence[Int[ndarray, "row"]], features: tuple[int, ...]) -> Int[ndarray, "row"]:
        joint = codes[features[0]].astype(np.int32)
        for at in features[1:]:
            joint *= np.int32(len(self.features.stated[at]))
            joint += codes[at]
        return joint

    def _best_of(
        self, crossing: _Crossing, codes: Sequence[Int[ndarray, "error"]], errors: int, kept: int
    ) -> list[Found]:
        events = np.bincount(self._joint(codes, crossing.features), minlength=crossing.size)[crossing.slices]
        scores = standing_out(events, crossing.n, errors, self.features.rows)
        scores *= 1 - PRICE * (len(crossing.features) - 1)
        order = np.argsort(-scores, kind="stable")[:kept]
        return [
            Found(self._rule(crossing, int(at)), int(events[at]), int(crossing.n[at]), float(scores[at]))
            for at in order
            if scores[at] > 0
        ]

    def _rule(self, crossing: _Crossing, at: int) -> Rule:
        levels = np.unravel_index(crossing.slices[at], [len(self.features.stated[at]) for at in crossing.features])
        return tuple((feature, int(level)) for feature, level in zip(crossing.features, levels, strict=True))


def standing_out(
    events: Int[ndarray, "slice"], n: Int[ndarray, "slice"], all_events: int, rows: int
) -> Float[ndarray, "slice"]:
    """The pooled score test's z of each slice against all other rows: large where many rows err much more often."""
    spread = all_events * (rows - all_events) / rows * n * (rows - n)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (events * float(rows) - all_events * n.astype(float)) / np.sqrt(spread)
    return np.asarray(np.where(spread > 0, z, 0.0))


def apart(found: Sequence[Found], features: Features, wrong: Bool[ndarray, "row"], most: int) -> list[Found]:
    """The best of the slices, without echoes of better ones: what is left of each must stand out by itself."""
    chosen: list[Found] = []
    free = np.ones(features.rows, bool)
    for one in found:
        if any(set(better.rule) <= set(one.rule) for better in chosen):
            continue
        inside = features.inside(one.rule)
        left = inside & free
        n, events = np.array([left.sum()]), np.array([(left & wrong).sum()])
        if n[0] < LEFT * one.n or standing_out(events, n, int((wrong & free).sum()), int(free.sum()))[0] < ECHO:
            continue
        chosen.append(one)
        free &= ~inside
        if len(chosen) == most:
            break
    return chosen


def permuted(lattice: Lattice, errors: int, times: int, random: np.random.Generator) -> Float[ndarray, "permutation"]:
    """The best score of a whole search after errors were dealt to rows anew: what chance alone makes stand out."""
    rows = lattice.features.rows
    return np.array([lattice.highest(random.choice(rows, errors, replace=False)) for _ in range(times)])

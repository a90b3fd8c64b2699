"""Nested integration rules on [0, 1]."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np


@dataclass(frozen=True, slots=True)
class Rule:
    """Nodes in ascending order and their weights, which sum to one."""

    nodes: tuple[float, ...]
    weights: tuple[float, ...]


@cache
def clenshaw_curtis(points: int) -> Rule:
    """The Clenshaw-Curtis rule with 2^k + 1 points; the nodes of a rule are among those of the next, bit for bit.

    Exact for polynomials of degree below `points` (Clenshaw and Curtis 1960; weights as in Waldvogel 2006).
    """
    n = points - 1
    if n < 2 or n & (n - 1):
        raise ValueError(f"{points} points: a nested rule has 2^k + 1 of them, at least 3")
    even = np.arange(0, n, 2)
    moments = np.zeros(n + 1)
    moments[even] = 2 / (1 - even.astype(float) ** 2)
    moments[n] = 2 / (1 - float(n) ** 2)
    angles = np.pi * np.arange(n + 1) / n
    cosines = np.cos(np.outer(angles, np.arange(n + 1)))
    ends = np.ones(n + 1)
    ends[[0, n]] = 0.5
    weights = (2 / n) * (cosines * (ends * moments)).sum(axis=1) * ends / 2
    # A fraction k/n in lowest terms is the same number whatever n was, so the nodes nest exactly.
    nodes = [_node(k, n) for k in range(n + 1)]
    order = np.argsort(nodes)
    return Rule(nodes=tuple(nodes[i] for i in order), weights=tuple(float(weights[i]) for i in order))


def _node(k: int, n: int) -> float:
    while k % 2 == 0 and n % 2 == 0 and n > 1:
        k, n = k // 2, n // 2
    if k == 0:
        return 1.0
    return 0.0 if k == n else float((1 + np.cos(np.pi * k / n)) / 2)

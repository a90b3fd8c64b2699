"""Few cells are compared in pairs, many each with all others; a pass means the same for both."""

from __future__ import annotations

import numpy as np
import pytest

from audits.findings import Verdict
from audits.statistics.contrasts import MOST_IN_PAIRS, REST, contrasts
from audits.statistics.disparity import rule
from audits.statistics.holm import holm_array
from audits.statistics.intervals import newcombe
from audits.statistics.pairs import compare


def test_a_cell_against_the_rest_is_a_pair_of_it_and_all_others_together() -> None:
    draw = np.random.default_rng(0)
    n = draw.integers(20, 300, 40).astype(float)
    events = draw.binomial(n.astype(int), 0.3).astype(float)
    found = contrasts(events, n)
    assert (found.pairs.second == REST).all()
    for at in (0, 17, 39):
        x, m = events.sum() - events[at], n.sum() - n[at]
        _, p, _ = compare(events[at], n[at], x, m)
        assert found.pairs.p[at] == pytest.approx(p[0])
        limits = found.bounds(40)
        assert limits.alone.at(at) == newcombe(events[at], n[at], x, m).at()


@pytest.mark.parametrize("cells", [MOST_IN_PAIRS, MOST_IN_PAIRS + 1])
def test_a_pass_is_about_every_pair_of_cells_however_many(cells: int) -> None:
    """Two cells that differ by nearly twice the tolerance from each other differ by less from the rest."""
    n = np.full(cells, 200_000.0)
    events = 0.5 * n
    even = contrasts(events, n)
    assert rule(even.pairs.difference, [1.0] * len(even.pairs.p), even.bounds(10), 0.1).verdict is Verdict.PASS
    events[0], events[1] = 0.43 * n[0], 0.57 * n[1]
    apart = contrasts(events, n)
    assert rule(apart.pairs.difference, [1.0] * len(apart.pairs.p), apart.bounds(10), 0.1).verdict is not Verdict.PASS


@pytest.mark.parametrize("cells", [25, 60])
def test_equal_cells_raise_alarms_in_at_most_six_of_a_hundred_families(cells: int) -> None:
    draw = np.random.default_rng(cells)
    n = np.concatenate([np.full(cells // 2, 40.0), np.full(cells - cells // 2, 150.0)])
    alarms = []
    for _ in range(300):
        found = contrasts(draw.binomial(n.astype(int), 0.3).astype(float), n)
        alarms.append(holm_array(found.pairs.p).min() < 0.05)
    assert np.mean(alarms) <= 0.06


def test_one_unlike_cell_among_sixty_is_found() -> None:
    """INFERENCE: fifty cells, one 15 points above: a fail in about 83 % at 500 rows a cell."""
    draw = np.random.default_rng(3)
    n = np.full(60, 500.0)
    p = np.where(np.arange(60) == 7, 0.45, 0.3)
    verdicts = []
    for _ in range(60):
        found = contrasts(draw.binomial(500, p).astype(float), n)
        adjusted = holm_array(found.pairs.p)
        ruling = rule(found.pairs.difference, adjusted.tolist(), found.bounds(len(adjusted)), 0.1)
        verdicts.append((ruling.verdict, int(found.pairs.first[ruling.pair])))
    assert np.mean([verdict == (Verdict.FAIL, 7) for verdict in verdicts]) >= 0.75

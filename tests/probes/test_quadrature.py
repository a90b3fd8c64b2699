"""The rule integrates what it should, and its nodes nest: Clenshaw and Curtis 1960."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Polynomial
from scipy.integrate import quad

from probes.quadrature import Rule, clenshaw_curtis

POINTS = [2**k + 1 for k in range(1, 11)]


def integral(rule: Rule, function: Polynomial) -> float:
    return float(np.dot(rule.weights, function(np.array(rule.nodes))))


@pytest.mark.parametrize("points", POINTS)
def test_weights_are_positive_and_sum_to_one(points: int) -> None:
    rule = clenshaw_curtis(points)
    assert len(rule.nodes) == len(rule.weights) == points
    assert min(rule.weights) > 0
    assert sum(rule.weights) == pytest.approx(1, abs=1e-14)


@pytest.mark.parametrize("points", POINTS)
def test_nodes_ascend_from_end_to_end_and_mirror(points: int) -> None:
    rule = clenshaw_curtis(points)
    assert (rule.nodes[0], rule.nodes[-1]) == (0.0, 1.0)
    assert all(np.diff(rule.nodes) > 0)
    np.testing.assert_allclose(1 - np.array(rule.nodes[::-1]), rule.nodes, atol=1e-15)
    np.testing.assert_allclose(rule.weights[::-1], rule.weights, atol=1e-15)


@pytest.mark.parametrize("points", POINTS[:-1])
def test_a_finer_rule_keeps_every_node_bit_for_bit(points: int) -> None:
    assert set(clenshaw_curtis(points).nodes) < set(clenshaw_curtis(2 * points - 1).nodes)


@given(st.sampled_from(POINTS[:5]), st.lists(st.integers(-9, 9), min_size=1, max_size=33))
def test_polynomials_below_as_many_degrees_as_points_are_exact(points: int, coefficients: list[int]) -> None:
    polynomial = Polynomial([float(c) for c in coefficients[:points]])
    antiderivative = polynomial.integ()
    assert integral(clenshaw_curtis(points), polynomial) == pytest.approx(
        float(antiderivative(1.0) - antiderivative(0.0)), abs=1e-11
    )


@pytest.mark.parametrize("points", POINTS[:6])
def test_weights_are_the_integrals_of_the_nodes_own_polynomials(points: int) -> None:
    """A slow twin: solve for the weights that integrate the Chebyshev polynomials on [0, 1] exactly."""
    rule = clenshaw_curtis(points)
    degrees = np.arange(points)
    at = np.cos(np.outer(degrees, np.arccos(np.clip(2 * np.array(rule.nodes) - 1, -1, 1))))
    whole = np.array([0.0 if d % 2 else 1 / (1 - d * d) for d in degrees.astype(float)])
    np.testing.assert_allclose(np.linalg.solve(at, whole), rule.weights, atol=1e-12)


def test_a_smooth_curve_is_as_scipy_integrates_it() -> None:
    rule = clenshaw_curtis(33)
    ours = float(np.dot(rule.weights, np.exp(np.sin(5 * np.array(rule.nodes)))))
    assert ours == pytest.approx(quad(lambda x: np.exp(np.sin(5 * x)), 0, 1, epsabs=1e-13)[0], abs=1e-12)


@pytest.mark.parametrize("points", [-1, 0, 1, 2, 4, 6, 7, 10, 64])
def test_other_numbers_of_points_do_not_nest(points: int) -> None:
    with pytest.raises(ValueError, match="2\\^k \\+ 1"):
        clenshaw_curtis(points)

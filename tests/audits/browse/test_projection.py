"""A map of texts: principal components, as another library finds them, and the same on every day."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.browse.projection import project
from probes.errors import NotApplicable


def cloud(rows: int, hidden: int, seed: int = 0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return (draw.normal(size=(rows, hidden)) * np.linspace(3, 0.1, hidden) + 5).astype(np.float32)


@given(st.integers(3, 60), st.integers(2, 40), st.integers(0, 9))
def test_scikit_learn_finds_the_same_plane(rows: int, hidden: int, seed: int) -> None:
    decomposition = pytest.importorskip("sklearn.decomposition")
    vectors = cloud(rows, hidden, seed)
    theirs = decomposition.PCA(2, svd_solver="full").fit(vectors.astype(np.float64))
    places, ours = theirs.transform(vectors.astype(np.float64)), project(vectors)
    np.testing.assert_allclose(np.abs(ours.xy), np.abs(places), atol=1e-4)
    np.testing.assert_allclose(ours.explained, theirs.explained_variance_ratio_, atol=1e-6)


def test_distances_between_texts_are_kept_where_a_plane_holds_everything() -> None:
    plane = np.random.default_rng(1).normal(size=(30, 2)) @ np.random.default_rng(2).normal(size=(2, 50))
    ours = project(plane)
    assert sum(ours.explained) == pytest.approx(1)
    for one in range(5):
        expected = np.linalg.norm(plane[one] - plane, axis=1)
        np.testing.assert_allclose(np.linalg.norm(ours.xy[one] - ours.xy, axis=1), expected, atol=1e-9)


def test_an_axis_does_not_turn_over_with_the_order_of_the_rows() -> None:
    vectors = cloud(40, 8)
    np.testing.assert_allclose(project(vectors[::-1]).xy[::-1], project(vectors).xy, atol=1e-5)


def test_of_too_many_rows_a_sample_is_shown_and_said_so() -> None:
    vectors = cloud(300, 4)
    one, again, other = project(vectors, 7, most=50), project(vectors, 7, most=50), project(vectors, 8, most=50)
    np.testing.assert_array_equal(one.xy, again.xy)
    assert one.rows.tolist() == sorted(set(one.rows.tolist()))
    assert len(one.rows) == len(one.xy) == 50
    assert one.rows.tolist() != other.rows.tolist()
    assert "50 of 300 texts" in str(one.told)
    np.testing.assert_array_equal(one.xy, project(vectors[one.rows]).xy)
    assert project(vectors).rows.tolist() == list(range(300))


def test_few_dimensions_and_equal_texts_are_a_map_too() -> None:
    line = project(np.array([[1.0], [2.0], [4.0]]))
    np.testing.assert_allclose(line.xy[:, 0], [-4 / 3, -1 / 3, 5 / 3])
    assert not line.xy[:, 1].any()
    same = project(np.ones((3, 5)))
    assert not same.xy.any()
    assert same.explained == (0.0, 0.0)
    with pytest.raises(NotApplicable, match="at least two texts"):
        project(np.ones((1, 5)))

"""Calibration from counts is calibration from rows: as scikit-learn has it, and Murphy's parts add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.data.columns import group_column
from audits.statistics.calibration import calibration, resampled, standard_errors
from audits.statistics.score_counts import by_group, merged, tally_scores
from tests.audits.catalog.scoring import counted, scored_rows

GROUP = group_column("group")
Rows = list[tuple[str, float, bool]]
ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.floats(0, 1).map(lambda x: round(x, 4)), st.booleans()), min_size=1, max_size=80
)


@given(ROWS, st.integers(2, 20))
def test_brier_and_ece_are_those_of_the_rows_and_the_parts_add_up(rows: Rows, bins: int) -> None:
    from sklearn.metrics import brier_score_loss

    found = calibration(counted(*zip(*rows, strict=True)), bins)
    parts = found.murphy
    assert found.brier == pytest.approx(parts.reliability - parts.resolution + parts.uncertainty + parts.within)
    for at, group in enumerate(sorted({g for g, _, _ in rows})):
        scores = np.array([s for g, s, _ in rows if g == group])
        truth = np.array([y for g, _, y in rows if g == group])
        assert found.brier[at] == pytest.approx(brier_score_loss(truth, scores, pos_label=True))
        place = np.minimum(np.searchsorted(np.arange(bins + 1) / bins, scores, side="right") - 1, bins - 1)
        inside = [place == k for k in range(bins) if (place == k).any()]
        ece = sum(abs((scores[one] - truth[one]).sum()) for one in inside) / len(scores)
        assert found.error[at] == pytest.approx(ece)


@given(ROWS, ROWS, st.booleans())
def test_merging_parts_is_one_pass_over_all(one: Rows, two: Rows, exact: bool) -> None:
    parts = [tally_scores(scored_rows(*zip(*part, strict=True)), [GROUP], exact=exact) for part in (one, two)]
    whole = by_group(tally_scores(scored_rows(*zip(*one + two, strict=True)), [GROUP], exact=exact), GROUP)
    both = by_group(merged(parts), GROUP)
    assert both.groups == whole.groups
    for name in ("score", "rows", "weight", "squared", "total", "squares"):
        assert getattr(both, name) == pytest.approx(getattr(whole, name))


def test_coarse_bins_keep_the_brier_score_and_nearly_the_auc() -> None:
    from audits.statistics.auc import aucs

    draw = np.random.default_rng(5)
    scores = 1 / (1 + np.exp(-draw.normal(-3, 3, 4000)))
    truth = draw.random(4000) < scores
    exact, coarse = (counted(["a"] * 4000, scores, truth.tolist(), exact=which) for which in (True, False))
    assert len(coarse.score) < len(exact.score)
    assert calibration(coarse, 10).brier == pytest.approx(calibration(exact, 10).brier)
    assert calibration(coarse, 10).error == pytest.approx(calibration(exact, 10).error)
    one, two = (aucs(each.effective[:, 1], each.effective[:, 0]).value for each in (exact, coarse))
    assert one == pytest.approx(two, abs=2e-4)


def test_equal_weights_of_any_size_change_nothing() -> None:
    draw = np.random.default_rng(7)
    scores, truth = draw.random(200), (draw.random(200) < 0.5).tolist()
    one, two = (counted(["a"] * 200, scores, truth, weight) for weight in (1.0, 3.5))
    assert two.effective == pytest.approx(one.effective)
    assert calibration(two, 10).error == pytest.approx(calibration(one, 10).error)
    assert calibration(two, 10).effective == pytest.approx(calibration(one, 10).effective)


def test_the_error_expected_of_calibrated_scores_is_what_they_show() -> None:
    draw = np.random.default_rng(11)
    seen, said = [], []
    for _ in range(200):
        scores = draw.beta(1, 1, 150)
        found = calibration(counted(["a"] * 150, scores, (draw.random(150) < scores).tolist()), 10)
        seen.append(found.error[0])
        said.append(found.expected_error[0])
    assert np.mean(said) == pytest.approx(np.mean(seen), rel=0.08)


def test_standard_errors_are_the_spread_of_the_bootstrap() -> None:
    draw = np.random.default_rng(13)
    scores = draw.random(900)
    counts = counted(["a"] * 900, scores, (draw.random(900) < scores * 0.6).tolist())
    error, brier = standard_errors(counts, 10)
    samples = resampled(counts, 10)
    assert error == pytest.approx(samples.error.std(0), rel=0.15)
    assert brier == pytest.approx(samples.brier.std(0), rel=0.15)

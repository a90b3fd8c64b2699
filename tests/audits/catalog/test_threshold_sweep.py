"""What bias.threshold-sweep concludes, and that any threshold's rates are those of the rows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from audits.catalog.threshold_sweep import ThresholdSweep
from audits.evidence import PairTests
from audits.findings import Finding, Verdict
from audits.score_evidence import Curves, ScoreHistograms
from audits.scored import Scored
from audits.statistics.score_counts import ScoreCounts
from audits.statistics.sweep import at_threshold
from audits.sweep_gaps import histograms
from probes.speech import Name, Quantity
from tests.audits.catalog.scoring import counted, drawn_scores, findings

SIZES = {"muslims": 2500, "jews": 2500}
WORDS: dict[str, Quantity] = {"plural": Name(text="comments"), "label": Name(text="biased")}
SELECTION = "threshold-sweep.group.selection-rate"


def scored(counts: ScoreCounts) -> Scored:
    return Scored("group", counts, counts.groups, (True,) * len(counts.groups), 0.5, WORDS, ())


def kept(finding: Finding) -> ScoreHistograms:
    return next(e for e in finding.evidence if isinstance(e, ScoreHistograms))


def test_equal_groups_pass_at_every_threshold() -> None:
    found = findings(ThresholdSweep(tolerance=0.15), drawn_scores(SIZES))
    assert found[SELECTION].verdict is Verdict.PASS


def test_a_shifted_group_is_a_concern_and_fails_only_as_a_primary_measure() -> None:
    rows = drawn_scores(SIZES, {"muslims": 1.2})
    assert findings(ThresholdSweep(), rows)[SELECTION].verdict is Verdict.CONCERN
    finding = findings(ThresholdSweep(primary=True), rows)[SELECTION]
    assert finding.verdict is Verdict.FAIL
    assert "about Muslims would be" in str(finding.summary)


def test_the_distance_is_scipys() -> None:
    rows = drawn_scores({"a": 90, "b": 140}, {"a": 0.4})
    score, group = np.array(rows["score"]), np.array(rows["group"])
    (pair,) = next(e for e in findings(ThresholdSweep(), rows)[SELECTION].evidence if isinstance(e, PairTests)).pairs
    assert pair.difference == pytest.approx(ks_2samp(score[group == "a"], score[group == "b"]).statistic)


@given(st.integers(0, 100), st.integers(0, 3))
def test_rates_at_any_hundredth_are_those_of_the_rows(hundredth: int, seed: int) -> None:
    rows = drawn_scores({"a": 30, "b": 25}, seed=seed)
    rows["score"] = [round(score, 2) for score in rows["score"]]
    score, label, group = (np.array(rows[name]) for name in ("score", "label", "group"))
    found = at_threshold(histograms(scored(counted(group, score, label == "biased")), WORDS), hundredth / 100)
    for at, name in enumerate("ab"):
        mine = group == name
        chosen, positive = score[mine] >= hundredth / 100, label[mine] == "biased"
        assert found.selection_rate[at] == pytest.approx(chosen.mean())
        assert found.true_positive_rate[at] == pytest.approx(chosen[positive].mean())
        assert found.false_positive_rate[at] == pytest.approx(chosen[~positive].mean())
        assert found.accuracy[at] == pytest.approx((chosen == positive).mean())


def test_rates_only_fall_as_the_threshold_rises() -> None:
    finding = findings(ThresholdSweep(), drawn_scores({"a": 60, "b": 70}))[SELECTION]
    curves = next(e for e in finding.evidence if isinstance(e, Curves))
    for curve in curves.curves:
        heights = [point.y for point in curve.points]
        assert heights[0] == 1
        assert all(a >= b for a, b in itertools.pairwise(heights))


def test_a_threshold_between_the_hundredths_is_an_edge_of_its_own() -> None:
    rows = drawn_scores({"a": 200, "b": 200})
    counts = kept(findings(ThresholdSweep(), rows, "table:?score=score&threshold=0.3337")[SELECTION])
    assert 0.3337 in counts.edges
    share = np.mean([s >= 0.3337 for s, g in zip(rows["score"], rows["group"], strict=True) if g == "a"])
    assert at_threshold(counts, 0.3337).selection_rate[0] == pytest.approx(share)


def test_scores_of_another_range_have_thresholds_of_their_own() -> None:
    rows = drawn_scores({"a": 200, "b": 200})
    rows["score"] = [300 + round(550 * score) for score in rows["score"]]
    counts = kept(findings(ThresholdSweep(), rows, "table:?score=score&threshold=600")[SELECTION])
    assert not counts.percent
    assert counts.edges[0] <= min(rows["score"])
    assert counts.edges[-1] > max(rows["score"])
    assert sum(sum(group.positives) + sum(group.negatives) for group in counts.groups) == 400


def test_selection_rates_need_no_labels() -> None:
    rows = drawn_scores({"a": 300, "b": 300})
    rows["label"] = [None] * 600
    found = findings(ThresholdSweep(), rows)
    assert found[SELECTION].verdict.checked or found[SELECTION].verdict is Verdict.INSUFFICIENT
    assert found["threshold-sweep.group.true-positive-rate"].verdict is Verdict.NOT_APPLICABLE


def test_many_rows_counted_in_bins_have_the_same_rates_at_every_hundredth() -> None:
    rows = drawn_scores({"a": 400, "b": 300}, {"a": 2.0})
    rows["score"] = [*(round(score, 2) for score in rows["score"][:350]), *rows["score"][350:]]
    columns = rows["group"], rows["score"], [label == "biased" for label in rows["label"]]
    exact, coarse = (histograms(scored(counted(*columns, exact=which)), WORDS) for which in (True, False))
    assert coarse.edges == exact.edges
    assert coarse.groups == exact.groups

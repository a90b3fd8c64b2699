"""What bias.score-auc concludes: a group whose harmless rows score too high is found, its clean twin passes."""

from __future__ import annotations

import numpy as np
import pytest

from audits.catalog.score_auc import ScoreAuc
from audits.evidence import GroupRates, PairTests
from audits.findings import Verdict
from tests.audits.catalog.scoring import drawn_scores, findings

SIZES = {"muslims": 1500, "jews": 1500, "women": 1500}


def test_equal_groups_pass_in_every_setting() -> None:
    found = findings(ScoreAuc(), drawn_scores(SIZES))
    assert {finding.verdict for finding in found.values()} == {Verdict.PASS}
    assert set(found) == {f"score-auc.group.{name}" for name in ("subgroup", "bpsn", "bnsp")}


def test_a_shifted_group_keeps_its_own_auc_and_loses_against_the_background() -> None:
    found = findings(ScoreAuc(), drawn_scores(SIZES, {"muslims": 1.2}))
    assert found["score-auc.group.subgroup"].verdict is Verdict.PASS
    bpsn = found["score-auc.group.bpsn"]
    assert bpsn.verdict is Verdict.CONCERN
    assert "about Muslims" in str(bpsn.summary)


def test_only_a_primary_measure_fails() -> None:
    rows = drawn_scores(SIZES, {"muslims": 1.2})
    assert findings(ScoreAuc(primary=True), rows)["score-auc.group.bpsn"].verdict is Verdict.FAIL


def test_monotone_transforms_of_the_scores_change_nothing() -> None:
    rows = drawn_scores({"a": 120, "b": 90})
    squashed = {**rows, "score": (np.array(rows["score"]) ** 3 / 2).tolist()}
    one, two = findings(ScoreAuc(), rows), findings(ScoreAuc(), squashed)
    for name, finding in one.items():
        assert finding.verdict == two[name].verdict
        pairs = [next(e for e in f.evidence if isinstance(e, PairTests)).pairs for f in (finding, two[name])]
        assert [pair.difference for pair in pairs[0]] == pytest.approx([pair.difference for pair in pairs[1]])


def test_scores_need_not_be_probabilities() -> None:
    rows = drawn_scores(SIZES)
    rows["score"] = (10 * np.array(rows["score"]) - 3).tolist()
    assert findings(ScoreAuc(), rows)["score-auc.group.subgroup"].verdict is Verdict.PASS


def test_small_groups_are_listed_and_not_compared() -> None:
    found = findings(ScoreAuc(compare=("subgroup",)), drawn_scores({**SIZES, "black": 8, "asian": 1}))
    finding = found["score-auc.group.subgroup"]
    assert any("black" in str(detail) for detail in finding.details)
    groups = {g.group: g for e in finding.evidence if isinstance(e, GroupRates) for g in e.groups}
    assert not groups["black"].tested
    assert groups["asian"].rate is None
    assert groups["asian"].interval is None


def test_without_labels_there_is_nothing_to_rank() -> None:
    rows = drawn_scores({"a": 40, "b": 40})
    rows["label"] = [None] * 80
    found = findings(ScoreAuc(), rows)
    assert {finding.verdict for finding in found.values()} == {Verdict.NOT_APPLICABLE}

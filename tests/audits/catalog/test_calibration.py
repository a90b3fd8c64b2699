"""What bias.calibration concludes: scores that come true pass, a group whose scores are too high is found."""

from __future__ import annotations

import numpy as np
import pytest

from audits.catalog.calibration import CalibrationByGroup
from audits.evidence import Table
from audits.findings import Verdict
from audits.frames import frame
from audits.score_evidence import Curves
from tests.audits.catalog.scoring import drawn_scores, findings

SIZES = {"muslims": 2500, "jews": 2500, "women": 2500}


def test_scores_that_come_true_pass_in_every_group() -> None:
    found = findings(CalibrationByGroup(), drawn_scores(SIZES))
    assert {finding.verdict for finding in found.values()} == {Verdict.PASS}
    assert set(found) == {"calibration.group.ece", "calibration.group.brier"}


def test_a_group_whose_scores_are_too_high_is_found_and_named() -> None:
    found = findings(CalibrationByGroup(), drawn_scores(SIZES, {"muslims": 1.3}))
    finding = found["calibration.group.ece"]
    assert finding.verdict is Verdict.CONCERN
    assert "about Muslims than" in str(finding.summary)
    assert any("too high on average" in str(detail) for detail in finding.details)


def test_only_a_primary_measure_fails() -> None:
    rows = drawn_scores(SIZES, {"muslims": 1.3})
    found = findings(CalibrationByGroup(primary=True), rows)
    assert found["calibration.group.ece"].verdict is Verdict.FAIL


def test_the_curve_of_a_group_holds_all_its_rows() -> None:
    rows = drawn_scores({"a": 300, "b": 200})
    finding = findings(CalibrationByGroup(), rows)["calibration.group.ece"]
    curve = next(e for e in finding.evidence if isinstance(e, Curves))
    assert {one.group: sum(point.n for point in one.points) for one in curve.curves} == {"a": 300, "b": 200}
    for one in curve.curves:
        mean = sum(point.x * point.n for point in one.points) / one.n
        truth = np.mean([s for s, g in zip(rows["score"], rows["group"], strict=True) if g == one.group])
        assert mean == pytest.approx(truth)


def test_scores_that_are_no_probabilities_cannot_be_calibrated() -> None:
    rows = drawn_scores({"a": 50, "b": 50})
    rows["score"] = [10 * score for score in rows["score"]]
    found = findings(CalibrationByGroup(), rows)
    assert {finding.verdict for finding in found.values()} == {Verdict.NOT_APPLICABLE}
    assert "from 0 to 1" in str(found["calibration.group.ece"].summary)


def test_small_groups_are_listed_and_not_compared() -> None:
    found = findings(CalibrationByGroup(), drawn_scores({**SIZES, "black": 6}))
    finding = found["calibration.group.ece"]
    assert any("black" in str(detail) for detail in finding.details)
    table = next(e for e in finding.evidence if isinstance(e, Table))
    assert len(table.rows) == 4


def test_group_names_and_row_order_change_no_number() -> None:
    rows = drawn_scores({"a": 150, "b": 200, "c": 90}, {"a": 1.0})
    order = np.random.default_rng(3).permutation(440)
    other = {name: [values[at] for at in order] for name, values in rows.items()}
    other["group"] = [{"a": "z", "b": "y", "c": "x"}[name] for name in other["group"]]
    one, two = (findings(CalibrationByGroup(), each)["calibration.group.ece"] for each in (rows, other))
    tables = [next(e for e in f.evidence if isinstance(e, Table)) for f in (one, two)]
    numbers = [sorted(frame(table)["Calibration error (ECE)"]) for table in tables]
    assert numbers[0] == pytest.approx(numbers[1])
    assert one.verdict == two.verdict


def test_a_small_group_is_not_called_worse_for_being_small() -> None:
    alarms = 0
    for seed in range(20):
        rows = drawn_scores({"a": 1500, "b": 80}, seed=seed)
        finding = findings(CalibrationByGroup(measures=("ece",)), rows)["calibration.group.ece"]
        alarms += finding.verdict in (Verdict.CONCERN, Verdict.FAIL)
    assert alarms <= 2

"""bias.group-rates on awkward data: every question that cannot be asked is answered with the reason, never skipped."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from audits.catalog.group_rates import COMMON, GroupRates
from audits.data.columns import MISSING
from audits.findings import Verdict
from probes.errors import BadPlan, NotApplicable
from tests.audits.catalog.populations import (
    CLEAN,
    FALSE_POSITIVES,
    PLANTED,
    PREDICTION,
    Judge,
    audited,
    findings,
    population,
    rates,
    tallied,
    verdicts,
)


def test_unrecorded_groups_and_missing_labels_are_told() -> None:
    columns: dict[str, list[Any]] = {**tallied({**CLEAN, "": (20, 20, 20, 20)})}
    columns["label"][:5] = [None] * 5
    found = audited(columns)
    details = " ".join(map(str, found[FALSE_POSITIVES].details))
    assert "80 comments have no recorded group" in details
    assert "5 comments have no label" in details
    assert [group.group for group in rates(found[FALSE_POSITIVES]).groups][-1] == MISSING
    assert not rates(found[FALSE_POSITIVES]).groups[-1].tested
    assert "no label" not in " ".join(map(str, found["group-rates.group.selection-rate"].details))


def test_selection_rate_needs_no_labels() -> None:
    columns: dict[str, Any] = {**tallied(PLANTED), "label": [None] * 2925}
    for found in (audited(columns), audited(columns, label=None)):
        assert found["group-rates.group.selection-rate"].verdict is Verdict.FAIL
        others = [finding for name, finding in found.items() if not name.endswith("selection-rate")]
        assert {finding.verdict for finding in others} == {Verdict.NOT_APPLICABLE}
        assert all("No comment has a label." in str(finding.summary) for finding in others)


def test_one_group_only_and_no_group_recorded_are_not_applicable() -> None:
    for counts, reason in (
        ({"muslims": (9, 9, 9, 9)}, "only one group"),
        ({"": (9, 9, 9, 9)}, "recorded for no comment"),
    ):
        found = audited(tallied(counts))
        assert set(verdicts(found).values()) == {Verdict.NOT_APPLICABLE}
        assert len(found) == len(COMMON)
        assert all(reason in str(finding.summary) for finding in found.values())


def test_all_one_label_and_nothing_selected() -> None:
    neutral = verdicts(audited(tallied({"a": (0, 0, 30, 70), "b": (0, 0, 30, 70)})))
    assert neutral["true-positive-rate"] is Verdict.NOT_APPLICABLE
    assert neutral["precision"] is Verdict.PASS
    nothing = verdicts(audited(tallied({"a": (0, 30, 0, 70), "b": (0, 30, 0, 70)})))
    assert nothing["precision"] is Verdict.NOT_APPLICABLE
    assert nothing["selection-rate"] is Verdict.PASS
    one_sided = audited(tallied({"a": (0, 0, 30, 70), "b": (20, 20, 30, 70)}))["group-rates.group.true-positive-rate"]
    assert one_sided.verdict is Verdict.NOT_APPLICABLE
    assert "Only one group has such comments: b." in str(one_sided.summary)


def test_groups_all_too_small_are_insufficient_evidence() -> None:
    found = audited(tallied({"a": (1, 1, 1, 1), "b": (1, 1, 1, 1)}))
    assert set(verdicts(found).values()) == {Verdict.INSUFFICIENT}
    assert all(len(rates(finding).groups) == 2 for finding in found.values())


def test_many_classes_without_a_positive_one_leave_accuracy() -> None:
    columns = {"group": ["a", "b"] * 300, "label": ["x", "y", "z"] * 200, PREDICTION: ["x", "y", "z"] * 200}
    judge = Judge(labels=("x", "y", "z"))
    found = findings(GroupRates(), population(columns), judge)
    assert verdicts(found) == {
        metric: Verdict.PASS if metric == "accuracy" else Verdict.NOT_APPLICABLE for metric in COMMON
    }
    assert "set data.positive" in str(found[FALSE_POSITIVES].summary)
    named = findings(GroupRates(), population(columns, positive="z"), judge)
    assert Verdict.NOT_APPLICABLE not in verdicts(named).values()
    assert "labelled otherwise" in str(named[FALSE_POSITIVES].summary)


def test_attribute_with_a_value_for_everybody_is_no_grouping() -> None:
    columns = {"group": [str(i) for i in range(500)], "label": ["biased"] * 500, PREDICTION: ["biased"] * 500}
    found = audited(columns)
    assert set(verdicts(found).values()) == {Verdict.NOT_APPLICABLE}
    assert "500 different values" in str(found[FALSE_POSITIVES].summary)


def test_attributes_are_judged_apart_and_named_ones_alone() -> None:
    columns = {**tallied(CLEAN), "sex": ["f", "m", "x"] * 975}
    data = population(columns, protected=("group", "sex"))
    assert len(findings(GroupRates(), data)) == 10
    only = findings(GroupRates(attribute="sex", metrics=("accuracy",)), data)
    assert list(only) == ["group-rates.sex.accuracy"]
    assert only["group-rates.sex.accuracy"].settings == GroupRates(attribute="sex", metrics=("accuracy",)).settings()


def test_wrong_attributes_are_errors_that_name_the_next_move() -> None:
    with pytest.raises(BadPlan) as caught:
        findings(GroupRates(attribute="gruop"), population(tallied(CLEAN)))
    assert "did you mean group?" in str(caught.value)
    with pytest.raises(NotApplicable):
        findings(GroupRates(), population(tallied(CLEAN), protected=()))
    with pytest.raises(BadPlan):
        findings(GroupRates(attribute="group"), population(tallied(CLEAN), protected=()))
    with pytest.raises(ValidationError):
        GroupRates(metrics=())
    with pytest.raises(ValidationError):
        GroupRates(tolerance=1.5)

"""bias.worst-slices: a planted slice is found and told as a rule; errors without a pattern raise few alarms."""

from __future__ import annotations

import random

import numpy as np
import pytest

from audits.catalog.worst_slices import WorstSlices
from audits.cell_evidence import Slices
from audits.findings import Finding, Verdict
from probes.errors import NotApplicable
from probes.speech import Count
from tests.audits.catalog.populations import PREDICTION, population
from tests.audits.catalog.slice_worlds import columns, judged, world

ALARM = (Verdict.CONCERN, Verdict.FAIL)
JUDGES = ("held-out", "permutation")


def rules(finding: Finding) -> list[tuple[str, ...]]:
    (evidence,) = (piece for piece in finding.evidence if isinstance(piece, Slices))
    return [tuple(condition.words for condition in one.conditions) for one in evidence.slices]


@pytest.mark.parametrize("judge", JUDGES)
def test_a_planted_slice_is_found_and_told_as_a_rule(judge: str) -> None:
    finding = judged(WorstSlices(judge=judge, primary=True, permutations=99), world(0, 8_000, planted=0.35))
    assert finding.verdict is Verdict.FAIL
    first = rules(finding)[0]
    assert first[0] == "job is u"
    assert first[1].startswith("age is 6")
    assert len(first) == 2
    said = str(finding.summary)
    assert said.startswith("The answer is wrong 2.")
    assert " times as often for comments where job is u and age is 6" in said
    assert "as for all others (" in said
    assert said.endswith("That is beyond the tolerance of 10 points.")


def test_unless_it_is_primary_it_is_a_concern_at_most() -> None:
    finding = judged(WorstSlices(), world(0, 8_000, planted=0.35))
    assert finding.verdict is Verdict.CONCERN
    assert any("a concern at most" in str(detail) for detail in finding.details)


@pytest.mark.parametrize(("judge", "trials"), [("held-out", 120), ("permutation", 40)])
def test_errors_without_a_pattern_raise_few_alarms(judge: str, trials: int) -> None:
    """At most 5 % in truth: a longer simulation saw 16 and 13 of 450."""
    audit = WorstSlices(judge=judge, permutations=99, depth=2)
    alarms = sum(judged(audit, world(5_000 + seed, 700), seed).verdict in ALARM for seed in range(trials))
    assert alarms <= 0.06 * trials + 2 * (0.05 * 0.95 * trials) ** 0.5


@pytest.mark.parametrize("judge", JUDGES)
def test_the_order_of_rows_and_of_columns_changes_nothing(judge: str) -> None:
    rows = columns(3, 1_500, planted=0.3)
    order = random.Random(4).sample(range(1_500), 1_500)
    shuffled = {name: [values[at] for at in order] for name, values in reversed(rows.items())}
    audit = WorstSlices(judge=judge, permutations=99)
    one, two = judged(audit, population(rows)), judged(audit, population(shuffled))
    assert one.verdict is two.verdict
    assert {frozenset(rule) for rule in rules(one)} == {frozenset(rule) for rule in rules(two)}


def test_renaming_a_group_renames_the_rule() -> None:
    rows = columns(5, 6_000)
    draw = np.random.default_rng(6)
    rows[PREDICTION] = [
        {"neutral": "biased", "biased": "neutral"}[answer] if group == "c" and draw.random() < 0.4 else answer
        for answer, group in zip(rows["label"], rows["group"], strict=True)
    ]
    renamed = {**rows, "group": [{"a": "x", "b": "y", "c": "jews"}[group] for group in rows["group"]]}
    assert rules(judged(WorstSlices(), population(rows)))[0] == ("group is c",)
    assert rules(judged(WorstSlices(), population(renamed)))[0] == ("group is Jews",)


def test_numbers_are_of_the_rows_held_out() -> None:
    finding = judged(WorstSlices(), world(7, 4_000, planted=0.35))
    (evidence,) = finding.evidence
    assert isinstance(evidence, Slices)
    worst = evidence.slices[0]
    assert worst.n < worst.rows < 4_000 / 10
    assert worst.rate == pytest.approx(0.5, abs=0.15)
    assert worst.rest == pytest.approx(0.15, abs=0.03)
    assert worst.difference == pytest.approx((worst.rate or 0) - (worst.rest or 0))
    assert worst.interval is not None
    assert worst.difference is not None
    assert worst.interval.low < worst.difference < worst.interval.high
    assert worst.p is not None
    assert worst.adjusted is not None
    assert worst.p <= worst.adjusted < 0.05


def test_false_positives_and_misses_are_searched_in_their_own_rows() -> None:
    rows = columns(8, 6_000)
    draw = np.random.default_rng(9)
    rows[PREDICTION] = [
        "biased" if label == "neutral" and town == "k" and draw.random() < 0.4 else label
        for label, town in zip(rows["label"], rows["town"], strict=True)
    ]
    wrongly = judged(WorstSlices(error="wrongly-selected"), population(rows))
    assert rules(wrongly)[0] == ("town is k",)
    assert "Of the comments labelled neutral, those where town is k are wrongly flagged as biased" in str(
        wrongly.summary
    )
    (evidence,) = wrongly.evidence
    assert isinstance(evidence, Slices)
    assert evidence.within is not None
    assert (evidence.within.column, evidence.within.value) == ("@actual", "false")
    missed = judged(WorstSlices(error="missed"), population(rows))
    assert missed.verdict is Verdict.PASS
    assert "is missed: there is nothing to search" in str(missed.summary)


def test_repeated_rows_fall_on_one_side() -> None:
    """Otherwise each would be tested by its own copy, and every slice of noise would be confirmed."""
    rows = columns(10, 500)
    doubled = {name: [*values, *values] for name, values in rows.items()}
    audit = WorstSlices(support=0.03)
    assert rules(judged(audit, population(doubled))) != []
    halves = next(detail for detail in judged(audit, population(doubled)).details if "chosen" in detail.values).values
    chosen = halves["chosen"]
    assert isinstance(chosen, Count)
    assert chosen.value % 2 == 0


def test_columns_that_tell_the_label_are_left_out_and_named() -> None:
    rows = columns(11, 3_000, planted=0.3)
    rows["score"] = [0.9 if answer == "biased" else 0.1 for answer in rows[PREDICTION]]
    rows["truth"] = [label.upper() for label in rows["label"]]
    finding = judged(WorstSlices(), population(rows))
    assert not any("truth" in part or "score" in part for rule in rules(finding) for part in rule)
    assert "because the label or the answer can be told from it: score and truth." in " ".join(
        map(str, finding.details)
    )


def test_only_chosen_columns_are_sliced_by() -> None:
    finding = judged(WorstSlices(columns=("town", "group")), world(12, 3_000))
    assert str(finding.details[-1]).endswith(" slices of group and town.")


def test_too_few_rows_and_no_positive_class_say_so() -> None:
    few = judged(WorstSlices(), world(13, 40))
    assert few.verdict is Verdict.INSUFFICIENT
    assert "There are 40 such comments, and 30 on either side of a rule are needed" in str(few.summary)
    unlabelled = {**columns(14, 100), "label": [None] * 100}
    with pytest.raises(NotApplicable, match="no row has the label"):
        judged(WorstSlices(), population(unlabelled))

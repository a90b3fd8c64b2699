"""bias.group-rates: which metrics decide, which only explore, and what is counted once."""

from __future__ import annotations

from audits.catalog.group_rates import GroupRates
from audits.evidence import PairTests, Table
from audits.findings import Finding, Verdict
from audits.statistics.definitions import DEFINITIONS
from tests.audits.catalog.populations import CLEAN, PLANTED, findings, population, tallied, verdicts

EVERY = tuple(DEFINITIONS)


def family(finding: Finding) -> int | None:
    return next(one for one in finding.evidence if isinstance(one, PairTests)).pairs[0].test.family


def table(finding: Finding, name: str) -> Table:
    return next(one for one in finding.evidence if isinstance(one, Table) and one.name == name)


def test_planted_false_alarms_fail_where_they_decide_and_are_a_concern_where_they_only_explore() -> None:
    data = population(tallied(PLANTED))
    metric = "group-rates.group.false-positive-rate"
    decides = findings(GroupRates(metrics=("false-positive-rate",)), data)[metric]
    explores = findings(GroupRates(metrics=("accuracy",), exploratory=("false-positive-rate",)), data)[metric]
    assert (decides.verdict, explores.verdict) == (Verdict.FAIL, Verdict.CONCERN)
    assert "exploratory" in str(explores.summary)
    assert any(str(detail).startswith("Exploratory: ") for detail in explores.details)


def test_exploratory_metrics_cost_those_that_decide_nothing() -> None:
    data = population(tallied(PLANTED))
    alone = findings(GroupRates(metrics=("accuracy",)), data)
    both = findings(GroupRates(metrics=("accuracy",), exploratory=EVERY), data)
    assert alone["group-rates.group.accuracy"].evidence == both["group-rates.group.accuracy"].evidence
    assert family(both["group-rates.group.accuracy"]) == 3
    # Three pairs of the ten others, of which two are complements of two more.
    assert family(both["group-rates.group.f1"]) == 3 * (len(EVERY) - 1 - 2)
    assert len(both) == len(EVERY)


def test_a_rate_and_its_complement_are_one_question() -> None:
    data = population(tallied(PLANTED))
    found = findings(GroupRates(metrics=("true-positive-rate", "false-negative-rate", "precision")), data)
    one, other = (found[f"group-rates.group.{name}"] for name in ("true-positive-rate", "false-negative-rate"))
    assert family(one) == family(other) == 6
    tests = [next(e for e in finding.evidence if isinstance(e, PairTests)).pairs for finding in (one, other)]
    assert [pair.test.adjusted for pair in tests[0]] == [pair.test.adjusted for pair in tests[1]]
    assert one.verdict == other.verdict


def test_every_metric_passes_where_groups_are_even() -> None:
    found = verdicts(findings(GroupRates(metrics=EVERY), population(tallied(CLEAN))))
    assert found == dict.fromkeys(EVERY, Verdict.PASS) | {"treatment-equality": found["treatment-equality"]}
    assert found["treatment-equality"] in (Verdict.PASS, Verdict.INSUFFICIENT)


def test_selection_rates_stand_beside_the_four_fifths_rule_and_all_groups_in_one_number() -> None:
    finding = findings(GroupRates(), population(tallied(PLANTED)))["group-rates.group.selection-rate"]
    told = next(str(detail) for detail in finding.details if "four-fifths rule" in str(detail))
    assert told.startswith("The four-fifths rule would flag this: comments about")
    ratios = table(finding, "ratios")
    assert len(ratios.rows) == 3
    assert len(ratios.columns) == 7
    assert [str(row[0]) for row in table(finding, "summaries").rows] != []


def test_a_metric_named_twice_decides() -> None:
    found = findings(
        GroupRates(metrics=("accuracy",), exploratory=("accuracy", "accuracy")), population(tallied(CLEAN))
    )
    assert list(found) == ["group-rates.group.accuracy"]

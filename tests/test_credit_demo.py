"""The credit demo on the real rows: what its model reaches, that its contributions add up, and that it is quick."""

from __future__ import annotations

import pytest

import audits
from audits.column_evidence import Swarms, Waterfalls
from audits.evidence import GroupRates
from audits.findings import Verdict
from audits.runs import Run
from dashboard.demo import demo_plans

pytestmark = [pytest.mark.assets, pytest.mark.slow]


@pytest.fixture(scope="module")
def run() -> Run:
    (plan,) = demo_plans("credit")
    return audits.run(plan)


def test_the_model_is_better_than_the_majority_rule(run: Run) -> None:
    # The majority rule is right for 76 %.
    (rates,) = [e for e in run.finding("group-rates.sex.accuracy").evidence if isinstance(e, GroupRates)]
    assert rates.reference is not None
    assert rates.reference >= 0.86


def test_women_are_said_to_earn_much_less_often(run: Run) -> None:
    assert run.finding("group-rates.sex.selection-rate").verdict is Verdict.FAIL


def test_contributions_add_up_and_nothing_breaks(run: Run) -> None:
    finding = run.finding("attribution")
    assert finding.verdict is Verdict.PASS
    assert all(any(isinstance(e, kind) for e in finding.evidence) for kind in (Swarms, Waterfalls))
    assert not [f for f in run.findings if f.verdict is Verdict.ERROR]
    assert sum("reads the protected attribute" in str(detail) for detail in finding.details) == 2


def test_a_run_again_measures_nothing(run: Run) -> None:
    again = audits.run(run.plan)
    assert again.manifest.work.measured == 0
    assert again.findings == run.findings

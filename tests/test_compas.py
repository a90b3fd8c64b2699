"""The published COMPAS figures come out of the whole chain: data, subject, counting and finding."""

from __future__ import annotations

import pytest

import audits
from audits.demo.datasets import demo_plan
from audits.evidence import GroupRates
from audits.findings import Verdict
from audits.plan import AuditChoice, Plan
from audits.runs import Run

pytestmark = pytest.mark.assets

PUBLISHED = {
    # Larson et al. (2016): all defendants, African-American, Caucasian; FNR is 1 - TPR.
    "false-positive-rate": (0.3235, 0.4485, 0.2345),
    "true-positive-rate": (1 - 0.3740, 1 - 0.2799, 1 - 0.4772),
    "precision": (0.6135, 0.6297, 0.5913),
}


@pytest.fixture(scope="module")
def run() -> Run:
    data, words = demo_plan("compas")
    choice = AuditChoice(name="bias.group-rates", options={"attribute": "race"})
    plan = Plan(name="COMPAS", subject="table:?prediction=prediction", data=data, words=words, audits=(choice,))
    return audits.run(plan)


@pytest.mark.parametrize("metric", PUBLISHED)
def test_rates_equal_the_published_ones_to_four_decimals(run: Run, metric: str) -> None:
    (rates,) = [e for e in run.finding(f"group-rates.race.{metric}").evidence if isinstance(e, GroupRates)]
    found = {group.group: group.rate for group in rates.groups}
    everybody, black, white = PUBLISHED[metric]
    assert rates.reference == pytest.approx(everybody, abs=5e-5)
    assert found["African-American"] == pytest.approx(black, abs=5e-5)
    assert found["Caucasian"] == pytest.approx(white, abs=5e-5)
    assert run.manifest.data.rows == 7214


def test_the_famous_gap_is_found(run: Run) -> None:
    assert run.finding("group-rates.race.false-positive-rate").verdict is Verdict.FAIL

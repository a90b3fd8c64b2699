"""On the demo's real models: who reads identity words flips, who reads a mask in their place hardly does."""

from __future__ import annotations

import pytest

import audits
from audits.evidence import Scalar
from audits.findings import Finding, Verdict
from audits.plan import AuditChoice
from dashboard.demo import demo_plans

pytestmark = [pytest.mark.assets, pytest.mark.slow]

OPTIONS = {"attributes": ["religion"], "texts": 300, "primary": True}


def flips(finding: Finding) -> float:
    (rate,) = [one.value for one in finding.evidence if isinstance(one, Scalar)]
    assert rate.kind == "share"
    return rate.value or 0.0


def test_masking_identity_words_takes_nearly_all_flips_away() -> None:
    found = []
    for plan in demo_plans():
        choice = AuditChoice(name="bias.counterfactual-flip", options=OPTIONS)
        (finding,) = audits.run(plan.model_copy(update={"audits": (choice,)})).findings
        found.append(finding)
    plain, masked = found
    assert plain.verdict is Verdict.FAIL
    assert masked.verdict is Verdict.PASS
    assert flips(masked) < 0.03 < 0.08 < flips(plain)

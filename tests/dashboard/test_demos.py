"""The demos there are, by name."""

from __future__ import annotations

import pytest

from audits.demo.datasets import DEMO_SETS
from audits.demo.subjects import MODELS
from audits.plan_file import read_plan
from dashboard.demo import DEMOS, TITLES, demo_plans
from probes.errors import BadPlan


@pytest.mark.parametrize("name", DEMOS)
def test_every_demo_is_plans_over_models_and_data_that_ship(name: str) -> None:
    plans = demo_plans(name)
    assert plans
    for plan in plans:
        checked, questions, _ = read_plan(plan)
        assert len(questions) == len(checked.audits)
        assert plan.subject.removeprefix("demo:") in MODELS
        assert plan.data.source.removeprefix("demo:") in DEMO_SETS


def test_every_model_has_a_title_and_a_demo() -> None:
    assert set(TITLES) == set(MODELS) == {model for demo in DEMOS.values() for model in demo.models}


def test_an_unknown_demo_names_the_nearest() -> None:
    with pytest.raises(BadPlan, match="no demo credt; there is credit") as caught:
        demo_plans("credt")
    assert "\n" not in str(caught.value)

"""The demo on the real models and data: what it must reach, and what it finds."""

from __future__ import annotations

import pytest

import audits
from audits.demo.identity_words import IDENTITY_WORDS
from audits.demo.moderation import moderation_model
from audits.evidence import GroupRates
from audits.findings import Verdict
from audits.runs import Run
from audits.store.home import home
from dashboard.demo import demo_plans
from probes.subjects import open_subject
from probes.subjects.capabilities import Answers

pytestmark = [pytest.mark.assets, pytest.mark.slow]


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [audits.run(plan) for plan in demo_plans()]


def overall(run: Run, metric: str) -> float:
    (rates,) = [e for e in run.finding(f"group-rates.group.{metric}").evidence if isinstance(e, GroupRates)]
    assert rates.reference is not None
    return rates.reference


def test_the_plain_model_is_better_than_the_majority_rule(runs: list[Run]) -> None:
    # The majority rule is right for 61 %.
    assert overall(runs[0], "accuracy") >= 0.78


def test_the_plain_model_flags_neutral_comments_unevenly(runs: list[Run]) -> None:
    finding = runs[0].finding("group-rates.group.false-positive-rate")
    assert finding.verdict in (Verdict.FAIL, Verdict.CONCERN)


def test_word_scores_add_up(runs: list[Run]) -> None:
    for run in runs:
        assert run.finding("attribution").verdict is Verdict.PASS


def test_a_run_again_measures_nothing(runs: list[Run]) -> None:
    again = audits.run(runs[0].plan)
    assert again.manifest.work.measured == 0
    assert again.findings == runs[0].findings


def test_the_masked_model_cannot_tell_groups_apart() -> None:
    # In training and in use: the tokenizer that was saved with the model masks.
    subject = open_subject(f"hf:{moderation_model(home(), masked=True)}")
    assert isinstance(subject, Answers)
    texts = [(f"I met some {word} at the market.",) for word in IDENTITY_WORDS]
    encoded = {tuple(example.encoded.ids.tolist()) for example in subject.encode(texts)}
    assert len(encoded) == 1

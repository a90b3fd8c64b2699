"""bias.group-rates: planted bias is found, its clean twin passes, and what cannot be asked says so."""

from __future__ import annotations

import random
import time

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.catalog.group_rates import GroupRates
from audits.data.columns import KEY, LABEL, WEIGHT, group_column
from audits.data.population import Population
from audits.evidence import GroupRates as Rates
from audits.evidence import PairTests, Table
from audits.findings import Finding, Verdict
from audits.manifest import DataCard
from audits.plan import DataPlan, Words
from probes.speech import Points, Share, Times
from tests.audits.catalog.populations import (
    CLEAN,
    COMMENTS,
    FALSE_POSITIVES,
    PLANTED,
    PREDICTION,
    audited,
    findings,
    population,
    rates,
    tallied,
    verdicts,
)

TINY = {"muslims": (15, 5, 6, 14), "jews": (14, 6, 5, 15)}


def pairs(finding: Finding) -> PairTests:
    return next(evidence for evidence in finding.evidence if isinstance(evidence, PairTests))


def test_planted_bias_fails_where_it_was_planted_and_its_clean_twin_passes() -> None:
    assert set(verdicts(audited(tallied(CLEAN))).values()) == {Verdict.PASS}
    found = audited(tallied(PLANTED))
    assert found[FALSE_POSITIVES].verdict is Verdict.FAIL
    assert found["group-rates.group.true-positive-rate"].verdict is Verdict.PASS


def test_failing_sentence_names_the_groups_their_rates_and_the_certainty() -> None:
    finding = audited(tallied(PLANTED))[FALSE_POSITIVES]
    values = finding.summary.values
    assert values["high_rate"] == Share(value=260 / 600)
    assert values["low_rate"] == Share(value=120 / 600)
    assert values["gap"] == Points(value=260 / 600 - 120 / 600)
    assert values["times"] == Times(value=(260 / 600) / (120 / 600))
    assert str(finding.summary).startswith(
        "Of the comments labelled neutral, those about Muslims are wrongly flagged as biased 2.2 times as often "
        "as those about Jews (43 % against 20 %; difference 23 points, 95 % interval "
    )
    assert str(finding.summary).endswith("That is beyond the tolerance of 10 points.")


def test_sentences_of_the_other_verdicts() -> None:
    clean, tiny = audited(tallied(CLEAN))[FALSE_POSITIVES], audited(tallied(TINY))[FALSE_POSITIVES]
    assert "is even across Jews, Muslims and women: any difference is smaller than" in str(clean.summary)
    assert tiny.verdict is Verdict.INSUFFICIENT
    assert "With 20 such comments in the smallest group, a difference below" in str(tiny.summary)
    assert "in each group would settle it at 10 points." in str(tiny.summary)


def test_ratio_is_left_out_where_the_lower_rate_is_zero() -> None:
    finding = audited(tallied({"muslims": (300, 75, 300, 300), "jews": (300, 75, 0, 600)}))[FALSE_POSITIVES]
    assert finding.verdict is Verdict.FAIL
    assert "times" not in finding.summary.values
    assert "50 % against 0 %" in str(finding.summary)


def test_counts_are_those_of_the_confusion_matrix() -> None:
    found = audited(tallied({"muslims": (31, 9, 17, 43), "jews": (22, 18, 5, 55)}))
    counted = {name.rsplit(".", 1)[1]: [(g.events, g.n) for g in rates(f).groups] for name, f in found.items()}
    assert counted == {
        "selection-rate": [(27, 100), (48, 100)],
        "accuracy": [(77, 100), (74, 100)],
        "true-positive-rate": [(22, 40), (31, 40)],
        "false-positive-rate": [(5, 60), (17, 60)],
        "precision": [(22, 27), (31, 48)],
    }
    assert rates(found[FALSE_POSITIVES]).reference == pytest.approx(22 / 120)


def test_all_metrics_of_an_attribute_are_one_family() -> None:
    found = audited(tallied(PLANTED))
    assert {pair.test.family for finding in found.values() for pair in pairs(finding).pairs} == {15}
    alone = findings(GroupRates(metrics=("accuracy", "accuracy")), population(tallied(PLANTED)))
    assert {pair.test.family for finding in alone.values() for pair in pairs(finding).pairs} == {3}


COUNTS = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]), st.tuples(*[st.integers(0, 60)] * 4), min_size=2, max_size=4
).filter(lambda counts: sum(map(sum, counts.values())) > 0)


@settings(max_examples=12, deadline=None)
@given(COUNTS, st.randoms(use_true_random=False))
def test_permuting_rows_and_renaming_groups_change_nothing(
    counts: dict[str, tuple[int, int, int, int]], chance: random.Random
) -> None:
    columns = tallied(counts)
    order = list(range(len(columns["group"])))
    chance.shuffle(order)
    shuffled = {name: [values[i] for i in order] for name, values in columns.items()}
    assert audited(shuffled) == audited(columns)

    new = dict(zip(sorted(counts), reversed(["w", "x", "y", "z"]), strict=False))
    renamed = audited({**columns, "group": [new[group] for group in columns["group"]]})
    for name, finding in audited(columns).items():
        assert renamed[name].verdict is finding.verdict
        if finding.verdict.checked:
            assert sorted(_ps(finding)) == pytest.approx(sorted(_ps(renamed[name])), abs=1e-9)


def _ps(finding: Finding) -> list[float]:
    omnibus = rates(finding).omnibus
    assert omnibus is not None
    return [p for p in (omnibus.p, *(pair.test.adjusted for pair in pairs(finding).pairs)) if p is not None]


@settings(max_examples=8, deadline=None)
@given(COUNTS)
def test_duplicating_rows_keeps_the_rates_and_narrows_the_intervals(
    counts: dict[str, tuple[int, int, int, int]],
) -> None:
    once, twice = (audited(tallied({g: tuple(k * n for n in four) for g, four in counts.items()})) for k in (1, 2))  # type: ignore[misc]
    for name, finding in once.items():
        if not any(isinstance(evidence, Rates) for evidence in finding.evidence):
            continue
        for few, many in zip(rates(finding).groups, rates(twice[name]).groups, strict=True):
            assert many.rate == few.rate
            if few.interval is not None and many.interval is not None:
                assert many.interval.high - many.interval.low < few.interval.high - few.interval.low


def test_weights_count_as_kish_says() -> None:
    columns = tallied(PLANTED)
    n = len(columns["group"])
    plain = audited(columns)

    def weighted(weights: list[float]) -> dict[str, Finding]:
        return audited({**columns, "w": weights}, weight="w")

    equal = weighted([7.0] * n)
    for name, finding in plain.items():
        assert equal[name].verdict is finding.verdict
        assert [g.n for g in rates(equal[name]).groups] == pytest.approx([g.n for g in rates(finding).groups])
        assert [g.rate for g in rates(equal[name]).groups] == pytest.approx([g.rate for g in rates(finding).groups])
    uneven = [1.0 + i % 3 for i in range(n)]
    one, scaled = weighted(uneven), weighted([10 * w for w in uneven])
    for group, same, known in zip(
        *(rates(f["group-rates.group.accuracy"]).groups for f in (one, scaled, plain)), strict=True
    ):
        assert (group.n, group.rate) == pytest.approx((same.n, same.rate))
        assert group.n < known.n
    assert any("weighted" in str(detail) for detail in one[FALSE_POSITIVES].details)


def test_small_groups_are_listed_not_compared_and_a_pass_names_them() -> None:
    finding = audited(tallied({**CLEAN, "few": (2, 2, 2, 2)}))[FALSE_POSITIVES]
    assert finding.verdict is Verdict.PASS
    assert str(finding.summary).endswith("Too small to be covered: few.")
    assert [group.tested for group in rates(finding).groups] == [False, True, True, True]
    table = next(evidence for evidence in finding.evidence if isinstance(evidence, Table))
    assert len(table.rows) == 4
    assert not any("few" in (pair.first, pair.second) for pair in pairs(finding).pairs)


@pytest.mark.parametrize("counts", [CLEAN, PLANTED, TINY, {"a": (1, 1, 1, 1), "b": (0, 0, 0, 3)}, {"a": (9, 9, 9, 9)}])
@pytest.mark.parametrize("words", [COMMENTS, Words()])
def test_findings_are_their_own_json_round_trip(counts: dict[str, tuple[int, int, int, int]], words: Words) -> None:
    for finding in audited(tallied(counts), words=words).values():
        assert Finding.model_validate_json(finding.model_dump_json()) == finding
        assert "{" not in str(finding.summary)


def test_words_of_the_data_are_shown_as_they_are() -> None:
    odd = "<b>{plural}</b> $x$"
    finding = audited(tallied({**CLEAN, odd: (300, 75, 260, 340)}))[FALSE_POSITIVES]
    assert odd in str(finding.summary)


def test_a_million_rows_take_about_a_second() -> None:
    n, chance = 10**6, np.random.default_rng(0)
    drawn = {
        name: np.array(values)[chance.integers(0, len(values), n)]
        for name, values in (
            (group_column("group"), ["a", "b", "c", "d", "e"]),
            (LABEL, ["neutral", "biased"]),
            (PREDICTION, ["neutral", "biased"]),
        )
    }
    frame = pl.DataFrame({KEY: np.arange(n).astype(str), WEIGHT: np.ones(n), **drawn})
    plan = DataPlan(source="rows", label="label", protected=("group",))
    card = DataCard(source="rows", digest="0", rows=n)

    def reopen(other: DataPlan) -> Population:
        raise AssertionError(other)

    data = Population(frame.lazy(), plan, COMMENTS, card, reopen)
    findings(GroupRates(), data)
    start = time.perf_counter()
    found = findings(GroupRates(), data)
    # A quarter of a second on an idle machine; the rest is for busy ones.
    assert time.perf_counter() - start < 2
    assert {finding.verdict for finding in found.values()} == {Verdict.PASS}

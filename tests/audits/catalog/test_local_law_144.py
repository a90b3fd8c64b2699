"""bias.local-law-144: the example that the rule itself prints, and what holds for any table of impact ratios."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.catalog.local_law_144 import LocalLaw144
from audits.estimate_evidence import Estimates
from audits.evidence import Table
from audits.findings import Finding, Verdict
from audits.statistics.impact_ratios import impact, ratio_bounds
from audits.statistics.pairs import compare
from probes.errors import BadPlan, NotApplicable
from tests.audits.catalog.scored_tables import PREDICTIONS, SCORES, Asked

LAW = LocalLaw144()

CULTURE_FIT = {
    "Hispanic or Latino": (28, 18),
    "White": (40, 15),
    "Black or African American": (32, 16),
    "Native Hawaiian or Pacific Islander": (8, 5),
    "Asian": (24, 10),
    "the other two categories": (36, 20),
}
"""6 RCNY 5-301(d), the example of "culture fit": applicants and those above the median (the last two together)."""


def applicants(
    counts: Mapping[Any, tuple[int, int]], attributes: Sequence[str] = ("sex",)
) -> dict[str, list[str | None]]:
    """Rows with so many selected in every category; a category of two attributes is a tuple."""
    rows = [
        (*(category if isinstance(category, tuple) else (category,)), "yes" if at < selected else "no")
        for category, (n, selected) in counts.items()
        for at in range(n)
    ]
    return {
        name: [row[at] for row in rows] for at, name in enumerate((*attributes, "prediction"))
    }  # fmt: skip


def selected(counts: Mapping[Any, tuple[int, int]], audit: LocalLaw144 = LAW, *attributes: str) -> dict[str, Finding]:
    """The findings on these applicants, without a label."""
    names = attributes or ("sex",)
    return Asked(applicants(counts, names), PREDICTIONS, plan={"label": None, "protected": names}).findings(audit)


def table(finding: Finding) -> dict[Any, tuple[Any, ...]]:
    """Category -> number, events, rate, ratio, low, high, p, reading."""
    (found,) = (evidence for evidence in finding.evidence if isinstance(evidence, Table))
    plain = [tuple(getattr(cell, "text", getattr(cell, "value", None)) for cell in row) for row in found.rows]
    return {row[0]: row[1:] for row in plain}


def test_the_rules_own_example_of_scoring_rates() -> None:
    rng = random.Random(1)
    counts = [
        (race, above) for race, (n, high) in CULTURE_FIT.items() for above in [True] * high + [False] * (n - high)
    ]
    sexes = iter(["Male"] * 50 + ["Female"] * 34), iter(["Male"] * 42 + ["Female"] * 42)
    columns: dict[str, list[Any]] = {
        "race": [race for race, _ in counts],
        "sex": [next(sexes[0] if above else sexes[1]) for _, above in counts],
        "score": [rng.uniform(0.7, 1) if above else rng.uniform(0, 0.3) for _, above in counts],
    }
    asked = Asked(columns, SCORES, plan={"label": None, "protected": ("sex", "race")})
    found = asked.findings(LocalLaw144(rates=("scoring-rate",)))
    assert set(found) == {f"local-law-144.scoring-rate.{name}" for name in ("sex", "race", "sex.race")}
    sex, race = (table(found[f"local-law-144.scoring-rate.{name}"]) for name in ("sex", "race"))
    assert [(sex[name][0], round(100 * sex[name][2], 1), round(sex[name][3], 2)) for name in ("Male", "Female")] == [
        (92, 54.3, 1.00),
        (76, 44.7, 0.82),
    ]
    printed = {
        "Hispanic or Latino": (28, 64.3, 1.00),
        "White": (40, 37.5, 0.58),
        "Black or African American": (32, 50.0, 0.78),
        "Native Hawaiian or Pacific Islander": (8, 62.5, 0.97),
        "Asian": (24, 41.7, 0.65),
    }
    for name, expected in printed.items():
        assert (race[name][0], round(100 * race[name][2], 1), round(race[name][3], 2)) == expected


def test_ratios_intervals_and_tests_by_hand() -> None:
    finding = selected({"women": (200, 60), "men": (200, 100)})["local-law-144.selection-rate.sex"]
    rows = table(finding)
    assert rows["men"][:4] == (200, 100, 0.5, 1.0)
    assert rows["men"][4:] == (None, None, None, "highest rate")
    half = 1.959964 * np.sqrt(1 / 60 - 1 / 200 + 1 / 100 - 1 / 200)
    assert rows["women"][:4] == (200, 60, 0.3, pytest.approx(0.6))
    assert rows["women"][4:6] == pytest.approx((0.6 * np.exp(-half), 0.6 * np.exp(half)), rel=1e-6)
    assert rows["women"][6] == pytest.approx(compare(60, 200, 100, 200)[1][0])
    assert finding.verdict is Verdict.CONCERN
    assert str(finding.summary) == (
        "Comments about women are flagged as biased less often than those about men (30 % against 50 %; impact ratio "
        "0.6, 95 % interval 0.466 to 0.773). That is below four fifths, and the difference is real (p < 0.001)."
    )


def test_verdicts_and_where_four_fifths_and_test_disagree() -> None:
    name = "local-law-144.selection-rate.sex"
    chance = selected({"women": (20, 7), "men": (20, 10)})[name]
    assert chance.verdict is Verdict.INSUFFICIENT
    assert any("is below 0.8, but the difference may be chance (women)" in str(detail) for detail in chance.details)
    real = selected({"women": (5000, 2150), "men": (5000, 2500)})[name]
    assert real.verdict is Verdict.PASS
    assert any(
        "is not below 0.8, but the difference from the highest rate is real (women)" in str(d) for d in real.details
    )
    few = selected({"women": (20, 9), "men": (20, 10)})[name]
    assert few.verdict is Verdict.INSUFFICIENT
    assert "leave open" in str(few.summary)
    tiny = selected({"women": (5, 1), "men": (100, 60)})[name]
    assert tiny.verdict is Verdict.INSUFFICIENT
    assert "too few of them to test" in str(tiny.summary)
    lonely = selected({"women": (6, 6), "men": (100, 60)})[name]
    assert "too few to compare anybody with" in str(lonely.summary)
    for finding in (chance, real, few, tiny, lonely):
        assert any("no legal advice" in str(detail) for detail in finding.details)


def test_ratios_are_undefined_where_nobody_is_selected() -> None:
    finding = selected({"women": (50, 0), "men": (60, 0)})["local-law-144.selection-rate.sex"]
    assert finding.verdict is Verdict.INSUFFICIENT
    assert "undefined" in str(finding.summary)
    assert [row[3] for row in table(finding).values()] == [None, None]


def test_small_categories_are_left_out_of_the_ratios_and_listed_with_their_numbers() -> None:
    counts = {"a": (500, 250), "b": (490, 245), "tiny": (10, 10)}
    name = "local-law-144.selection-rate.sex"
    finding = selected(counts)[name]
    assert table(finding)["tiny"] == (10, 10, 1.0, None, None, None, None, "left out")
    assert any("less than 2 % of the data" in str(detail) and "tiny" in str(detail) for detail in finding.details)
    kept = selected(counts, LocalLaw144(least_share=0))[name]
    assert table(kept)["tiny"][3] == 1.0
    assert kept.verdict is Verdict.CONCERN


def test_unknown_categories_are_counted_and_no_part_of_the_table() -> None:
    columns = applicants({("women", "x"): (40, 20), ("men", "x"): (40, 20), (None, "x"): (7, 7)}, ("sex", "race"))
    columns["race"][0] = None
    asked = Asked(columns, PREDICTIONS, plan={"label": None, "protected": ("sex", "race")})
    found = asked.findings(LocalLaw144(rates=("selection-rate",)))
    sex, both = (found[f"local-law-144.selection-rate.{name}"] for name in ("sex", "sex.race"))
    assert set(table(sex)) == {"women", "men"}
    assert any("7 comments of an unknown category (sex not recorded)" in str(detail) for detail in sex.details)
    assert any("8 comments of an unknown category (sex or race not recorded)" in str(detail) for detail in both.details)
    assert found["local-law-144.selection-rate.race"].verdict is Verdict.NOT_APPLICABLE


def test_rows_without_a_decision_are_counted_apart() -> None:
    columns = applicants({"women": (40, 20), "men": (40, 30)})
    columns["prediction"][0] = None
    found = Asked(columns, PREDICTIONS, plan={"label": None, "protected": ("sex",)}).findings(LAW)
    finding = found["local-law-144.selection-rate.sex"]
    assert table(finding)["women"][0] == 39
    assert any("1 comment has no decision or score" in str(detail) for detail in finding.details)


def test_attributes_are_found_by_name_named_by_option_or_all_shown() -> None:
    by_name = selected({"women": (40, 20), "men": (40, 20)}, LAW, "Gender")
    assert set(by_name) == {f"local-law-144.selection-rate.{name}" for name in ("Gender", "race")}
    assert by_name["local-law-144.selection-rate.race"].verdict is Verdict.NOT_APPLICABLE
    other = selected({"x": (40, 20), "y": (40, 20)}, LAW, "team")["local-law-144.selection-rate.team"]
    assert any("shown as other categories" in str(detail) for detail in other.details)
    option = selected({"x": (40, 20), "y": (40, 20)}, LocalLaw144(race="team"), "team")
    assert "local-law-144.selection-rate.sex" in option
    with pytest.raises(BadPlan, match="did you mean team"):
        selected({"x": (4, 2), "y": (4, 2)}, LocalLaw144(race="teem"), "team")
    with pytest.raises(NotApplicable, match="predictions"):
        selected({"x": (4, 2), "y": (4, 2)}, LocalLaw144(rates=("scoring-rate",)), "sex")


COUNTS = st.lists(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=2, max_size=8
)


@given(COUNTS, st.sampled_from([0, 0.01, 0.02]))
def test_the_highest_counted_rate_has_ratio_one_and_no_other_a_higher_one(
    counts: list[tuple[int, int]], least: float
) -> None:
    n, events = (np.array(column, float) for column in zip(*counts, strict=True))
    found = impact(events, n, least)
    if found is None:
        assert (n >= least * n.sum()).sum() < 2
        return
    ratio = found.ratio
    if events[found.counted].sum():
        assert np.nanmax(ratio) == ratio[found.best] == 1
        assert np.isnan(ratio[~found.counted]).all()
    else:
        assert np.isnan(ratio).all()
    again = impact(3 * events, 3 * n, least)
    assert again is not None
    np.testing.assert_allclose(again.ratio, ratio)
    once, thrice = found.bounds(), again.bounds()
    inner = found.counted & (events > 0) & (events < n) & (events[found.best] > 0)
    assert (thrice.high[inner] / thrice.low[inner] < once.high[inner] / once.low[inner]).all()


@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_the_interval_of_a_ratio_turns_over_with_its_groups(n1: int, n2: int, data: st.DataObject) -> None:
    x1, x2 = data.draw(st.integers(1, n1)), data.draw(st.integers(1, n2))
    one, other = ratio_bounds(x1, n1, x2, n2).at(), ratio_bounds(x2, n2, x1, n1).at()
    assert one.low == pytest.approx(1 / other.high)
    assert one.low <= (x1 / n1) / (x2 / n2) * (1 + 1e-9)


@given(st.integers(1, 200), st.integers(1, 200), st.data())
def test_the_interval_of_a_ratio_is_that_of_statsmodels(n1: int, n2: int, data: st.DataObject) -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep

    x1, x2 = data.draw(st.integers(1, n1)), data.draw(st.integers(1, n2))
    expected = confint_proportions_2indep(x1, n1, x2, n2, compare="ratio", method="log")
    ours = ratio_bounds(x1, n1, x2, n2).at()
    assert (ours.low, ours.high) == pytest.approx(expected, rel=1e-9)


CELLS = st.fixed_dictionaries(
    {(sex, race): st.tuples(st.integers(1, 30), st.integers(0, 30)) for sex in "fm" for race in "ab"}
)


@settings(max_examples=15, deadline=None)
@given(CELLS, st.randoms(use_true_random=False))
def test_crossed_categories_sum_to_plain_ones_and_order_does_not_matter(
    counts: dict[tuple[str, str], tuple[int, int]], chance: random.Random
) -> None:
    within = {cell: (n, min(n, events)) for cell, (n, events) in counts.items()}
    columns = applicants(within, ("sex", "race"))
    order = list(range(len(columns["sex"])))
    chance.shuffle(order)
    plan = {"label": None, "protected": ("sex", "race")}
    found = Asked(columns, PREDICTIONS, plan=plan).findings(LocalLaw144(least_share=0))
    shuffled = {name: [values[at] for at in order] for name, values in columns.items()}
    assert Asked(shuffled, PREDICTIONS, plan=plan).findings(LocalLaw144(least_share=0)) == found
    sex, both = (table(found[f"local-law-144.selection-rate.{name}"]) for name in ("sex", "sex.race"))
    for name in "fm":
        cells = [row for category, row in both.items() if category.startswith(name)]
        assert sex[name][:2] == (sum(row[0] for row in cells), sum(row[1] for row in cells))
    for finding in found.values():
        assert Finding.model_validate_json(finding.model_dump_json()) == finding
        assert "{" not in str(finding.summary)


def test_the_drawing_holds_the_tables_ratios() -> None:
    finding = selected({"women": (200, 60), "men": (200, 100), "tiny": (4, 1)})["local-law-144.selection-rate.sex"]
    (drawn,) = (evidence for evidence in finding.evidence if isinstance(evidence, Estimates))
    rows = table(finding)
    assert [(row.label.text, row.value) for row in drawn.rows] == [(name, row[3]) for name, row in rows.items()]
    assert [row.firm for row in drawn.rows] == [True, False, True]

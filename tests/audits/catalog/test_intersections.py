"""bias.intersections: a gap that no single attribute shows is found, every cell is listed, and nothing is dropped."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.catalog.intersections import Intersections
from audits.cell_evidence import Cells
from audits.data.columns import MISSING
from audits.findings import Finding, Verdict
from audits.plan import Words
from audits.statistics.intervals import wilson
from probes.errors import BadPlan, NotApplicable
from probes.speech import Names
from reports.figures import drawn
from tests.audits.catalog.populations import PREDICTION, Judge, findings, population

Counts = dict[tuple[str | None, str | None], tuple[int, int]]

PEOPLE = Words(item="person", items="people", positive="selected", relation="who are")
COUNTS: Counts = {("women", "black"): (280, 800), ("women", "white"): (160, 800), ("men", "black"): (160, 800),
          ("men", "white"): (280, 800)}  # fmt: skip
"""Selected of all: every sex and every race by itself is selected equally often."""


def columns(counts: Counts) -> dict[str, list[Any]]:
    rows = [
        (sex, race, "biased" if at < events else "neutral")
        for (sex, race), (events, n) in counts.items()
        for at in range(n)
    ]
    sexes, races, predictions = (list(column) for column in zip(*rows, strict=True))
    return {"sex": sexes, "race": races, PREDICTION: predictions, "label": predictions}


def crossed(counts: Counts, **options: Any) -> dict[str, Finding]:
    audit = Intersections(**{"metrics": ("selection-rate",), **options})
    return findings(audit, population(columns(counts), protected=("sex", "race"), words=PEOPLE))


def cells(finding: Finding) -> Cells:
    return next(evidence for evidence in finding.evidence if isinstance(evidence, Cells))


def test_a_gap_that_no_attribute_shows_alone_is_found_where_they_cross() -> None:
    finding = crossed(COUNTS, primary=True)["intersections.sex+race.selection-rate"]
    assert finding.verdict is Verdict.FAIL
    assert str(finding.summary).startswith(
        "People who are men and white are selected 1.7 times as often as those who are men and black "
        "(35 % against 20 %; difference 15 points, 95 % interval "
    )
    alone = crossed(COUNTS, attributes=("sex",), primary=True)["intersections.sex.selection-rate"]
    assert alone.verdict is Verdict.PASS
    clean = crossed(dict.fromkeys(COUNTS, (200, 800)))["intersections.sex+race.selection-rate"]
    assert clean.verdict is Verdict.PASS
    assert "is even across the 4 groups by sex and race: any difference between two of them is smaller than" in str(
        clean.summary
    )


def test_an_exploratory_gap_is_a_concern_at_most_and_says_so() -> None:
    finding = crossed(COUNTS)["intersections.sex+race.selection-rate"]
    assert finding.verdict is Verdict.CONCERN
    assert any("a concern at most" in str(detail) for detail in finding.details)


def test_every_cell_is_listed_with_wilsons_interval_and_a_value_drawn_in() -> None:
    counts: Counts = {**COUNTS, ("women", "asian"): (3, 4), ("men", None): (9, 30)}
    finding = crossed(counts)["intersections.sex+race.selection-rate"]
    listed = {cell.groups: cell for cell in cells(finding).cells}
    assert set(listed) == {*COUNTS, ("women", "asian"), ("men", MISSING)}
    for groups, (events, n) in {**COUNTS, ("women", "asian"): (3, 4)}.items():
        cell = listed[tuple(map(str, groups))]
        assert (cell.events, cell.n, cell.rate) == (events, n, events / n)
        assert cell.interval == wilson(events, n).at()
        assert cell.shrunk is not None
        assert abs(cell.shrunk - 0.275) <= abs(events / n - 0.275)
    assert [cell.groups for cell in listed.values() if not cell.tested] == [("men", MISSING), ("women", "asian")]
    assert listed["men", MISSING].shrunk is None
    said = " ".join(map(str, finding.details))
    assert "Listed but not compared, with fewer than 10 such people: women and asian." in said
    assert "30 people lack a recorded value of sex and race" in said
    still = drawn(cells(finding)).still
    assert "n = 4" in still
    assert still.count('class="untested"') == 2
    assert still.count('class="nobody"') == 2, "nobody is a man and Asian, no woman lacks a race"


def test_crossings_go_up_to_the_depth_and_share_one_correction() -> None:
    draw = random.Random(1)
    rows = {
        **{name: [draw.choice("ab") for _ in range(900)] for name in ("one", "two", "three")},
        "label": [draw.choice(("neutral", "biased")) for _ in range(900)],
    }
    data = population({**rows, PREDICTION: rows["label"][::-1]}, protected=("one", "two", "three"))
    pairs = ["one+two", "one+three", "two+three"]
    by_depth = {1: ["one", "two", "three"], 2: pairs, 3: [*pairs, "one+two+three"], 5: [*pairs, "one+two+three"]}
    for depth, expected in by_depth.items():
        found = findings(Intersections(depth=depth, metrics=("accuracy",)), data)
        assert list(found) == [f"intersections.{crossing}.accuracy" for crossing in expected]
    whole = Intersections(depth=3, metrics=("accuracy", "selection-rate"))
    from audits.crossings import CellGap
    from tests.audits.catalog.slice_worlds import Seeded

    drafts = list(whole.run(Seeded(), data))  # type: ignore[arg-type]
    assert {draft.family for draft in drafts if isinstance(draft, CellGap)} == {
        "disparity:one x two x three:exploratory:bias.intersections"
    }
    assert sum(len(draft.tests) for draft in drafts if isinstance(draft, CellGap)) == 2 * (3 * 6 + 28)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 60)), min_size=6, max_size=6),
    st.randoms(use_true_random=False),
)
def test_shuffling_rows_and_renaming_groups_change_no_number(
    counts: list[tuple[int, int]], chance: random.Random
) -> None:
    keys = [(sex, race) for sex in ("a", "b") for race in ("k", "l", "m")]
    plain = columns({key: (min(x, n), n) for key, (x, n) in zip(keys, counts, strict=True)})
    order = list(range(len(plain["sex"])))
    chance.shuffle(order)
    shuffled = {name: [values[at] for at in order] for name, values in plain.items()}
    audit = Intersections(metrics=("selection-rate",))

    def run(rows: dict[str, list[Any]]) -> Finding:
        (finding,) = findings(audit, population(rows, protected=("sex", "race"), words=PEOPLE)).values()
        return finding

    assert run(shuffled) == run(plain)
    renamed = {**plain, "race": [{"k": "z", "l": "y", "m": "x"}[race] for race in plain["race"]]}
    one, two = run(plain), run(renamed)
    assert one.verdict is two.verdict
    if one.evidence and two.evidence:
        numbers = [
            sorted((cell.events, cell.n, cell.shrunk or 0.0) for cell in cells(finding).cells) for finding in (one, two)
        ]
        np.testing.assert_allclose(np.array(numbers[0]), np.array(numbers[1]))


def test_many_cells_are_each_compared_with_all_others() -> None:
    draw = np.random.default_rng(0)
    n = 40 * 500
    ages, jobs = draw.integers(0, 8, n), draw.integers(0, 5, n)
    chosen = draw.random(n) < np.where((ages == 3) & (jobs == 2), 0.6, 0.3)
    answers = np.where(chosen, "biased", "neutral").tolist()
    rows = {"sex": [f"age {at}" for at in ages], "race": [f"job {at}" for at in jobs], "label": answers}
    data = population({**rows, PREDICTION: answers}, protected=("sex", "race"), words=PEOPLE)
    (finding,) = findings(Intersections(metrics=("selection-rate",), primary=True), data).values()
    assert finding.verdict is Verdict.FAIL
    assert finding.summary.values["high"] == Names(texts=("age 3", "job 2"))
    assert "as those who are all others" in str(finding.summary)
    assert any("each is tested against all others" in str(detail) for detail in finding.details)


def test_what_cannot_be_asked_says_what_to_do() -> None:
    data = population(columns(COUNTS), protected=(), words=PEOPLE)
    with pytest.raises(NotApplicable, match=r"data\.protected"):
        findings(Intersections(), data)
    both = population(columns(COUNTS), protected=("sex", "race"), words=PEOPLE)
    with pytest.raises(BadPlan, match="did you mean race"):
        findings(Intersections(attributes=("rase",)), both)
    three = findings(Intersections(), both, Judge(labels=("neutral", "biased", "odd")))
    assert {finding.verdict for finding in three.values()} == {Verdict.NOT_APPLICABLE}
    assert "set data.positive" in str(next(iter(three.values())).summary)


def test_cells_that_are_all_tiny_are_listed_and_nothing_is_concluded() -> None:
    finding = crossed(dict.fromkeys(COUNTS, (2, 6)))["intersections.sex+race.selection-rate"]
    assert finding.verdict is Verdict.INSUFFICIENT
    assert len(cells(finding).cells) == 4
    assert "Fewer than two groups have at least 10 such people" in str(finding.summary)

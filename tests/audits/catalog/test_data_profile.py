"""data.profile: counts are what a plain loop counts, planted defects are found, and clean data passes."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.catalog.data_profile import DataProfile
from audits.data.columns import MISSING
from audits.evidence import GroupRates, Spreads, Table
from audits.findings import Finding, Verdict
from audits.plan import Words
from audits.statistics.intervals import wilson
from probes.speech import Count
from tests.audits.catalog.populations import findings, population

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ab", "a", "longer text", " ", "", None]),
        st.sampled_from(["biased", "neutral", None]),
        st.sampled_from(["x", "y", "z", None]),
    ),
    min_size=1,
    max_size=60,
)


def clean(n: int = 600) -> dict[str, list[Any]]:
    return {
        "text": [f"comment {i}" for i in range(n)],
        "label": ["biased" if i % 3 else "neutral" for i in range(n)],
        "group": ["muslims" if i % 2 else "jews" for i in range(n)],
    }


def profile(columns: dict[str, list[Any]], audit: DataProfile | None = None, **plan: Any) -> dict[str, Finding]:
    return findings(audit or DataProfile(), population(columns, **{"input": "text", "positive": "biased", **plan}))


def counts(table: Table) -> list[list[int]]:
    return [[cell.value for cell in row if isinstance(cell, Count)] for row in table.rows]


def evidence(finding: Finding, name: str) -> Any:
    return next(one for one in finding.evidence if getattr(one, "name", None) == name)


def test_clean_data_passes_everywhere() -> None:
    found = profile(clean())
    assert list(found) == ["profile.missing", "profile.duplicates", "profile.labels", "profile.group"]
    assert {finding.verdict for finding in found.values()} == {Verdict.PASS}
    assert str(found["profile.missing"].summary) == "Nothing is missing from the 600 comments."
    assert str(found["profile.group"].summary) == (
        "By group there are 2 groups, from 300 comments about Jews to 300 about Muslims."
    )


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_counts_are_those_of_a_plain_loop(rows: list[tuple[str | None, str | None, str | None]]) -> None:
    found = profile(
        {name: list(column) for name, column in zip(("text", "label", "group"), zip(*rows, strict=True), strict=True)}
    )

    lacking = [sum(not (value or "").strip() for value in column) for column in zip(*rows, strict=True)]
    if "missing" in {one.name for one in found["profile.missing"].evidence if isinstance(one, Table)}:
        assert counts(evidence(found["profile.missing"], "missing")) == [[lacking[1]], [lacking[2]], [lacking[0]]]

    texts: defaultdict[str, list[str | None]] = defaultdict(list)
    for text, label, _ in rows:
        if text is not None and text.strip():
            texts[text].append(label)
    surplus = sum(len(labels) - 1 for labels in texts.values())
    conflicting = sum(len({label for label in labels if label}) > 1 for labels in texts.values())
    repeated = found["profile.duplicates"]
    if surplus:
        assert repeated.summary.values["count"] == Count(value=surplus)
        assert repeated.details[0].values["conflicting"] == Count(value=conflicting)
    else:
        assert repeated.verdict is (Verdict.PASS if texts else Verdict.NOT_APPLICABLE)

    sizes = Counter(group or MISSING for _, _, group in rows)
    group = found["profile.group"]
    if group.verdict is Verdict.NOT_APPLICABLE:
        assert set(sizes) == {MISSING}
        return
    order = sorted(sizes, key=lambda name: (name == MISSING, name))
    labels = sorted({label for _, label, _ in rows if label})
    expected = [
        [sizes[name], *(sum((g or MISSING, one) == (name, label) for _, one, g in rows) for label in [*labels, None])]
        for name in order
    ]
    assert counts(evidence(group, "groups")) == expected
    spreads = evidence(group, "lengths")
    assert isinstance(spreads, Spreads)
    for spread in spreads.groups:
        sized = [len(text) for text, _, g in rows if text and (g or MISSING) == spread.group]
        assert spread.n == len(sized)
        if sized:
            assert spread.quantiles == pytest.approx(np.quantile(sized, [0.05, 0.25, 0.5, 0.75, 0.95]).tolist())


def test_label_rates_have_wilson_intervals_and_decide_nothing() -> None:
    columns = clean()
    columns["label"] = ["biased" if group == "jews" else "neutral" for group in columns["group"]]
    columns["label"][:30] = ["biased"] * 30
    finding = profile(columns)["profile.group"]
    assert finding.verdict is Verdict.PASS
    drawn = evidence(finding, "label-rates")
    assert isinstance(drawn, GroupRates)
    assert drawn.tolerance is None
    assert [(group.label, group.events, group.n) for group in drawn.groups] == [
        ("Jews", 300, 300),
        ("Muslims", 15, 300),
    ]
    assert [group.interval for group in drawn.groups] == [wilson(300, 300).at(), wilson(15, 300).at()]
    assert drawn.omnibus is not None
    assert "Of the comments about Jews, 100 % are labelled biased; of those about Muslims, 5" in str(finding.details[0])


@pytest.mark.parametrize(
    ("column", "value", "rows", "finding", "words"),
    [
        ("label", None, 31, "missing", "Label is empty for 31 of the 600 comments (5.2 %)"),
        ("text", "  ", 40, "missing", "Text is empty for 40 of the 600 comments (6.7 %)"),
        ("text", "again", 20, "duplicates", "19 of the 600 comments repeat another one's input (3.2 %)"),
        ("group", "lgbtq", 9, "group", "Fewer than 10 each: lgbtq"),
        ("label", "rare", 9, "labels", "Fewer than 10 rows have: rare"),
        ("label", "biased", 600, "labels", "Every label is biased"),
        ("group", "jews", 600, "group", "only one group, Jews, with 600 comments"),
    ],
)
def test_planted_defect_is_a_concern(column: str, value: str | None, rows: int, finding: str, words: str) -> None:
    columns = clean()
    columns[column][:rows] = [value] * rows
    found = profile(columns)
    assert found[f"profile.{finding}"].verdict is Verdict.CONCERN
    assert words in str(found[f"profile.{finding}"].summary)


def test_limits_are_options() -> None:
    columns = clean()
    columns["label"][:31] = [None] * 31
    found = profile(columns, DataProfile(missing=0.1))["profile.missing"]
    assert found.verdict is Verdict.PASS
    assert found.settings["missing"] == 0.1


def test_what_the_plan_does_not_map_is_said() -> None:
    columns = clean()
    bare = profile(columns, input=(), label=None, positive=None, protected=())
    assert {name: finding.verdict for name, finding in bare.items()} == {
        f"profile.{name}": Verdict.NOT_APPLICABLE for name in ("missing", "duplicates", "labels", "groups")
    }
    unlabelled = profile(columns, label=None, positive=None)
    assert unlabelled["profile.labels"].verdict is Verdict.NOT_APPLICABLE
    assert [one.name for one in unlabelled["profile.group"].evidence if hasattr(one, "name")] == ["groups", "lengths"]
    many = profile({**columns, "group": [str(i) for i in range(600)]})["profile.group"]
    assert many.verdict is Verdict.NOT_APPLICABLE
    assert "600 different values" in str(many.summary)


def test_labels_without_a_positive_one_are_counted_without_a_rate() -> None:
    columns = clean()
    columns["label"] = [("x", "y", "z")[i % 3] for i in range(600)]
    finding = profile(columns, positive=None)["profile.group"]
    assert counts(evidence(finding, "groups")) == [[300, 100, 100, 100, 0]] * 2
    assert not any(isinstance(one, GroupRates) for one in finding.evidence)
    absent = profile(columns, positive="biased")["profile.group"]
    assert "No comment is labelled biased." in [str(detail) for detail in absent.details]


def test_rarer_labels_stand_together() -> None:
    columns = clean(1300)
    columns["label"] = [f"class {i % 13:02}" for i in range(1300)]
    table = evidence(profile(columns, positive=None)["profile.group"], "groups")
    assert len(table.columns) == 2 + 12 + 1 + 1
    assert sum(counts(table)[0][1:]) == counts(table)[0][0]


def test_several_labels_on_a_row_count_under_each() -> None:
    columns = clean(40)
    columns["label"] = [["biased", "neutral"] if i % 4 == 0 else ["neutral"] for i in range(40)]
    found = profile(columns)
    assert counts(evidence(found["profile.group"], "groups")) == [[20, 10, 20, 0], [20, 0, 20, 0]]
    drawn = evidence(found["profile.group"], "label-rates")
    assert [(group.events, group.n) for group in drawn.groups] == [(10, 20), (0, 20)]


def test_pairs_of_texts_repeat_only_when_both_do() -> None:
    columns = {**clean(30), "other": ["same"] * 30}
    assert profile(columns, input=("text", "other"))["profile.duplicates"].verdict is Verdict.PASS
    columns["text"] = ["same"] * 30
    assert "29 of the 30" in str(profile(columns, input=("text", "other"))["profile.duplicates"].summary)


@pytest.mark.parametrize("words", [Words(), Words(item="<b>x</b>", groups={"jews": "{plural}"})])
def test_findings_are_their_own_json_round_trip(words: Words) -> None:
    columns = clean()
    columns["label"][:50] = [None] * 50
    columns["group"][:5] = [None] * 5
    for finding in profile(columns, words=words).values():
        assert Finding.model_validate_json(finding.model_dump_json()) == finding

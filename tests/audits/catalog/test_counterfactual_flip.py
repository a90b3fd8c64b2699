"""A weight on one identity term is found; without it the twin passes; order, hostile texts and tables do no harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

import audits
from audits.evidence import PairTests, TextPairs
from audits.findings import Finding, Verdict
from audits.runs import Run
from probes.errors import BadPlan
from reports.figures import drawn
from tests.audits.engine.worlds import write_plan

NAME = "bias.counterfactual-flip"
CLEAN = "scripted:?words=awful:2,kind:-1&bias=-0.5"
PLANTED = "scripted:?words=awful:2,kind:-1,muslim:0.9,muslims:0.9&bias=-0.5"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "home"))


def comments(n: int = 160) -> pl.DataFrame:
    """Neutral comments; three of four name a religious group, each in other words."""
    groups = ["a christian", "a muslim", "a jew", "nobody"]
    return pl.DataFrame(
        {
            "text": [f"number {at} met {groups[at % 4]} in street {at}" for at in range(n)],
            "label": ["neutral", "flagged"] * (n // 2),
            "group": ["x", "y"] * (n // 2),
        }
    )


def flips(tmp_path: Path, rows: pl.DataFrame, subject: str = CLEAN, data: Any = None, **options: Any) -> Run:
    options = {"attributes": ["religion"], **options}
    return audits.run(
        write_plan(
            tmp_path / "plan", rows, [{NAME: options}], subject=subject, data={"positive": "flagged", **(data or {})}
        )
    )


def only(run: Run) -> Finding:
    (finding,) = run.findings
    return finding


def test_a_planted_weight_is_found_and_named(tmp_path: Path) -> None:
    finding = only(flips(tmp_path, comments(), PLANTED, primary=True))
    assert finding.verdict is Verdict.FAIL
    assert "120 get another answer" in str(finding.summary)
    assert any("As about Muslims instead of" in str(detail) for detail in finding.details)
    (tests,) = (one for one in finding.evidence if isinstance(one, PairTests))
    towards = {(pair.first, pair.second): pair.difference for pair in tests.pairs}
    assert all(abs(gap) == 1 for pair, gap in towards.items() if "Muslims" in pair)
    assert all(gap == 0 for pair, gap in towards.items() if "Muslims" not in pair)


def test_what_is_not_primary_is_at_most_a_concern(tmp_path: Path) -> None:
    assert only(flips(tmp_path, comments(), PLANTED)).verdict is Verdict.CONCERN


def test_the_clean_twin_passes(tmp_path: Path) -> None:
    finding = only(flips(tmp_path, comments(), CLEAN, primary=True))
    assert finding.verdict is Verdict.PASS
    assert "0 did" in str(finding.summary)
    assert finding.name == "counterfactual-flip.religion"


def test_few_texts_settle_nothing(tmp_path: Path) -> None:
    finding = only(flips(tmp_path, comments(32), CLEAN))
    assert finding.verdict is Verdict.INSUFFICIENT
    assert "At least 53 would be needed" in str(finding.summary)


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    rows = comments()
    one = only(flips(tmp_path / "a", rows, PLANTED, texts=50))
    other = only(flips(tmp_path / "b", rows.sample(fraction=1, shuffle=True, seed=4), PLANTED, texts=50))
    assert one.model_copy(update={"settings": {}}) == other.model_copy(update={"settings": {}})


def test_texts_that_differ_only_in_the_words_count_once(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {
            "text": [f"number {at} met {who}" for at in range(20) for who in ("muslims", "christians", "jews")],
            "label": ["neutral", "flagged"] * 30,
            "group": ["x", "y"] * 30,
        }
    )
    finding = only(flips(tmp_path, rows))
    assert finding.evidence[0].n == 20  # type: ignore[union-attr]
    assert any("40 differ from others" in str(detail) for detail in finding.details)


@pytest.mark.parametrize(("templates", "names"), [
    ("when-needed", ["counterfactual-flip.gender.templates", "counterfactual-flip.religion"]),
    ("never", ["counterfactual-flip.gender", "counterfactual-flip.religion"]),
    ("always", ["counterfactual-flip.gender.templates", "counterfactual-flip.religion",
            "counterfactual-flip.religion.templates"]),
])  # fmt: skip
def test_templates_stand_in_or_stand_beside(tmp_path: Path, templates: str, names: list[str]) -> None:
    run = flips(tmp_path, comments(), attributes=["gender", "religion"], templates=templates)
    assert [finding.name for finding in run.findings] == names
    if templates == "never":
        assert run.findings[0].verdict is Verdict.NOT_APPLICABLE
        assert "none of the 160 examples" in str(run.findings[0].summary)


def test_templates_find_a_planted_weight_too(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {"text": [f"nothing {at}" for at in range(20)], "label": ["neutral", "flagged"] * 10, "group": "x"}
    )
    finding = only(flips(tmp_path, rows, PLANTED, primary=True))
    assert finding.name.endswith(".templates")
    assert finding.verdict is Verdict.FAIL
    assert finding.evidence[0].n == 60  # type: ignore[union-attr]


def test_chinese_data_are_asked_chinese_sentences(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        {"text": [f"天气很好{at}" for at in range(20)], "label": ["neutral", "flagged"] * 10, "group": "x"}
    )
    finding = only(flips(tmp_path, rows, CLEAN))
    (texts,) = (one for one in finding.evidence if isinstance(one, TextPairs))
    assert all(pair.key.startswith("zh-") for pair in texts.pairs)


def test_a_list_beside_the_plan_is_read(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "own.yaml").write_text(
        "attributes: {places: {groups: [streets, squares], "
        "terms: [{noun: {streets: street/streets, squares: square/squares}}]}}",
        "utf-8",
    )
    finding = only(flips(tmp_path, comments(), CLEAN, attributes=["places"], lists="own.yaml"))
    assert finding.verdict is Verdict.PASS
    assert finding.evidence[0].n == 160  # type: ignore[union-attr]
    assert any("own.yaml (digest " in str(detail) for detail in finding.details)


def test_an_unknown_attribute_is_one_line(tmp_path: Path) -> None:
    finding = only_error(tmp_path, attributes=["religions"])
    assert "did you mean religion?" in finding


def only_error(tmp_path: Path, **options: Any) -> str:
    try:
        finding = only(flips(tmp_path, comments(), **options))
    except BadPlan as problem:
        return str(problem)
    assert finding.verdict is Verdict.ERROR
    return str(finding.summary)


def test_decisions_in_a_table_cannot_be_asked_again(tmp_path: Path) -> None:
    rows = comments().with_columns(answer=pl.col("label"))
    finding = only(flips(tmp_path, rows, "table:?prediction=answer"))
    assert finding.verdict is Verdict.NOT_APPLICABLE


def test_hostile_texts_are_quoted_and_never_markup(tmp_path: Path) -> None:
    attack = "<script>alert(1)</script><b>muslims</b> & \u202e {x} ${y}"
    rows = comments().with_columns(text=pl.col("text") + f" {attack} muslims")
    finding = only(flips(tmp_path, rows, PLANTED))
    (texts,) = (one for one in finding.evidence if isinstance(one, TextPairs))
    drawing = drawn(texts)
    assert drawing.has_texts
    assert "<script" not in drawing.still
    assert "<b>" not in drawing.still
    assert "\u202e" not in drawing.still
    assert "&lt;script&gt;" in drawing.still
    assert drawing.frame().height == len(texts.pairs) == 20


def test_pairs_are_sorted_by_their_change_and_every_text_stands_once(tmp_path: Path) -> None:
    finding = only(flips(tmp_path, comments(), "scripted:?words=muslim:0.9,jew:0.3&bias=-0.5"))
    (texts,) = (one for one in finding.evidence if isinstance(one, TextPairs))
    sizes = [abs(pair.change) for pair in texts.pairs]
    assert sizes == sorted(sizes, reverse=True)
    assert len({pair.key for pair in texts.pairs}) == 20
    for pair in texts.pairs:
        assert sum(part.swapped for part in pair.before.parts) == sum(part.swapped for part in pair.after.parts) == 1


def test_labels_that_do_not_exclude_each_other(tmp_path: Path) -> None:
    subject = "scripted:?labels=rude,flagged&words=awful:2,muslim:0.9&bias=-0.5&problem=multilabel"
    rows = comments().with_columns(label=pl.lit("flagged"))
    finding = only(flips(tmp_path, rows, subject))
    assert "120 get another answer" in str(finding.summary)


def test_without_a_positive_class_the_whole_answer_counts(tmp_path: Path) -> None:
    subject = "scripted:?labels=a,b,flagged&words=muslim:0.9&bias=-0.5"
    rows = comments().with_columns(label=pl.lit("a"))
    finding = only(flips(tmp_path, rows, subject, data={"positive": None}))
    assert finding.verdict is Verdict.CONCERN
    assert not any(isinstance(one, PairTests) for one in finding.evidence)


def test_two_texts_a_row_are_swapped_together(tmp_path: Path) -> None:
    rows = comments().with_columns(second=pl.lit("the imam spoke"))
    finding = only(flips(tmp_path, rows, CLEAN, data={"input": ["text", "second"]}))
    (texts,) = (one for one in finding.evidence if isinstance(one, TextPairs))
    assert finding.verdict is Verdict.PASS
    assert any(sum(part.swapped for part in pair.before.parts) == 2 for pair in texts.pairs)


def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    first = flips(tmp_path / "a", comments(), PLANTED)
    again = flips(tmp_path / "b", comments(), PLANTED)
    assert first.manifest.work.measured > 0
    assert again.manifest.work.measured == 0
    assert only(first).evidence == only(again).evidence

"""bias.gap-parts: what was planted in labels, scores or thresholds is found there, and nowhere else."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from audits.catalog.gap_parts import GapParts
from audits.estimate_evidence import Estimates
from audits.findings import Finding, Verdict
from probes.errors import BadPlan
from tests.audits.catalog.scored_tables import PREDICTIONS, SCORES, Asked

QUICK = GapParts(replicates=400)
NAME = "gap-parts.group.selection-rate"


def rows(
    n: int = 1500,
    base: tuple[float, float] = (0.4, 0.4),
    shift: tuple[float, float] = (0.0, 0.0),
    cut: tuple[float, float] = (0.5, 0.5),
) -> dict[str, list[Any]]:
    """Two groups that may differ in how often they are labelled yes, in their scores, or in the cut of a decision."""
    rng = np.random.default_rng(0)
    columns: dict[str, list[Any]] = {"group": [], "label": [], "score": [], "prediction": []}
    for at, name in enumerate(("women", "men")):
        actual = rng.random(n) < base[at]
        score = np.clip(rng.normal(0.35 + 0.3 * actual + shift[at], 0.15), 0, 1)
        columns["group"] += [name] * n
        columns["label"] += ["yes" if one else "no" for one in actual]
        columns["score"] += score.tolist()
        columns["prediction"] += ["yes" if one >= cut[at] else "no" for one in score]
    return columns


def points(finding: Finding) -> dict[str, float]:
    (drawn,) = (evidence for evidence in finding.evidence if isinstance(evidence, Estimates))
    return {row.label.text.split(" ")[0]: row.value or 0.0 for row in drawn.rows}


def test_a_gap_of_labels_is_told_from_a_gap_of_scores() -> None:
    labels = Asked(rows(base=(0.6, 0.3))).findings(QUICK)[NAME]
    assert labels.verdict is Verdict.PASS
    assert points(labels)["Labels"] > 0.15
    assert abs(points(labels)["Scores"]) < 0.05
    scored = Asked(rows(shift=(0.1, 0.0))).findings(QUICK)[NAME]
    assert scored.verdict is Verdict.CONCERN
    assert points(scored)["Scores"] > 0.15
    assert abs(points(scored)["Labels"]) < 0.05
    assert points(scored)["Scores"] + points(scored)["Labels"] == pytest.approx(points(scored)["The"])
    assert "none from the threshold, which is the same for all" in str(scored.summary)


def test_unlike_thresholds_are_found_beside_a_column_of_scores() -> None:
    columns = rows(cut=(0.4, 0.5))
    found = Asked(columns, PREDICTIONS).findings(
        GapParts(scores="score", replicates=400, bins=50, metrics=("selection-rate", "false-positive-rate"))
    )
    for name, finding in found.items():
        assert finding.verdict is Verdict.CONCERN, name
        assert points(finding)["Thresholds"] > 0.1
        assert abs(points(finding)["Scores"]) < 0.05
    alone = Asked(columns, PREDICTIONS).findings(QUICK)[NAME]
    assert "decided about" in str(alone.summary)


def test_equal_groups_pass_and_few_rows_cannot_tell() -> None:
    assert Asked(rows()).findings(QUICK)[NAME].verdict is Verdict.PASS
    few = Asked(rows(n=60, shift=(0.03, 0.0))).findings(QUICK)[NAME]
    assert few.verdict is Verdict.INSUFFICIENT
    assert "cannot be told" in str(few.summary)
    tiny = Asked(rows(n=12)).findings(QUICK)[NAME]
    assert tiny.verdict is Verdict.INSUFFICIENT


def test_what_cannot_be_asked_says_so() -> None:
    columns = rows(n=200)
    within = Asked(columns, PREDICTIONS).findings(GapParts(metrics=("true-positive-rate",)))
    (finding,) = within.values()
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert "option scores" in str(finding.summary)
    unlabelled = Asked({**columns, "label": [None] * 400}, SCORES).findings(QUICK)[NAME]
    assert unlabelled.verdict is Verdict.NOT_APPLICABLE
    with pytest.raises(BadPlan, match="men"):
        Asked(columns).findings(GapParts(groups=("women", "man")))
    with pytest.raises(BadPlan, match="did you mean score"):
        Asked(columns, PREDICTIONS).findings(GapParts(scores="scor"))
    with pytest.raises(BadPlan, match="did you mean group"):
        Asked(columns).findings(GapParts(attribute="grup"))


def test_order_of_rows_and_names_of_groups_change_no_part() -> None:
    columns = rows(n=300, shift=(0.1, 0.0))
    order = list(range(600))
    random.Random(3).shuffle(order)
    shuffled = {name: [values[at] for at in order] for name, values in columns.items()}
    assert Asked(shuffled).findings(QUICK) == Asked(columns).findings(QUICK)
    renamed = {**columns, "group": [{"women": "b", "men": "a"}[name] for name in columns["group"]]}
    assert points(Asked(renamed).findings(QUICK)[NAME]) == pytest.approx(points(Asked(columns).findings(QUICK)[NAME]))


def test_a_named_pair_and_small_groups() -> None:
    columns = rows(n=300)
    columns["group"][:20] = ["few"] * 20
    columns["label"][:20] = ["yes"] * 15 + ["no"] * 5
    found = Asked(columns).findings(QUICK)[NAME]
    assert any("fewer than 10 comments of a label: few" in str(detail) for detail in found.details)
    pair = Asked(columns).findings(GapParts(groups=("men", "women"), replicates=400))[NAME]
    assert not any("few." in str(detail) for detail in pair.details)
    assert Finding.model_validate_json(found.model_dump_json()) == found
    weighted = Asked({**columns, "w": [2.0] * 600}, plan={"weight": "w"}).findings(QUICK)[NAME]
    assert points(weighted) == pytest.approx(points(found))


def test_weights_of_nothing_and_names_instead_of_groups() -> None:
    columns = rows(n=300)
    weightless = Asked({**columns, "w": [0.0] * 300 + [1.0] * 300}, plan={"weight": "w"}).findings(QUICK)[NAME]
    assert weightless.verdict is Verdict.INSUFFICIENT
    many = {**rows(n=1500), "group": [f"g{at % 60}" for at in range(3000)]}
    finding = Asked(many).findings(QUICK)[NAME]
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert "option groups" in str(finding.summary)

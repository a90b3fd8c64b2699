"""bias.closing-thresholds: a planted shift of one group's scores is closed at no cost, on rows that were not fitted."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from audits.catalog.closing_thresholds import ClosingThresholds
from audits.estimate_evidence import Estimates
from audits.evidence import Table
from audits.findings import Finding, Verdict
from probes.errors import BadPlan, NotApplicable
from tests.audits.catalog.scored_tables import PREDICTIONS, Asked

PARITY = ClosingThresholds(constraints=("demographic-parity",))
NAME = "closing-thresholds.group.demographic-parity"


def rows(n: int = 1200, shift: float = 0.2, base: float = 0.4, **columns: list[Any]) -> dict[str, list[Any]]:
    """Two groups of n, the scores of one shifted, labels alike unless `base` says otherwise."""
    rng = np.random.default_rng(0)
    found: dict[str, list[Any]] = {"id": [], "group": [], "label": [], "score": []}
    for at, name in enumerate(("women", "men")):
        actual = rng.random(n) < (base if at else 0.4)
        score = np.clip(rng.normal(0.3 + 0.4 * actual - shift * at, 0.12), 0, 1)
        found["id"] += [f"{name}{at}" for at in range(n)]
        found["group"] += [name] * n
        found["label"] += ["yes" if one else "no" for one in actual]
        found["score"] += score.tolist()
    return {**found, **columns}


def values(finding: Finding) -> tuple[float, float, float]:
    """The gap now, the gap then, the change in accuracy."""
    (drawn,) = (evidence for evidence in finding.evidence if isinstance(evidence, Estimates))
    now, then, change = (row.value or 0.0 for row in drawn.rows)
    return now, then, change


def asked(columns: dict[str, list[Any]], **plan: Any) -> Asked:
    return Asked(columns, plan={"id": "id", **plan})


def test_a_shift_of_one_groups_scores_is_closed_and_accuracy_rises() -> None:
    finding = asked(rows()).findings(PARITY)[NAME]
    now, then, change = values(finding)
    assert finding.verdict is Verdict.CONCERN
    assert now > 0.15
    assert then < now / 2
    assert change > 0.02
    assert "accuracy would even rise" in str(finding.summary)
    assert any("unlawful" in str(detail) for detail in finding.details)


def test_closing_a_gap_of_labels_costs_accuracy() -> None:
    finding = asked(rows(shift=0.0, base=0.7)).findings(PARITY)[NAME]
    now, then, change = values(finding)
    assert now > 0.15
    assert then < 0.08
    assert change < -0.03
    assert "at the cost of" in str(finding.summary)


def test_equal_groups_have_nothing_to_close_and_few_rows_cannot_tell() -> None:
    assert asked(rows(shift=0.0)).findings(PARITY)[NAME].verdict is Verdict.PASS
    few = asked(rows(n=80, shift=0.05)).findings(PARITY)[NAME]
    assert few.verdict is Verdict.INSUFFICIENT
    tiny = asked(rows(n=15)).findings(PARITY)[NAME]
    assert tiny.verdict is Verdict.INSUFFICIENT
    assert "fewer than two groups" in str(tiny.summary)


def test_thresholds_are_found_on_the_tune_part_where_there_is_one() -> None:
    parts = ["tune" if at % 3 == 0 else "test" for at in range(2400)]
    finding = asked(rows(split=parts), split="test").findings(PARITY)[NAME]
    assert any("found on 800 comments of the part tune and judged on 1,600 others" in str(d) for d in finding.details)
    shared = asked(rows()).findings(PARITY)[NAME]
    (line,) = (str(detail) for detail in shared.details if "set aside" in str(detail))
    table = next(e for e in shared.evidence if isinstance(e, Table) and e.name == "thresholds")
    fitted = sum(cell.value for row in table.rows for cell in row[1:2] if cell is not None and cell.kind == "count")
    assert f"so {fitted:,} of them were set aside" in line
    assert f"and {2400 - fitted:,} others judge them" in line
    with pytest.raises(NotApplicable, match="no part tune"):
        asked(rows()).findings(ClosingThresholds(fit_share=0))


def test_both_error_rates_are_told_apart() -> None:
    found = asked(rows()).findings(ClosingThresholds())
    assert set(found) == {
        f"closing-thresholds.group.{name}" for name in ("demographic-parity", "equal-opportunity", "equalised-odds")
    }
    for finding in found.values():
        now, then, _ = values(finding)
        assert then < now
        assert Finding.model_validate_json(finding.model_dump_json()) == finding
        assert "{" not in str(finding.summary)
    odds = found["closing-thresholds.group.equalised-odds"]
    table = next(e for e in odds.evidence if isinstance(e, Table) and e.name == "rates-before-and-after")
    assert len(table.columns) == 7


def test_order_of_rows_changes_nothing_and_the_seed_only_the_rows_set_aside() -> None:
    columns = rows(n=400)
    order = list(range(800))
    random.Random(3).shuffle(order)
    shuffled = {name: [values[at] for at in order] for name, values in columns.items()}
    assert asked(shuffled).findings(PARITY) == asked(columns).findings(PARITY)
    other = Asked(columns, seed=7, plan={"id": "id"}).findings(PARITY)[NAME]
    assert values(other) != values(asked(columns).findings(PARITY)[NAME])
    weighted = asked({**columns, "w": [3.0] * 800}, weight="w").findings(PARITY)[NAME]
    assert values(weighted) == pytest.approx(values(asked(columns).findings(PARITY)[NAME]))


def test_small_and_unrecorded_groups_are_named_or_left_out() -> None:
    columns = rows()
    columns["group"][:12] = ["few"] * 12
    columns["group"][12:20] = [None] * 8
    finding = asked(columns).findings(PARITY)[NAME]
    assert any("find or judge thresholds on: few." in str(detail) for detail in finding.details)
    table = next(e for e in finding.evidence if isinstance(e, Table) and e.name == "thresholds")
    assert len(table.rows) == 2


def test_what_cannot_be_asked_says_so() -> None:
    columns = rows(n=50)
    with pytest.raises(BadPlan, match="did you mean group"):
        asked(columns).findings(ClosingThresholds(attribute="grup"))
    predictions = {**columns, "prediction": columns["label"]}
    with pytest.raises(NotApplicable, match="scores"):
        Asked(predictions, PREDICTIONS, plan={"id": "id"}).findings(PARITY)
    unlabelled = {**columns, "label": [None] * 100}
    assert asked(unlabelled).findings(PARITY)[NAME].verdict is Verdict.NOT_APPLICABLE


def test_weights_of_nothing_and_names_instead_of_groups() -> None:
    columns = rows()
    weightless = asked({**columns, "w": [0.0] * 1200 + [1.0] * 1200}, weight="w").findings(PARITY)[NAME]
    assert weightless.verdict is Verdict.INSUFFICIENT
    names = asked({**columns, "group": columns["id"]}).findings(PARITY)[NAME]
    assert names.verdict is Verdict.NOT_APPLICABLE
    assert "at most 100" in str(names.summary)

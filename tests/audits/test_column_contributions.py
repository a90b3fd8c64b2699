"""explain.attribution on tables: columns that decide are found, lies are found out, and nothing hangs on the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

import audits
from audits.background import background
from audits.catalog.attribution import AttributionAudit
from audits.column_evidence import ColumnScores, Dependences, Swarms, Waterfalls
from audits.column_pictures import MOST_STRIPS, dependences, swarms
from audits.data.opening import population_of
from audits.data.population import Population
from audits.engine.pairing import matched
from audits.evidence import Example, Scalar, Table
from audits.findings import Finding, Verdict
from audits.plan import DataPlan, Words
from audits.runs import Run
from probes.errors import BadData, BadPlan
from probes.requests import Answer, Contributions, Request
from probes.speech import Share, say
from probes.subjects import open_subject
from probes.subjects.sklearn_pipeline import SklearnPipeline
from tests.audits.engine.worlds import bench_of
from tests.probes.subjects.tabular_models import MODELS, TEXTS, people, pipeline, stored


def rows(count: int = 240, **columns: Any) -> pd.DataFrame:
    frame, target = people(count, seed=5)
    return frame.assign(answer=target, group=["a", "b"] * (count // 2), **columns)


def data(frame: pd.DataFrame, **plan: Any) -> Population:
    table = pl.from_pandas(frame.astype(dict.fromkeys([c for c in TEXTS if c in frame], "str")))
    told = {"source": "rows", "label": "answer", "protected": ("group",), "positive": "low", **plan}
    return population_of(table, DataPlan(**told), Words(item="person", items="people"))


def model(folder: Path, name: str = "boosted") -> SklearnPipeline:
    frame, target = people()
    subject = open_subject(f"sklearn:{stored(MODELS[name][0]().fit(frame, target), folder, name)}")
    assert isinstance(subject, SklearnPipeline)
    return subject


def audited(folder: Path, subject: Any, found: Population, **options: Any) -> Finding:
    told, found = matched(subject, found)
    (finding,) = AttributionAudit(**options).run(bench_of(told, folder / "store"), found)
    assert isinstance(finding, Finding)
    assert Finding.model_validate_json(finding.model_dump_json()) == finding
    return finding


def the(finding: Finding, kind: Any) -> Any:
    return next(one for one in finding.evidence if isinstance(one, kind))


@pytest.mark.parametrize("name", ["boosted", "linear", "forest"])
def test_columns_that_decide_stand_before_columns_that_do_not(tmp_path: Path, name: str) -> None:
    finding = audited(tmp_path, model(tmp_path, name), data(rows()))
    assert finding.verdict is Verdict.PASS
    assert the(finding, Scalar).value == Share(value=1.0)
    order = [column.column for column in the(finding, Swarms).columns]
    assert set(order[:3]) == {"age", "job", "hours"}
    assert all(name in str(finding.summary) for name in order[:3])
    for row in the(finding, Waterfalls).rows:
        assert row.base + sum(row.scores) == pytest.approx(row.output, abs=1e-5)
        assert row.adds_up
        assert row.target == "low"


@dataclass(frozen=True)
class Liar(SklearnPipeline):
    """Its contributions do not belong to what it answers for people older than `limit`."""

    limit: float = 0

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        return [
            replace(answer, values=3 * answer.values + 1)
            if isinstance(answer, Contributions) and float(request.example.inputs[0]) >= self.limit
            else answer
            for request, answer in zip(batch, super().answer(batch), strict=True)
        ]


def lying(honest: SklearnPipeline, limit: float) -> Liar:
    fields = {name: getattr(honest, name) for name in honest.__dataclass_fields__}
    return Liar(**fields, limit=limit)


@pytest.mark.parametrize(("limit", "verdict"), [(200, "pass"), (77, "concern"), (0, "fail")])
def test_contributions_that_lie_are_found_out(tmp_path: Path, limit: float, verdict: str) -> None:
    finding = audited(tmp_path, lying(model(tmp_path), limit), data(rows()))
    assert finding.verdict == verdict
    errors = the(finding, Table).rows
    assert [row[5].value for row in errors] == sorted((row[5].value for row in errors), reverse=True)


def test_a_few_rows_are_too_few_to_judge(tmp_path: Path) -> None:
    assert audited(tmp_path, model(tmp_path), data(rows(90))).verdict is Verdict.INSUFFICIENT


def test_neither_the_order_of_rows_nor_of_columns_changes_anything(tmp_path: Path) -> None:
    frame = rows().assign(id=[f"p{at}" for at in range(240)])
    shuffled = frame.sample(frac=1, random_state=3)[sorted(frame.columns, reverse=True)]
    subject = model(tmp_path)
    listed = ("town", "noise", "job", "hours", "age")
    first = audited(tmp_path, subject, data(frame, id="id"))
    for found in (data(shuffled, id="id"), data(frame, id="id", input=listed)):
        again = audited(tmp_path, subject, found)
        assert again == first


def test_the_background_comes_from_the_training_split_where_there_is_one(tmp_path: Path) -> None:
    frame = rows()
    split = frame.assign(split=["fit"] * 120 + ["test"] * 120)
    subject = model(tmp_path)
    _, found = matched(subject, data(split, split="test"))
    drawn = background(found, 1000, 0)
    assert len(drawn.rows) == 120
    assert "fit" in str(drawn.told)
    assert {float(row[0]) for row in drawn.rows} == set(frame["age"][:120])
    _, found = matched(subject, data(frame))
    assert len(background(found, 7, 0).rows) == 7
    assert background(found, 7, 0).rows != background(found, 7, 1).rows
    assert "audited rows" in str(background(found, 7, 0).told)


def test_another_background_is_measured_anew_and_the_same_is_not(tmp_path: Path) -> None:
    subject, found = matched(model(tmp_path), data(rows()))
    bench = bench_of(subject, tmp_path / "store")
    counts = []
    for size in (20, 20, 30):
        list(AttributionAudit(background=size).run(bench, found))
        counts.append(bench.work.measured)
    explained = 120
    assert counts == [240 + explained, 240 + explained, 240 + 2 * explained]


def test_a_protected_attribute_that_the_model_reads_is_told(tmp_path: Path) -> None:
    finding = audited(tmp_path, model(tmp_path), data(rows(), protected=("job",)))
    assert any("reads the protected attribute job" in str(detail) for detail in finding.details)
    finding = audited(tmp_path, model(tmp_path), data(rows()))
    assert not any("protected attribute" in str(detail) for detail in finding.details)


def test_without_a_positive_class_the_one_predicted_most_often_is_explained(tmp_path: Path) -> None:
    frame, target = people(classes=3)
    uneven = np.where(target == "top", "low", target)
    uneven[:5] = "top"
    subject = open_subject(f"sklearn:{stored(pipeline(LogisticRegression()).fit(frame, uneven), tmp_path)}")
    finding = audited(tmp_path, subject, data(rows().assign(answer="low"), positive=None),
                      texts=10, background=5)  # fmt: skip
    assert the(finding, Waterfalls).rows[0].target == "low"


MISFITS: dict[str, tuple[dict[str, Any], list[str], type[Exception], str]] = {
    "a column that the data lacks": (
        {}, ["hours"], BadData, "reads the column hours, which rows does not have; its columns are"
    ),
    "a column of almost that name": ({"hours": "hour"}, [], BadData, "did it mean hour"),
    "a column that is not listed": (
        {"input": ("age", "job", "hours", "town")}, [], BadPlan, "reads noise, which data.input"
    ),
    "a column too many": (
        {"input": ("age", "job", "hours", "town", "noise", "group")}, [], BadPlan, "lists group, which the model was"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISFITS)
def test_columns_that_do_not_fit_are_one_line(tmp_path: Path, name: str) -> None:
    change, dropped, error, message = MISFITS[name]
    plan = {key: value for key, value in change.items() if key == "input"}
    frame = rows().rename(columns={key: value for key, value in change.items() if key != "input"})
    with pytest.raises(error, match=message) as caught:
        matched(model(tmp_path), data(frame.drop(columns=dropped), **plan))
    assert "\n" not in str(caught.value)


def test_a_model_of_texts_reads_two_columns_at_most() -> None:
    with pytest.raises(BadPlan, match="lists 3 columns"):
        matched(open_subject("scripted:?words=a:1"), data(rows(), input=("job", "town", "answer"), positive=None))


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
def test_the_file_that_holds_the_rows_does_not_matter(tmp_path: Path, kind: str) -> None:
    table = pl.from_pandas(rows().astype(dict.fromkeys(TEXTS, "str"))).with_columns(
        pl.when(pl.int_range(pl.len()) % 9 > 0).then("town"), pl.when(pl.int_range(pl.len()) % 7 > 0).then("age")
    )
    subject = model(tmp_path)
    write: Any = {"csv": table.write_csv, "parquet": table.write_parquet, "jsonl": table.write_ndjson}[kind]
    write(tmp_path / f"rows.{kind}")
    told = {"source": f"rows.{kind}", "label": "answer", "protected": ["group"], "positive": "low"}
    for listed in (None, ["town", "age", "job", "hours", "noise"]):
        plan = {"name": "table", "subject": "sklearn:boosted.skops", "audits": ["explain.attribution", "data.profile"],
                "data": told | ({"input": listed} if listed else {})}  # fmt: skip
        run: Run = audits.run(plan, base=tmp_path)
        assert not [str(finding.summary) for finding in run.findings if finding.verdict is Verdict.ERROR]
        assert run.manifest.subject.fingerprint == subject.fingerprint
        scores = run.table("attribution.rows").sort("key", "column")
        assert scores.height == 12 * 5
        assert any(cell == "" for cell in scores["cell"])


def scored(cells: Sequence[str], scores: Sequence[float], column: str = "x") -> list[ColumnScores]:
    return [
        ColumnScores(
            example=Example(key=str(at), words=(cell,), predicted="a", probability=0.5, chosen=say("Random")),
            columns=(column,), target="a", scale="log-odds", base=0.0, output=score, scores=(score,),
        )
        for at, (cell, score) in enumerate(zip(cells, scores, strict=True))
    ]  # fmt: skip


def test_numbers_become_points_texts_become_strips_and_nothing_is_lost() -> None:
    draw = np.random.default_rng(0)
    numbers = scored([*map(str, range(60)), "", ""], draw.normal(size=62).tolist())
    (panel,) = dependences(numbers, ["x"]).columns
    assert len(panel.points) == 60
    assert [(strip.value, strip.n) for strip in panel.strips] == [("", 2)]
    words = [f"town {at % 20}" for at in range(200)]
    (panel,) = dependences(scored(words, draw.normal(size=200).tolist()), ["x"]).columns
    assert not panel.points
    assert len(panel.strips) == MOST_STRIPS + 1
    assert sum(strip.n for strip in panel.strips) == 200


def test_a_swarm_is_shaded_by_rank_whatever_the_numbers_scale() -> None:
    (plain,) = swarms(scored(["1", "2", "3", "4"], [0.1, 0.2, 0.3, 0.4]), "rows").columns
    (skewed,) = swarms(scored(["1", "2", "3", "90000"], [0.1, 0.2, 0.3, 0.4]), "rows").columns
    assert plain.places == skewed.places == (0.0, 0.333, 0.667, 1.0)
    (text,) = swarms(scored(["1", "2", "x", "4"], [0.1, 0.2, 0.3, 0.4]), "rows").columns
    assert set(text.places) == {None}
    assert plain.mean == pytest.approx(0.25)
    assert plain.interval is not None
    assert plain.interval.low < 0.25 < plain.interval.high


def test_evidence_is_drawn_as_a_chart_of_its_kind(tmp_path: Path) -> None:
    finding = audited(tmp_path, model(tmp_path), data(rows()), shown=2)
    assert len(the(finding, Waterfalls).rows) == 2
    assert len(the(finding, Dependences).columns) == 5

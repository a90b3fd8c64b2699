"""What the documents tell people to write works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from sklearn.linear_model import LogisticRegression

import audits
from audits.findings import Verdict
from audits.plan_file import read_plan
from tests.probes.subjects.tabular_models import people, pipeline, stored

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_every_plan_in_the_readme_is_a_plan() -> None:
    plans = [yaml.safe_load(block) for block in blocks("yaml")]
    assert len(plans) == 3
    for plan in plans:
        checked, questions, _ = read_plan(plan)
        assert len(questions) == len(checked.audits)


def test_the_readme_keeps_its_word_on_lengths() -> None:
    model, columns, table = blocks("yaml")
    assert len(model.strip().splitlines()) <= 10
    assert len(columns.strip().splitlines()) <= 8
    assert len(table.strip().splitlines()) <= 8


def test_the_readme_table_plan_and_python_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ["approved,repaid,sex,age_group"]
    rows += [f"{'yes' if i % 3 else 'no'},{'yes' if i % 5 else 'no'},{'f' if i % 2 else 'm'},old" for i in range(300)]
    (tmp_path / "decisions.csv").write_text("\n".join(rows), "utf-8")
    (tmp_path / "plan.yaml").write_text(blocks("yaml")[2], "utf-8")
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("python")
    scope: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), scope)
    assert isinstance(scope["run"], audits.Run)
    assert (tmp_path / "report.html").stat().st_size > 0


def test_the_readme_plan_of_a_model_of_a_table_runs(tmp_path: Path) -> None:
    frame, _ = people(200)
    frame = frame.assign(sex=["f", "m"] * 100, age_group="old")
    repaid = ["yes" if hours > 38 else "no" for hours in frame["hours"]]
    columns = ["age", "hours", "noise", "job", "town"]
    stored(pipeline(LogisticRegression()).fit(frame[columns], repaid), tmp_path, "credit")
    frame.assign(repaid=repaid).to_csv(tmp_path / "applicants.csv", index=False)
    (tmp_path / "plan.yaml").write_text(blocks("yaml")[1], "utf-8")
    run = audits.run(tmp_path / "plan.yaml")
    assert not [str(finding.summary) for finding in run.findings if finding.verdict is Verdict.ERROR]
    assert "hours" in str(run.finding("attribution").summary)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target

"""What the documents tell people to write works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import audits
from audits.plan_file import read_plan

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)


def test_every_plan_in_the_readme_is_a_plan() -> None:
    plans = [yaml.safe_load(block) for block in blocks("yaml")]
    assert len(plans) == 2
    for plan in plans:
        checked, questions, _ = read_plan(plan)
        assert len(questions) == len(checked.audits)


def test_the_readme_keeps_its_word_on_lengths() -> None:
    model, table = blocks("yaml")
    assert len(model.strip().splitlines()) <= 10
    assert len(table.strip().splitlines()) <= 8


def test_the_readme_table_plan_and_python_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ["approved,repaid,sex,age_group"]
    rows += [f"{'yes' if i % 3 else 'no'},{'yes' if i % 5 else 'no'},{'f' if i % 2 else 'm'},old" for i in range(300)]
    (tmp_path / "decisions.csv").write_text("\n".join(rows), "utf-8")
    (tmp_path / "plan.yaml").write_text(blocks("yaml")[1], "utf-8")
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("python")
    scope: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), scope)
    assert isinstance(scope["run"], audits.Run)
    assert (tmp_path / "report.html").stat().st_size > 0


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), target

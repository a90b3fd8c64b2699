"""Rules that every audit and every file keeps; whoever adds one learns here what is still to be done."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, get_args

import pytest

import audits
from audits import catalog as catalog_module
from audits import evidence
from audits.audit import Area, Audit
from audits.catalog import catalog
from audits.findings import Finding, Verdict
from audits.runs import Run
from probes.errors import SetupBroken
from reports.figures import drawn, figures
from tests.audits.engine.worlds import comments, write_plan

ROOT = Path(__file__).parents[2]
PACKAGES = ("audits", "dashboard", "probes", "reports")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MOST_LINES = 300

BUILT_IN = sorted(name for name, cls in catalog().items() if cls.__module__.startswith("audits.catalog."))
every_audit = pytest.mark.parametrize("name", BUILT_IN)


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Every audit alone, on the scripted subject with its defaults."""
    folder = tmp_path_factory.mktemp("conformance")

    @cache
    def run(name: str) -> Run:
        return audits.run(write_plan(folder / name, comments(200), [name]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENLIGHT_HOME", str(folder / "home"))
        return {name: run(name) for name in BUILT_IN}


def test_there_are_audits() -> None:
    assert {"bias.group-rates", "explain.attribution", "attention.heads", "data.profile"} <= set(BUILT_IN)


@every_audit
def test_an_audit_is_described_in_one_line_with_its_source(name: str) -> None:
    doc = catalog()[name].__doc__ or ""
    assert len(doc.splitlines()) == 1
    assert re.search(r"\([^)]*\b(19|20)\d\d\b[^)]*\)", doc), f"{name} names no source with its year: {doc}"


@every_audit
def test_every_option_is_described_has_a_default_and_makes_a_schema(name: str) -> None:
    cls = catalog()[name]
    for option, field in cls.model_fields.items():
        assert (field.description or "").endswith("."), f"{name}: {option} has no description"
        assert not field.is_required(), f"{name}: {option} has no default"
    schema = cls.model_json_schema()
    assert set(schema.get("properties", {})) == set(cls.model_fields)
    assert schema["additionalProperties"] is False
    assert cls.model_validate(cls().settings()) == cls()


@every_audit
def test_an_audit_has_a_file_a_test_and_a_page_of_its_own(name: str) -> None:
    module = catalog()[name].__module__.rpartition(".")[2]
    others = [other for other in BUILT_IN if other != name and catalog()[other].__module__.endswith(f".{module}")]
    assert not others
    assert (ROOT / "tests/audits/catalog" / f"test_{module}.py").is_file()
    page = (ROOT / "docs/audits" / f"{name}.md").read_text("utf-8")
    assert page.startswith(f"# {name}\n")
    for option, field in catalog()[name].model_fields.items():
        assert f"`{option}`" in page, f"the page of {name} does not tell about its option {option}"
        if isinstance(field.default, int | float):
            assert f"`{field.default:g}`" in page, f"the page of {name} has another default for {option}"
    assert "## Sources" in page


@every_audit
def test_an_audit_has_an_area_and_needs_capabilities(name: str) -> None:
    cls = catalog()[name]
    assert isinstance(cls.area, Area)
    assert all(getattr(need, "_is_runtime_protocol", False) for need in cls.needs)
    assert issubclass(cls, Audit)


@every_audit
def test_an_audit_answers_on_the_scripted_subject(name: str, scripted: dict[str, Run]) -> None:
    findings = scripted[name].findings
    assert findings
    for finding in findings:
        assert finding.audit == name
        assert finding.verdict not in (Verdict.ERROR, Verdict.NOT_APPLICABLE), str(finding.summary)
        assert str(finding.summary).endswith(".")
        assert finding.method.sources
        assert finding.settings == catalog()[name]().settings()


@every_audit
def test_findings_survive_json(name: str, scripted: dict[str, Run]) -> None:
    run = scripted[name]
    assert Run.read(run.model_dump_json()) == run
    for finding in run.findings:
        assert Finding.model_validate_json(finding.model_dump_json()) == finding


@every_audit
def test_every_piece_of_evidence_is_drawn_and_is_a_table(name: str, scripted: dict[str, Run]) -> None:
    for finding in scripted[name].findings:
        for piece in finding.evidence:
            assert str(drawn(piece).still).strip()
            assert drawn(piece).frame().columns


def test_every_kind_of_evidence_has_exactly_one_drawing() -> None:
    union: Any = get_args(evidence.Evidence)[0]
    assert set(figures()) == set(get_args(union))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_holds_one_idea(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES
    assert path.stem not in ("utils", "util", "helpers", "common", "manager", "misc")


def test_no_file_of_the_front_ends_hides_a_package() -> None:
    """`streamlit run` puts the folder of its file first on the path."""
    assert not {path.stem for path in (ROOT / "dashboard").iterdir()} & set(PACKAGES)


HEAVY = ("torch", "captum", "shap", "streamlit", "scipy.stats", "polars", "plotly", "transformers", "pyarrow")

CALLED = "import sys; from dashboard.cli import app; app(['{word}'], standalone_mode=False)"

LIGHT = {
    "the catalogue": "from audits.catalog import catalog; assert len(catalog()) >= 4",
    "the list of audits": CALLED.format(word="audits"),
    "help": CALLED.format(word="--help"),
    "a plan": "from audits.plan_file import read_plan; "
    "read_plan({'name': 'x', 'subject': 's:', 'data': {'source': 'x'}, 'audits': ['data.profile']})",
}  # fmt: skip


@pytest.mark.parametrize("what", LIGHT)
def test_nothing_heavy_is_imported_before_something_is_measured(what: str) -> None:
    code = f"{LIGHT[what]}\nimport sys\nprint('heavy:', [name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_a_plug_in_that_cannot_be_imported_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint(name="broken", value="no_such_module_of_a_plug_in", group=catalog_module.ENTRY_POINTS)
    monkeypatch.setattr(catalog_module, "entry_points", lambda group: [broken])
    catalog.cache_clear()
    try:
        with pytest.raises(SetupBroken, match="broken") as caught:
            catalog()
    finally:
        catalog.cache_clear()
    assert "\n" not in str(caught.value)

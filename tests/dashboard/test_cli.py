"""The command line: what it prints, what it returns, and that data cannot speak through it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import audits
from audits.catalog import catalog
from audits.runs import Run
from dashboard import cli
from tests.audits.engine.worlds import comments, write_plan
from tests.dashboard.door import evenlight

Door = Callable[..., tuple[int, str, str]]

BASIC = ["bias.group-rates", "data.profile"]


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Door:
    """The console script in this process: exit code, standard output, standard error."""

    def call(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["evenlight", *map(str, words)])
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_a_plan_is_run_shown_listed_and_reported(door: Door, tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(80), BASIC)
    code, out, _ = door("run", plan)
    run = audits.load("latest")
    assert code == 0
    assert run.id in out
    assert "80 results measured" in out
    for verdict in run.verdicts:
        assert verdict.value in out

    code, shown, err = door("show", run.id)
    assert (code, err) == (0, "")
    for finding in run.findings:
        assert finding.name in "".join(shown.split())

    code, listed, err = door("runs")
    assert (code, err) == (0, "")
    assert run.id in listed
    assert "finished" in listed

    for name in ("report.html", "report.json"):
        code, written, err = door("report", "latest", "-o", tmp_path / name)
        assert (code, err) == (0, "")
        assert str(tmp_path / name) in written
    assert Run.read((tmp_path / "report.json").read_bytes()) == run
    code, _, _ = door("report", run.id[:-1], "--format", "json", "-o", tmp_path / "run.txt")
    assert code == 0
    assert Run.read((tmp_path / "run.txt").read_bytes()) == run


def test_run_writes_a_report_when_asked(door: Door, tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(30), ["data.profile"])
    code, out, _ = door("run", plan, "--report", tmp_path / "r.html")
    assert code == 0
    assert (tmp_path / "r.html").is_file()
    assert "r.html" in out


def test_audits_are_listed_with_every_option(door: Door) -> None:
    code, out, err = door("audits")
    assert (code, err) == (0, "")
    for name, cls in catalog().items():
        assert name in out
        for option in cls.model_fields:
            assert f"{option} = " in out


def test_an_audit_without_a_docstring_is_listed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog()["data.profile"], "__doc__", None)
    code, out, _ = door("audits")
    assert code == 0
    assert "data.profile" in out


def test_where_there_are_no_runs_it_says_how_to_start(door: Door) -> None:
    code, out, _ = door("runs")
    assert code == 0
    assert "evenlight demo" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "nix.yaml"], "there is no plan nix.yaml"),
        (["run", "misspelt.yaml"], "misspelt.yaml, line 2: unknown key sbject; did you mean subject?"),
        (["run", "unknown.yaml"], "line 10: there is no audit data.prophile; did you mean data.profile?"),
        (["run", "column.yaml"], "no column txt in rows.csv (data.input in the plan); did you mean text?"),
        (["run", "model.yaml"], "no/such/model"),
        (["show", "nix"], "there is no finished run nix"),
        (["report", "latest", "-o", "x.html"], "no run has been finished yet"),
    ],
    ids=lambda value: value[1] if isinstance(value, list) else "",
)
def test_what_the_user_can_mend_is_one_line_and_exit_code_two(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    good = write_plan(tmp_path, comments(10), ["data.profile"]).read_text()
    Path("misspelt.yaml").write_text(good.replace("subject:", "sbject:"))
    Path("unknown.yaml").write_text(good.replace("data.profile", "data.prophile"))
    Path("column.yaml").write_text(good.replace("input: text", "input: txt"))
    Path("model.yaml").write_text(good.replace("subject: ", "subject: hf:no/such/model #"))
    code, out, err = door(*words)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("evenlight: ")
    assert message.casefold() in err.casefold()


def test_a_report_that_cannot_be_written_is_one_line(door: Door, tmp_path: Path) -> None:
    audits.run(write_plan(tmp_path, comments(10), ["data.profile"]))
    for target, message in (("x.docx", ".html"), ("no/where.html", "no folder")):
        code, _, err = door("report", "latest", "-o", tmp_path / target)
        assert code == 2
        assert err.count("\n") == 1
        assert message in err


HOSTILE = "\x1b[31mred\x1b[0m [bold red]loud[/] :smile: \u202egnol\r\nRun 1: all passed [link=http://x.y]z[/link]"


def test_data_cannot_colour_move_or_mark_up_the_terminal(door: Door, tmp_path: Path) -> None:
    rows = comments(60).with_columns(group=pl.when(pl.col("group") == "men").then(pl.lit(HOSTILE)).otherwise("group"))
    plan = write_plan(tmp_path, rows, ["data.profile"], name=f"plan [red]{HOSTILE}"[:200])
    for words in (("run", plan), ("show", "latest"), ("runs",)):
        code, out, err = door(*words)
        assert code == 0
        assert not [c for c in out + err if not c.isprintable() and c != "\n"]
        together = "".join(out.split())
        assert "[boldred]loud[/]" in together
        assert ":smile:" in together
        assert not [line for line in out.splitlines() if line.lstrip().startswith("Run 1: all passed")]


def test_an_error_stays_one_line_whatever_it_quotes(door: Door, tmp_path: Path) -> None:
    rows = comments(10).rename({"group": HOSTILE})
    plan = write_plan(tmp_path, rows, ["data.profile"], data={"protected": ["grp"]})
    code, _, err = door("run", plan)
    assert code == 2
    assert err.count("\n") == 1
    assert not [c for c in err.rstrip("\n") if not c.isprintable()]
    assert "[bold red]loud[/]" in err


def test_a_file_where_the_home_should_be_is_one_line(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EVENLIGHT_HOME", str(tmp_path / "file"))
    for words in (("runs",), ("show",), ("run", write_plan(tmp_path, comments(10), ["data.profile"]))):
        code, _, err = door(*words)
        assert code == 2
        assert err.count("\n") == 1
        assert "EVENLIGHT_HOME" in err


def test_an_audit_that_breaks_is_shown_and_logged(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("audits.catalog.data_profile.DataProfile.run", lambda *_: 1 / 0)
    with caplog.at_level(logging.ERROR):
        code, out, _ = door("run", write_plan(tmp_path, comments(10), ["data.profile"]))
    assert code == 0
    assert "error" in out
    assert "ZeroDivisionError" in out
    assert "data.profile" in caplog.text


def test_the_console_script_works_as_a_process(tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(20), ["data.profile"])
    done = evenlight("run", plan.name, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "profile.duplicates" in done.stdout
    wrong = evenlight("run", "nix.yaml", cwd=tmp_path)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "evenlight: There is no plan nix.yaml\n"


def test_help_names_every_command(door: Door) -> None:
    code, out, _ = door("--help")
    assert code == 0
    for command in ("demo", "run", "runs", "show", "report", "audits", "doctor"):
        assert f" {command} " in out


def test_a_report_that_could_not_be_written_is_refused_before_the_audit(door: Door, tmp_path: Path) -> None:
    plan = write_plan(tmp_path, comments(80), BASIC)
    code, _, err = door("run", plan, "--report", tmp_path / "no such folder" / "report.html")
    assert code == 2
    assert "no such folder" in err
    _, listed, _ = door("runs")
    assert "There are no runs yet" in listed


def test_a_demo_into_a_file_is_refused_in_one_line(door: Door, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    code, _, err = door("demo", "-o", tmp_path / "taken")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "--output" in err

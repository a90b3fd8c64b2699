"""What the command line prints: tables and progress, in words, and nothing of the data's as markup."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from audits.engine.progress import Step
from audits.findings import Verdict
from probes.errors import EvenlightError
from probes.speech import Duration, Number, Sentence, reader, say

if TYPE_CHECKING:
    from audits.audit import Audit
    from audits.runs import Run
    from audits.store.runs import RunEntry
    from dashboard.doctor import Check

STYLES = {
    Verdict.FAIL: ("✗", "red"),
    Verdict.CONCERN: ("!", "yellow"),
    Verdict.ERROR: ("⚠", "magenta"),
    Verdict.INSUFFICIENT: ("?", "cyan"),
    Verdict.NOT_APPLICABLE: ("–", "bright_black"),
    Verdict.PASS: ("✓", "green"),
}
"""Icon and colour of a verdict in a terminal, worst first; the word always stands beside them."""

WIDTH_WITHOUT_TERMINAL = 120


def _console(stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(stderr=stderr, width=width, highlight=False, markup=False)


def _text(sentence: Sentence | str) -> Text:
    """Text without control characters: data must not move the cursor or colour the terminal."""
    return Text("".join(c if c.isprintable() or c == "\n" else "�" for c in str(sentence)))


def show_error(problem: EvenlightError) -> None:
    """One line on standard error."""
    _console(stderr=True).print(_text(say("evenlight: {problem}", problem=str(problem))), soft_wrap=True)


def show_run(run: Run) -> None:
    """The run's verdicts as a table: verdict, question and its sentence."""
    console = _console()
    console.print()
    title = say("Run {id}: {name}, {rows} rows", name=run.plan.name, rows=run.manifest.data.rows, id=run.id)
    table = Table(box=box.SIMPLE_HEAD, title=_text(title), title_justify="left", title_style="bold", expand=True)
    table.add_column(str(say("Verdict")), no_wrap=True)
    table.add_column(str(say("Audit")), no_wrap=True, max_width=34)
    table.add_column(str(say("Finding")), ratio=1)
    order = list(STYLES)
    for finding in sorted(run.findings, key=lambda finding: order.index(finding.verdict)):
        icon, colour = STYLES[finding.verdict]
        word = reader().gettext(finding.verdict.value)
        table.add_row(Text(f"{icon} {word}", style=colour), _text(finding.name), _text(finding.summary))
    console.print(table)
    work = run.manifest.work
    console.print(
        _text(
            say(
                "{measured} results measured, {reused} found in the store, in {time}.",
                measured=work.measured,
                reused=work.reused,
                time=Duration(seconds=run.manifest.wall_seconds),
            )
        )
    )


def show_entries(entries: Sequence[RunEntry]) -> None:
    """The list of runs."""
    console = _console()
    if not entries:
        console.print(_text(say("There are no runs yet. Start with evenlight demo, or evenlight run PLAN.")))
        return
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    for heading in (say("Run"), say("Name"), say("Started (UTC)"), say("State"), say("Verdicts")):
        table.add_column(str(heading))
    for entry in entries:
        counts = ", ".join(f"{n} {reader().gettext(verdict.value)}" for verdict, n in entry.verdicts.items())
        table.add_row(
            entry.id,
            _text(entry.name),
            f"{entry.started:%Y-%m-%d %H:%M}",
            reader().gettext(entry.state.value),
            _text(counts or entry.message or ""),
        )
    console.print(table)


def show_catalog(audits: Mapping[str, type[Audit]]) -> None:
    """Every audit, what it asks and its options."""
    console = _console()
    for name, cls in audits.items():
        console.print(Text(name, style="bold"), _text(f"  {(cls.__doc__ or '').splitlines()[0]}"))
        for option, field in cls.model_fields.items():
            default = field.get_default(call_default_factory=True)
            console.print(_text(f"    {option} = {default}   {field.description}"))


def show_checks(checks: Sequence[Check]) -> None:
    """What the doctor found."""
    console = _console()
    for check in checks:
        mark = Text("✗ ", style="red") if check.broken else Text("✓ ", style="green")
        console.print(mark + _text(check.name) + Text(": ") + _text(check.found), soft_wrap=True)


def show_written(paths: Sequence[Path]) -> None:
    """Where documents were written."""
    for path in paths:
        _console().print(_text(say("Written: {path}", path=str(path))), soft_wrap=True)


@contextmanager
def progress_bars() -> Iterator[_Bars]:
    """Shows each measurement's progress with its rate and the time left, on standard error."""
    console = _console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TextColumn("{task.fields[pace]}", markup=False),
    )
    with Progress(*columns, console=console, transient=False) as progress:
        yield _Bars(progress)


class _Bars:
    """A bar for each measurement that has something to do."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._current: tuple[str, int, TaskID] | None = None

    def __call__(self, step: Step) -> None:
        if self._current is None or self._current[:2] != (step.what, step.total) or step.rate is None:
            if step.done == step.total:
                return  # all of it was in the store
            self._current = (step.what, step.total, self._progress.add_task(step.what, total=step.total, pace=""))
        self._progress.update(self._current[2], completed=step.done, pace=str(_pace(step)))


def _pace(step: Step) -> Sentence | str:
    if step.rate is None or step.left_seconds is None:
        return ""
    return say(
        "{rate} rows/s, {left} left",
        rate=Number(value=step.rate, digits=3),
        left=Duration(seconds=step.left_seconds),
    )

"""What the command line prints: tables and progress, in words, and nothing of the data's as markup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from audits.engine.progress import Step
from audits.findings import Verdict
from dashboard.console import console, inert
from probes.speech import Duration, Number, Sentence, reader, say

if TYPE_CHECKING:
    from audits.audit import Audit
    from audits.jobs import Job
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


def show_run(run: Run) -> None:
    """The run's verdicts as a table: verdict, question and its sentence."""
    out = console()
    out.print()
    title = say("Run {id}: {name}, {rows} rows", name=run.plan.name, rows=run.manifest.data.rows, id=run.id)
    table = Table(box=box.SIMPLE_HEAD, title=inert(title), title_justify="left", title_style="bold", expand=True)
    table.add_column(str(say("Verdict")), no_wrap=True)
    # Folded, not cut: the name is what addresses a finding.
    table.add_column(str(say("Audit")), overflow="fold", max_width=44)
    table.add_column(str(say("Finding")), ratio=1)
    order = list(STYLES)
    for finding in sorted(run.findings, key=lambda finding: order.index(finding.verdict)):
        icon, colour = STYLES[finding.verdict]
        word = reader().gettext(finding.verdict.value)
        table.add_row(Text(f"{icon} {word}", style=colour), inert(finding.name), inert(finding.summary))
    out.print(table)
    work = run.manifest.work
    time = Duration(seconds=run.manifest.wall_seconds)
    if work.measured or work.reused:
        told = say(
            "{measured} results measured, {reused} found in the store, in {time}.",
            measured=work.measured,
            reused=work.reused,
            time=time,
        )
    else:
        told = say("No model was asked; counted in {time}.", time=time)
    out.print(inert(told))


def show_entries(entries: Sequence[RunEntry]) -> None:
    """The list of runs."""
    out = console()
    if not entries:
        out.print(inert(say("There are no runs yet. Start with evenlight demo, or evenlight run PLAN.")))
        return
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    for heading in (say("Run"), say("Name"), say("Started (UTC)"), say("State"), say("Verdicts")):
        table.add_column(str(heading))
    for entry in entries:
        counts = ", ".join(f"{n} {reader().gettext(verdict.value)}" for verdict, n in entry.verdicts.items())
        table.add_row(
            entry.id,
            inert(entry.name),
            f"{entry.started:%Y-%m-%d %H:%M}",
            reader().gettext(entry.state.value),
            inert(counts or entry.message or ""),
        )
    out.print(table)


def show_jobs(jobs: Sequence[Job]) -> None:
    """The list of jobs."""
    out = console()
    if not jobs:
        out.print(inert(say("There are no jobs yet. Queue one with evenlight run PLAN --queue.")))
        return
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    for heading in (say("Job"), say("Name"), say("State"), say("Progress"), say("Time left"), say("Result")):
        table.add_column(str(heading), overflow="fold")
    for job in jobs:
        step = job.step
        left = None if step is None or step.left_seconds is None else Duration(seconds=step.left_seconds)
        table.add_row(
            job.id,
            inert(job.name),
            reader().gettext(job.state.value),
            inert(
                ""
                if step is None
                else say("{what} {done}/{total}", **step.model_dump(include={"what", "done", "total"}))
            ),
            inert("" if left is None or not job.running else say("{left}", left=left)),
            inert(job.message or job.run_id or ""),
        )
    out.print(table)


def show_subjects(subjects: Mapping[str, str]) -> None:
    """The models that have a name."""
    out = console()
    if not subjects:
        out.print(inert(say("No model has a name yet. Give one with evenlight subjects add NAME URI.")))
        return
    table = Table(box=box.SIMPLE_HEAD, expand=True)
    for heading in (say("Name"), say("Address")):
        table.add_column(str(heading), overflow="fold")
    for name, uri in subjects.items():
        table.add_row(inert(name), inert(uri))
    out.print(table)


def show_catalog(audits: Mapping[str, type[Audit]]) -> None:
    """Every audit, what it asks and its options."""
    out = console()
    for name, cls in audits.items():
        out.print(Text(name, style="bold"), inert(f"  {next(iter((cls.__doc__ or '').splitlines()), '')}"))
        for option, field in cls.model_fields.items():
            default = field.get_default(call_default_factory=True)
            out.print(inert(f"    {option} = {default}   {field.description}"))


def show_checks(checks: Sequence[Check]) -> None:
    """What the doctor found."""
    out = console()
    for check in checks:
        mark = Text("✗ ", style="red") if check.broken else Text("✓ ", style="green")
        out.print(mark + inert(check.name) + Text(": ") + inert(check.found), soft_wrap=True)


def show_written(paths: Sequence[Path]) -> None:
    """Where documents were written."""
    for path in paths:
        console().print(inert(say("Written: {path}", path=str(path))), soft_wrap=True)


@contextmanager
def progress_bars() -> Iterator[_Bars]:
    """Shows each measurement's progress with its rate and the time left, on standard error."""
    out = console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f}"),
        TextColumn("{task.fields[pace]}", markup=False),
    )
    bars = _Bars(Progress(*columns, console=out, transient=False))
    try:
        yield bars
    finally:
        bars.stop()


class _Bars:
    """A bar for each measurement that has something to do."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._current: tuple[str, int, TaskID] | None = None

    def __call__(self, step: Step) -> None:
        if self._current is None or self._current[:2] != (step.what, step.total) or step.rate is None:
            if step.done == step.total:
                return  # all of it was in the store
            # Not before there is something to show: an error alone is one line.
            self._progress.start()
            self._current = (step.what, step.total, self._progress.add_task(step.what, total=step.total, pace=""))
        self._progress.update(self._current[2], completed=step.done, pace=str(_pace(step)))

    def stop(self) -> None:
        """Leaves the bars as they stand."""
        if self._current is not None:
            self._progress.stop()


def _pace(step: Step) -> Sentence | str:
    if step.rate is None or step.left_seconds is None:
        return ""
    return say(
        "{rate} rows/s, {left} left",
        rate=Number(value=step.rate, digits=3),
        left=Duration(seconds=step.left_seconds),
    )

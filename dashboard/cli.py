"""The command line: `evenlight demo | serve | run | worker | jobs | runs | show | report | audits | subjects | ...`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

try:
    from dashboard.jobs_cli import jobs_app
    from dashboard.subjects_cli import subjects_app
    from probes.errors import EvenlightError
except ImportError as problem:
    # Without our own probes there are no sentences to say it with.
    raise SystemExit(
        f"evenlight: another distribution's package named probes comes first ({problem}); "
        "install evenlight into an environment of its own"
    ) from problem

app = typer.Typer(
    name="evenlight",
    help="Audits fine-tuned models: can their decisions be explained, and do they treat groups evenly?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(jobs_app, name="jobs")
app.add_typer(subjects_app, name="subjects")

RunId = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run, the beginning of one, or latest.")]


@app.command()
def demo(
    name: Annotated[str, typer.Argument(help="moderation (two models of comments) or credit (one of a table).")] = (
        "moderation"
    ),
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the reports.")] = Path("evenlight-demo"),
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop when the reports are written.")] = False,
) -> None:
    """Train models on real data, audit them and write their reports."""
    from dashboard.demo import run_demo

    run_demo(output, name)
    if not no_serve:
        from dashboard.serving import FIRST_PORT, free_port, serve

        serve(port=free_port(FIRST_PORT))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    base_path: Annotated[str, typer.Option("--base-path", help="Path below which a proxy shows it.")] = "",
    no_worker: Annotated[bool, typer.Option("--no-worker", help="Start no worker; others run the jobs.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Serve the dashboard, with a worker for its jobs, until Ctrl-C."""
    from dashboard.serving import serve

    serve(host=host, port=port, base_path=base_path, worker=not no_worker, browser=not no_browser)


@app.command()
def worker(
    burst: Annotated[bool, typer.Option("--burst", help="End when no job is queued.")] = False,
) -> None:
    """Run queued jobs one after the other, until Ctrl-C."""
    from dashboard.jobs_cli import run_worker

    run_worker(burst)


@app.command()
def run(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan in YAML.")],
    report: Annotated[Path | None, typer.Option("--report", "-o", help="Also write a report (.html or .json).")] = None,
    queue: Annotated[bool, typer.Option("--queue", help="Leave it to a worker and return at once.")] = False,
) -> None:
    """Audit as a plan says. An interrupted run is continued by running its plan again."""
    if queue:
        from dashboard.jobs_cli import queue_plan

        if report is not None:
            raise typer.BadParameter("a report is written of a finished run: leave out --report, or --queue")
        queue_plan(plan)
        return
    import audits
    import reports
    from dashboard.terminal import progress_bars, show_run

    if report is not None:
        reports.check(report)
    with progress_bars() as progress:
        finished = audits.run(plan, progress=progress)
    show_run(finished)
    if report is not None:
        _write(finished.id, report, None)


@app.command()
def runs() -> None:
    """List the runs, newest first."""
    from audits.store.home import database_url
    from audits.store.runs import Runs
    from dashboard.terminal import show_entries

    show_entries(Runs(database_url()).entries())


@app.command()
def show(run_id: RunId = "latest") -> None:
    """Show a run's findings."""
    import audits
    from dashboard.terminal import show_run

    show_run(audits.load(run_id))


@app.command()
def report(
    run_id: RunId,
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.")],
    format: Annotated[
        str | None, typer.Option("--format", help="html or json; from the file's ending if left out.")
    ] = None,
) -> None:
    """Write a run as a document."""
    _write(run_id, output, format)


@app.command()
def audits() -> None:
    """List the audits there are, with their options."""
    from audits.catalog import catalog
    from dashboard.terminal import show_catalog

    show_catalog(catalog())


@app.command()
def doctor() -> None:
    """Check the installation and say how to mend what is broken."""
    from dashboard.doctor import checks
    from dashboard.terminal import show_checks

    results = checks()
    show_checks(results)
    if any(check.broken for check in results):
        raise typer.Exit(1)


def _write(run_id: str, output: Path, format: str | None) -> None:
    import audits
    import reports
    from dashboard.terminal import show_written

    reports.write(audits.load(run_id), output, format)
    show_written([output])


def main() -> None:
    """The console script. What the user can mend is one line on standard error and exit code 2."""
    try:
        from dashboard.whole import check_whole

        check_whole()
        app()
    except EvenlightError as problem:
        from dashboard.console import show_error

        show_error(problem)
        sys.exit(2)
    except KeyboardInterrupt:
        # What is measured is stored; the shell's convention for "interrupted".
        sys.exit(130)


if __name__ == "__main__":
    main()

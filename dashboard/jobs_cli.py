"""Jobs on the command line: `evenlight run PLAN --queue`, `evenlight worker`, `evenlight jobs ...`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.console import console, inert
from probes.speech import Sentence, say

if TYPE_CHECKING:
    from audits.jobs import Jobs

jobs_app = typer.Typer(help="List the jobs, newest first; cancel, retry or read one.", invoke_without_command=True)

JobId = Annotated[str, typer.Argument(metavar="JOB", help="Id of a job, or the beginning of one.")]


@jobs_app.callback()
def jobs(context: typer.Context) -> None:
    """List the jobs, newest first; cancel, retry or read one."""
    if context.invoked_subcommand is None:
        from dashboard.terminal import show_jobs

        opened = _jobs()
        listed = opened.all()
        show_jobs(listed)
        if any(job.open for job in listed):
            _tell_of_workers(opened)


@jobs_app.command()
def cancel(job_id: JobId) -> None:
    """Stop a job, or take it out of the queue. What is measured is kept."""
    _print(say("Job {job} is cancelled; what is measured is kept.", job=_jobs().cancel(job_id).id))


@jobs_app.command()
def retry(job_id: JobId) -> None:
    """Queue a job again that failed, was cancelled or interrupted. Only what is missing is measured."""
    opened = _jobs()
    _print(say("Job {job} is queued again.", job=opened.retry(job_id).id))
    _tell_of_workers(opened)


@jobs_app.command()
def log(job_id: JobId) -> None:
    """Print what a job did, with times in UTC."""
    for line in _jobs().log(job_id).splitlines():
        _print(line)


def queue_plan(path: Path) -> None:
    """Queues a plan and says how to follow it."""
    from audits.plan_file import read_plan

    plan, _, base = read_plan(path)
    opened = _jobs()
    job = opened.submit(plan, base)
    _print(
        say(
            "Job {job} is {state}; follow it with evenlight jobs, or evenlight jobs log {job}.",
            job=job.id,
            state=job.state.value,
        )
    )
    _tell_of_workers(opened)


def run_worker(burst: bool) -> None:
    """Works in this process; what it does is told on standard error."""
    import logging

    from audits.jobs.worker import work

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S")
    logging.getLogger("audits.jobs").setLevel(logging.INFO)
    work(burst=burst)


def _jobs() -> Jobs:
    from audits.jobs import Jobs
    from audits.store.home import database_url

    return Jobs(database_url())


def _tell_of_workers(opened: Jobs) -> None:
    if not opened.workers():
        _print(say("No worker is running: start one with evenlight worker."))


def _print(line: Sentence | str) -> None:
    console().print(inert(line), soft_wrap=True)

"""Audits that were asked for and have no run yet: how far they are, what stopped them, and what can be done."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from audits.jobs import Job, Jobs, JobState
from audits.plan import Plan
from audits.store.home import database_url
from audits.store.runs import RunEntry, State
from dashboard import access, address, shelf, stage
from probes.errors import EvenlightError
from probes.speech import Duration, Number, say

EVERY: Final = 2.0
"""Seconds after which the list is looked at again while something is at work."""

MOST_LINES: Final = 12
"""Lines of a job's log that are shown."""


RECENT: Final = timedelta(days=3)
"""So long a job that failed or was cancelled is offered to be resumed."""


def jobs() -> list[Job]:
    """All jobs, newest first."""
    return Jobs(database_url()).all()


def apart(entries: Sequence[RunEntry], listed: Sequence[Job]) -> list[RunEntry]:
    """The runs without the unfinished ones that a job tells about already."""
    return [entry for entry in entries if entry.state is State.FINISHED or not any(_of(entry, job) for job in listed)]


def unfinished(listed: Sequence[Job], now: datetime) -> list[Job]:
    """Open jobs, and those of the last days that ended without a run and that nobody asked for again since.

    Those at work come first.
    """
    shown: list[Job] = []
    newer: list[tuple[Plan, str | None]] = []
    for job in listed:
        asked = (job.plan, job.base)
        recent = job.ended is not None and now - job.ended < RECENT
        if job.open or (job.state is not JobState.FINISHED and recent and asked not in newer):
            shown.append(job)
        newer.append(asked)
    return sorted(shown, key=lambda job: not job.running)


def show(sought: str) -> None:
    """The jobs of a name that are not finished; looks again by itself while one of them is at work."""
    moving = _moving()
    # What is at work now decides whether the list is looked at again, so that an idle page is left alone.
    st.fragment(_list, run_every=EVERY if moving else None)(sought, moving)


def matches(name: str, sought: str) -> bool:
    """Whether a name holds what is looked for, whatever its case."""
    return sought.casefold() in name.casefold()


def _list(sought: str, before: frozenset[tuple[str, str]]) -> None:
    if _moving() != before:
        st.rerun()
    listed = [job for job in unfinished(jobs(), datetime.now(UTC)) if matches(job.name, sought)]
    problem = st.session_state.pop("job-problem", None)
    opened = address.asked("job")
    html = stage.filled(
        "at_work.html",
        jobs=listed,
        idle=any(job.open for job in listed) and not Jobs(database_url()).workers(),
        opened=opened,
        log=_log(opened) if any(job.id == opened for job in listed) else "",
        problem=problem,
        may=access.may_start(),
        measured=lambda what: re.sub(r"(?<=[a-z])[A-Z]", lambda found: f" {found[0].lower()}", what),
        number=lambda rate: Number(value=rate, digits=2),
        duration=lambda seconds: Duration(seconds=seconds),
    )
    stage.show(html, key="at-work", on_act=_act)


def _moving() -> frozenset[tuple[str, str]]:
    """Whatever may change by itself: open jobs, and runs that somebody makes from the command line."""
    open_jobs = [(job.id, "job") for job in jobs() if job.open]
    runs = [(entry.id, "run") for entry in shelf.entries() if entry.state is State.RUNNING]
    return frozenset([*open_jobs, *runs])


def _of(entry: RunEntry, job: Job) -> bool:
    """Whether a run that did not finish is an attempt of the job."""
    same = (entry.name, entry.subject, entry.source) == (job.plan.name, job.plan.subject, job.plan.data.source)
    return same and entry.started >= job.created and (job.ended is None or entry.started <= job.ended)


def _log(job_id: str) -> str:
    return Jobs(database_url()).log(job_id, MOST_LINES)


def _act(act: stage.Act) -> None:
    if act["act"] == "log":
        address.move({"job": None if address.asked("job") == act["value"] else act["value"]})
        return
    listed = Jobs(database_url())
    deeds: dict[str, Callable[[str], object]] = {"cancel": listed.cancel, "resume": listed.retry}
    deed = deeds.get(act["act"])
    if deed is None:
        return
    if not access.may_start():
        st.session_state["job-problem"] = say("You may look at audits here, and not start or stop any.")
        return
    try:
        deed(act["value"])
    except EvenlightError as problem:
        # A click may come too late: the job went on while the page was read.
        st.session_state["job-problem"] = problem.sentence

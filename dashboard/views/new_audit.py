"""An audit is put together: model, rows, meaning of the columns, questions; then the plan is shown and queued."""

from __future__ import annotations

from audits.store.home import database_url
from audits.store.runs import Runs
from dashboard import access, address, shelf, stage
from dashboard.new_audit import columns, questions, rows, start, subject, words
from dashboard.new_audit.draft import Draft, begin, draft, of_run
from dashboard.new_audit.telling import heading
from dashboard.shell import empty
from probes.speech import say


def render() -> None:
    """The draft, section by section; what is not chosen yet leaves the sections below it out."""
    if not access.may_start():
        empty(
            say("You may look at runs here, and not start any."),
            say("Whoever runs this dashboard can list you among its auditors."),
            {"./": say("See all runs")},
        )
        return
    run = address.asked("run")
    if run and draft().of != run:
        finished = shelf.run(run)
        begin(of_run(finished, Runs(database_url()).base(finished.id), run))
    stage.show(stage.filled("new_audit.html", run=shelf.run(run) if run else None), key="new-head", on_act=_act)
    heading(say("1. Model"), "model")
    model = subject.choose(draft())
    heading(say("2. Rows"), "rows")
    seen = rows.choose(draft())
    heading(say("3. Columns"), "columns", None if seen else say("Their meaning is asked once there are rows."))
    understood = seen is not None and columns.choose(draft(), seen, model)
    if seen is not None:
        words.choose(draft())
    heading(say("4. Questions"), "questions")
    questions.choose(draft(), model)
    heading(say("5. Start"), "start")
    start.offer(draft(), model if understood else None)


def _act(act: stage.Act) -> None:
    if act["act"] == "anew":
        begin(Draft())
        address.move({"run": None})

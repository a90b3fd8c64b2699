"""The demo: two moderation models fine-tuned on real comments, audited on the held-out part."""

from __future__ import annotations

from pathlib import Path

import audits
import reports
from audits.demo.datasets import demo_plan
from audits.plan import AuditChoice, Plan
from audits.runs import Run
from audits.store.home import home
from dashboard.terminal import progress_bars, show_run, show_written
from probes.errors import StoreFailed

TITLES = {
    "moderation": "Moderation model, plain",
    "moderation-masked": "Moderation model, identity words masked",
}
"""Demo model -> what its run is called."""

AUDITS = ("bias.group-rates", "explain.attribution", "attention.heads", "data.profile")


def demo_plans() -> list[Plan]:
    """One plan for each demo model, over the held-out part of RedditBias."""
    data, words = demo_plan("redditbias")
    return [
        Plan(
            name=title,
            subject=f"demo:{model}",
            data=data,
            words=words,
            audits=tuple(AuditChoice(name=name) for name in AUDITS),
        )
        for model, title in TITLES.items()
    ]


def run_demo(output: Path) -> list[Run]:
    """Trains what is not trained yet, audits, prints the verdicts and writes HTML and JSON reports."""
    from audits.demo.moderation import moderation_model
    from audits.demo.subjects import MODELS

    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StoreFailed(
            "the folder {path} cannot be made ({problem}); name another with --output",
            path=str(output),
            problem=problem.strerror or type(problem).__name__,
        ) from problem
    finished: list[Run] = []
    written: list[Path] = []
    for plan in demo_plans():
        model = plan.subject.removeprefix("demo:")
        with progress_bars() as progress:
            moderation_model(home(), MODELS[model], progress)
            run = audits.run(plan, progress=progress)
        show_run(run)
        for suffix in ("html", "json"):
            path = output / f"{model}.{suffix}"
            reports.write(run, path)
            written.append(path)
        finished.append(run)
    show_written(written)
    return finished

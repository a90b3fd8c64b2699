"""The demos: moderation models on real comments, an income model on census data; audited on held-out rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import audits
import reports
from audits.demo.datasets import demo_plan
from audits.plan import AuditChoice, Plan
from audits.runs import Run
from dashboard.terminal import progress_bars, show_run, show_written
from probes.errors import BadPlan, StoreFailed
from probes.nearest import nearest

TITLES = {
    "moderation": "Moderation model, plain",
    "moderation-masked": "Moderation model, identity words masked",
    "credit": "Income model on census data",
}
"""Demo model -> what its run is called."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Models that are audited side by side, on which data, by which audits."""

    data: str
    models: tuple[str, ...]
    audits: tuple[str, ...]


SCORES = ("bias.calibration", "bias.score-auc", "bias.threshold-sweep", "bias.gap-parts", "bias.worst-slices")
"""Questions about scores and about where a model errs, which every demo asks."""

DEMOS = {
    "moderation": Demo(
        "redditbias",
        ("moderation", "moderation-masked"),
        (
            "bias.group-rates",
            *SCORES,
            "bias.counterfactual-flip",
            "explain.attribution",
            "attention.heads",
            "data.profile",
        ),
    ),
    "credit": Demo(
        "adult",
        ("credit",),
        (
            "bias.group-rates",
            "bias.intersections",
            *SCORES,
            "bias.closing-thresholds",
            "explain.attribution",
            "data.profile",
        ),
    ),
}
"""The demos, by the name that `evenlight demo NAME` takes."""


def demo_plans(name: str = "moderation") -> list[Plan]:
    """One plan for each model of a demo, over the held-out part of its data. Raises BadPlan for an unknown name."""
    if name not in DEMOS:
        raise BadPlan(
            "there is no demo {name}; there is {near}", name=name, near=nearest(name, DEMOS) or ", ".join(DEMOS)
        )
    chosen = DEMOS[name]
    data, words = demo_plan(chosen.data)
    return [
        Plan(
            name=TITLES[model],
            subject=f"demo:{model}",
            data=data,
            words=words,
            audits=tuple(AuditChoice(name=audit) for audit in chosen.audits),
        )
        for model in chosen.models
    ]


def run_demo(output: Path, name: str = "moderation") -> list[Run]:
    """Trains what is not trained yet, audits, prints the verdicts and writes HTML and JSON reports."""
    from audits.demo.subjects import demo_model

    plans = demo_plans(name)
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
    for plan in plans:
        model = plan.subject.removeprefix("demo:")
        with progress_bars() as progress:
            demo_model(model, progress)
            run = audits.run(plan, progress=progress)
        show_run(run)
        for suffix in ("html", "json"):
            path = output / f"{model}.{suffix}"
            reports.write(run, path)
            written.append(path)
        finished.append(run)
    show_written(written)
    return finished

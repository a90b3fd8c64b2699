"""Runs a plan: opens, measures, judges, closes the families of tests and keeps the run."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audits.audit import Audit, Pending
from audits.data import Population
from audits.engine.bench import Bench
from audits.engine.environment import EnergyMeter, platform_name, versions
from audits.engine.pairing import open_pair
from audits.engine.progress import Progress, silent
from audits.findings import Finding, Method, Verdict
from audits.manifest import Manifest, SubjectCard
from audits.plan import Plan
from audits.plan_file import read_plan
from audits.runs import Run
from audits.statistics.families import close
from audits.store.home import database_url, store_url
from audits.store.measurements import Measurements
from audits.store.runs import Runs
from probes.errors import BadData, BadPlan, BadSubject, EvenlightError, NotApplicable, StoreFailed
from probes.speech import Sentence, say
from probes.subjects.capabilities import Classifies, Subject

log = logging.getLogger(__name__)


def run(plan: Plan | Mapping[str, Any] | str | Path, *, progress: Progress = silent, base: Path | None = None) -> Run:
    """Audits as the plan says and keeps the run. What is measured is kept row by row, whatever happens.

    A plan that was interrupted is started again by running it again: only what is missing is measured. Its
    relative paths start from `base`; from the plan's own folder, where it is a file and nothing else is said.
    Raises BadPlan, BadData, BadSubject or StoreFailed in one line; an audit that cannot be made, or that
    breaks, is a finding.
    """
    checked, questions, beside = read_plan(plan)
    base = beside if base is None else base
    started, clock, energy = datetime.now(UTC), time.monotonic(), EnergyMeter.begin()
    runs = Runs(database_url())
    subject, data = open_pair(checked, base)
    bench = Bench(subject, Measurements(store_url()), progress, checked.seed, base=base)
    run_id = f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    runs.start(run_id, checked, started, base or Path())
    with _noted(runs, run_id):
        drafts = [draft for question in questions for draft in _ask(question, bench, data)]
        finished = Run(
            id=run_id,
            plan=checked,
            manifest=_manifest(checked, subject, data, bench, started, time.monotonic() - clock, energy),
            findings=_numbered(close(drafts)),
        )
    runs.finish(finished)
    return finished


def load(run_id: str = "latest") -> Run:
    """A finished run by its id, by the beginning of it, or the latest. Raises StoreFailed where there is none."""
    return Runs(database_url()).load(run_id)


@contextmanager
def _noted(runs: Runs, run_id: str) -> Iterator[None]:
    """However the work ends, the list of runs does not say that it still goes on."""
    try:
        yield
    except BaseException as problem:
        try:
            if isinstance(problem, KeyboardInterrupt | SystemExit):
                runs.interrupt(run_id)
            elif isinstance(problem, EvenlightError):
                runs.fail(run_id, str(problem))
            else:
                runs.fail(run_id, f"{type(problem).__name__}: {problem}")
        except StoreFailed as deaf:
            # A full disk takes no note either; what is told is why the run ended.
            log.warning("the end of run %s could not be noted: %s", run_id, deaf)
        raise


def _ask(question: Audit, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
    """What an audit yields; "could not check" and "broke" are findings, and the audits after it still run."""
    for capability in question.needs:
        if not isinstance(bench.subject, capability):
            reason = say(
                "{subject} cannot be asked this: the audit needs a model that {capability}.",
                subject=bench.subject.uri,
                capability=capability.__name__.lower(),
            )
            yield _unanswered(question, Verdict.NOT_APPLICABLE, reason)
            return
    try:
        yield from question.run(bench, data)
    except NotApplicable as reason:
        yield _unanswered(question, Verdict.NOT_APPLICABLE, reason.sentence)
    except (BadPlan, BadData, BadSubject, StoreFailed):
        raise
    except EvenlightError as problem:
        yield _unanswered(question, Verdict.ERROR, problem.sentence)
    except Exception as problem:
        log.exception("audit %s broke", question.name)
        broken = say("The audit broke: {kind}: {problem}", kind=type(problem).__name__, problem=str(problem)[:300])
        yield _unanswered(question, Verdict.ERROR, broken)


def _unanswered(question: Audit, verdict: Verdict, reason: Sentence) -> Finding:
    return Finding(
        audit=question.name,
        name=question.name.partition(".")[2],
        verdict=verdict,
        summary=reason,
        method=Method(text=say("Nothing was measured.")),
        settings=question.settings(),
    )


def _numbered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Names made unique, so that a name addresses one finding: the second of a name ends in .2."""
    taken = {finding.name for finding in findings}
    unique: dict[str, Finding] = {}
    for finding in findings:
        name, number = finding.name, 1
        while name in unique or (number > 1 and name in taken):
            number += 1
            name = f"{finding.name}.{number}"
        unique[name] = finding if number == 1 else finding.model_copy(update={"name": name})
    return tuple(unique.values())


def _manifest(
    plan: Plan,
    subject: Subject,
    data: Population,
    bench: Bench,
    started: datetime,
    seconds: float,
    energy: EnergyMeter,
) -> Manifest:
    told = subject.describe()
    joules = energy.joules()
    return Manifest(
        subject=SubjectCard(
            uri=plan.subject,
            name=told.name,
            fingerprint=subject.fingerprint,
            architecture=told.architecture,
            parameters=told.parameters,
            labels=subject.labels if isinstance(subject, Classifies) else (),
            device=told.device,
            dtype=told.dtype,
            attention=told.attention,
            trusted=plan.trust,
        ),
        data=data.card,
        seed=plan.seed,
        started=started,
        wall_seconds=seconds,
        energy_joules=joules,
        energy_reason=None if joules is not None else say("this machine shows no energy counters"),
        versions=versions(),
        platform=platform_name(),
        work=bench.work,
    )

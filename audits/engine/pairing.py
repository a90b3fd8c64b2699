"""The subject and the rows of a plan, opened and brought to one set of class names."""

from __future__ import annotations

from pathlib import Path

from audits.data import Population, open_population
from audits.engine.decisions import labels_from
from audits.plan import Plan
from audits.store.home import home
from probes.errors import BadPlan
from probes.subjects import open_subject
from probes.subjects.capabilities import Answers, Classifies, Recorded, Subject, Tabular

TEXTS = 2
"""So many columns a model of texts can read: a pair."""


def open_pair(plan: Plan, base: Path | None) -> tuple[Subject, Population]:
    """What is audited and on which rows. Raises BadData or BadSubject."""
    subject = None
    if plan.subject.partition(":")[0] == "table":
        # It costs nothing to open and tells which column to count along with the plan's.
        subject = open_subject(plan.subject, plan.trust)
    beside = (subject.prediction,) if isinstance(subject, Recorded) and subject.prediction is not None else ()
    data = open_population(plan, base=base, home=home(), beside=beside)
    return matched(subject or open_subject(rooted(plan.subject, base), plan.trust), data)


def matched(subject: Subject, data: Population) -> tuple[Subject, Population]:
    """Subject and data with one set of class names and columns between them."""
    if isinstance(subject, Recorded):
        subject = subject.with_labels(labels_from(subject, data))
    if isinstance(subject, Tabular):
        from audits.data.features import with_features

        subject, data = with_features(subject, data)
    elif isinstance(subject, Answers) and len(data.plan.input) > TEXTS:
        raise BadPlan(
            "data.input in the plan lists {n} columns, and {subject} reads a text or a pair of texts; list one or two",
            n=len(data.plan.input),
            subject=subject.uri,
        )
    if isinstance(subject, Classifies):
        data = data.with_classes(subject.labels)
    return subject, data


def rooted(uri: str, base: Path | None) -> str:
    """A relative checkpoint or model file beside the plan, where there is one; as it stands otherwise."""
    scheme, _, rest = uri.partition(":")
    target, mark, options = rest.partition("?")
    there = {"hf": Path.is_dir, "sklearn": Path.is_file}.get(scheme)
    if there is None or base is None or not target or not there(base / target):
        return uri
    return f"{scheme}:{base / target}{mark}{options}"

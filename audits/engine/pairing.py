"""The subject and the rows of a plan, opened and brought to one set of class names."""

from __future__ import annotations

from pathlib import Path

from audits.data import Population, open_population
from audits.engine.decisions import labels_from
from audits.plan import Plan
from audits.store.home import home
from probes.subjects import open_subject
from probes.subjects.capabilities import Classifies, Recorded, Subject


def open_pair(plan: Plan, base: Path | None) -> tuple[Subject, Population]:
    """What is audited and on which rows. Raises BadData or BadSubject."""
    data = open_population(plan, base=base, home=home())
    return matched(open_subject(rooted(plan.subject, base), plan.trust), data)


def matched(subject: Subject, data: Population) -> tuple[Subject, Population]:
    """Subject and data with one set of class names between them."""
    if isinstance(subject, Recorded):
        subject = subject.with_labels(labels_from(subject, data))
    if isinstance(subject, Classifies):
        data = data.with_classes(subject.labels)
    return subject, data


def rooted(uri: str, base: Path | None) -> str:
    """A relative checkpoint folder beside the plan, where there is one; as it stands otherwise."""
    scheme, _, rest = uri.partition(":")
    target, mark, options = rest.partition("?")
    if scheme != "hf" or base is None or not target or not (base / target).is_dir():
        return uri
    return f"hf:{base / target}{mark}{options}"

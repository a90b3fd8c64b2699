"""The demo's models as subjects: demo:moderation, demo:moderation-masked and demo:credit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audits.engine.progress import Progress, silent
from audits.store.home import home
from probes.errors import BadSubject
from probes.nearest import nearest
from probes.subjects.uri import SubjectURI

if TYPE_CHECKING:
    from probes.subjects.capabilities import Subject

MODELS = {"moderation": "hf", "moderation-masked": "hf", "credit": "sklearn"}
"""Name -> the scheme that opens it once it is trained."""


def demo_model(name: str, progress: Progress = silent) -> Path:
    """Where a demo model lies, trained first where it is not there yet."""
    if name == "credit":
        from audits.demo.credit import credit_model

        return credit_model(home())
    from audits.demo.moderation import moderation_model

    return moderation_model(home(), name == "moderation-masked", progress)


def open_subject(uri: SubjectURI, trust: bool) -> Subject:
    """Opens a demo: URI as the checkpoint or file that it is."""
    if uri.target not in MODELS:
        near = nearest(uri.target, MODELS) or ", ".join(MODELS)
        raise BadSubject("there is no demo model {name}; there is {near}", name=uri.target, near=near)
    scheme = MODELS[uri.target]
    there = SubjectURI(text=uri.text, scheme=scheme, target=str(demo_model(uri.target)), options=uri.options)
    if scheme == "sklearn":
        from probes.subjects.sklearn_pipeline import open_sklearn

        return open_sklearn(there, trust)
    from probes.subjects.hf_classifier import open_hf

    return open_hf(there, trust)

"""The demo's models as subjects: demo:moderation and demo:moderation-masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audits.store.home import home
from probes.errors import BadSubject
from probes.nearest import nearest
from probes.subjects.hf_classifier import open_hf
from probes.subjects.uri import SubjectURI

if TYPE_CHECKING:
    from probes.subjects.capabilities import Subject

MODELS = {"moderation": False, "moderation-masked": True}
"""Name -> whether identity words are masked."""


def open_subject(uri: SubjectURI, trust: bool) -> Subject:
    """Opens a demo: URI as the hf: checkpoint that it is; the model is trained where it is not there yet."""
    if uri.target not in MODELS:
        near = nearest(uri.target, MODELS) or ", ".join(MODELS)
        raise BadSubject("there is no demo model {name}; there is {near}", name=uri.target, near=near)
    from audits.demo.moderation import moderation_model

    folder = moderation_model(home(), MODELS[uri.target])
    return open_hf(SubjectURI(text=uri.text, scheme="hf", target=str(folder), options=uri.options), trust)

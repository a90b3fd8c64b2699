"""The demo's models as subjects: demo:moderation and demo:moderation-masked."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from audits.store.home import home
from probes.errors import BadSubject
from probes.subjects.hf_classifier import open_hf
from probes.subjects.uri import SubjectURI

if TYPE_CHECKING:
    from probes.subjects.capabilities import Subject

MODELS = {"moderation": False, "moderation-masked": True}
"""Name -> whether identity words are masked."""


def open_subject(uri: SubjectURI, trust: bool) -> Subject:
    """Opens a demo: URI as the hf: checkpoint that it is; the model is trained where it is not there yet."""
    if uri.target not in MODELS:
        near = get_close_matches(uri.target, MODELS, n=1) or [", ".join(MODELS)]
        raise BadSubject("there is no demo model {name}; there is {near}", name=uri.target, near=near[0])
    from audits.demo.moderation import moderation_model

    folder = moderation_model(home(), MODELS[uri.target])
    return open_hf(SubjectURI(text=uri.text, scheme="hf", target=str(folder), options=uri.options), trust)

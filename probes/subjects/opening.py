"""Opens a subject from its URI, wherever the process runs."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points

from probes.errors import BadSubject
from probes.nearest import nearest
from probes.subjects.capabilities import Subject
from probes.subjects.uri import SubjectURI

Opener = Callable[[SubjectURI, bool], Subject]
"""Opens a parsed URI; the flag says whether code in checkpoints is trusted."""

ENTRY_POINTS = "evenlight.subjects"
"""The group under which installed packages name an opener for a scheme of theirs."""

BUILT_IN = {
    "hf": "probes.subjects.hf_classifier:open_hf",
    "sklearn": "probes.subjects.sklearn_pipeline:open_sklearn",
    "table": "probes.subjects.table:open_table",
    "scripted": "probes.subjects.scripted:open_scripted",
}


def open_subject(uri: str, trust: bool = False) -> Subject:
    """The subject behind a URI. Raises BadSubject for an unknown scheme, with the nearest known one."""
    parsed = SubjectURI.parse(uri)
    return _opener(parsed)(parsed, trust)


def _opener(uri: SubjectURI) -> Opener:
    if uri.scheme in BUILT_IN:
        module, name = BUILT_IN[uri.scheme].split(":")
        opener: Opener = getattr(import_module(module), name)
        return opener
    points = {point.name: point for point in entry_points(group=ENTRY_POINTS)}
    if uri.scheme in points:
        try:
            loaded: Opener = points[uri.scheme].load()
        except Exception as problem:
            # A plug-in's module runs when it is imported, and may raise anything.
            raise BadSubject(
                "the plug-in that opens {scheme}: cannot be loaded ({problem}); mend it or uninstall it",
                scheme=uri.scheme,
                problem=" ".join(f"{type(problem).__name__}: {problem}".split())[:160],
            ) from problem
        return loaded
    schemes = [*BUILT_IN, *points]
    near = nearest(uri.scheme, schemes) or ", ".join(schemes)
    raise BadSubject("nothing opens subjects of the kind {scheme}:; there is {near}", scheme=uri.scheme, near=near)

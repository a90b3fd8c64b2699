"""Which model is audited: its address or name, and what was found there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import streamlit as st

from audits.store.subjects import registered
from dashboard import shelf, stage
from dashboard.fields import seed
from dashboard.new_audit.draft import Draft, fill, write
from dashboard.new_audit.telling import told
from probes.errors import EvenlightError, NotApplicable
from probes.speech import Count, Names, Number, Phrase, Sentence, say
from probes.subjects.capabilities import Answers, Attends, Classifies, Differentiates, Recorded, Subject, Tabular

CAN: Final[dict[type, Sentence]] = {
    Classifies: say("assigns classes"),
    Answers: say("can be asked new questions"),
    Tabular: say("reads columns of a table"),
    Differentiates: say("gives gradients"),
    Attends: say("shows its attention"),
    Recorded: say("has its decisions in the data"),
}
"""Capabilities as people would say them."""

EARLIER: Final = 6
"""So many models of earlier runs are offered."""


@dataclass(frozen=True, slots=True)
class Found:
    """A model as far as its files tell."""

    told: Sentence
    labels: tuple[str, ...]
    features: tuple[str, ...]
    recorded: tuple[str, ...]
    """Columns in which its decisions stand."""
    can: tuple[Sentence, ...]
    cannot: tuple[Sentence, ...]
    """Reasons, such as attention that was not kept."""
    lacks: dict[str, Sentence]
    """Audit -> what it needs and this model has not."""
    reads: bool
    """Whether it is asked about inputs, rather than read from columns."""
    tabular: bool
    here: bool = True
    """Whether it need not be trained first."""


def choose(kept: Draft) -> Found | None:
    """The section: a box for the address, names that are known, and one sentence on what is there."""
    typed = st.text_input(
        str(say("Address, folder or name")),
        key=seed(kept.key("subject"), kept.subject),
        placeholder="hf:FOLDER-OR-NAME",
        help=str(
            say(
                "hf: and a folder or a name on the hub for a text classifier, sklearn: and a file for a model of "
                "tables, table: for decisions that stand in the data; or a folder on this machine, or a name below."
            )
        ),
    )
    uri = resolved((typed or "").strip(), kept.folder)
    if uri != kept.subject:
        # Trust was given to another model.
        kept = write(subject=uri, trust=False)
    stage.show(stage.filled("known.html", known=_known(), chosen=uri, act="subject"), key="known-subjects", on_act=_act)
    if not uri:
        return None
    found = looked(uri, kept.trust, kept.folder)
    if isinstance(found, Sentence):
        told(found, "subject")
        return None
    stage.show(stage.filled("found_subject.html", found=found), key="found-subject")
    return found


def resolved(typed: str, base: Path) -> str:
    """The URI that was meant: a registered name, a folder on this machine, or what was typed."""
    known = registered()
    if typed in known:
        return known[typed]
    scheme, colon, _ = typed.partition(":")
    if not typed or (colon and scheme.isidentifier()):
        return typed
    folder = base / Path(typed).expanduser()
    try:
        return f"hf:{typed}" if folder.is_dir() else typed
    except OSError:  # a name too long for the system
        return typed


@st.cache_data(ttl=60, max_entries=32, show_spinner=str(say("Opening the model")))
def looked(uri: str, trust: bool, base: Path) -> Found | Sentence:
    """What is there, from its files alone; or why it cannot be opened."""
    from audits.engine.pairing import rooted
    from probes.subjects import open_subject

    try:
        if (untrained := _untrained(uri)) is not None:
            return untrained
        return _found(open_subject(rooted(uri, base), trust))
    except EvenlightError as problem:
        return problem.sentence


def _found(subject: Subject) -> Found:
    about = subject.describe()
    labels = subject.labels if isinstance(subject, Classifies) else ()
    recorded = isinstance(subject, Recorded)
    cannot: tuple[Sentence, ...] = ()
    if isinstance(subject, Attends):
        try:
            subject.check_attention()
        except NotApplicable as reason:
            cannot = (reason.sentence,)
    return Found(
        told=_sentence(about.name, about.architecture, about.parameters, labels),
        labels=labels,
        features=subject.features if isinstance(subject, Tabular) else (),
        recorded=tuple(filter(None, (subject.prediction, subject.score))) if isinstance(subject, Recorded) else (),
        can=tuple(
            words for can, words in CAN.items() if isinstance(subject, can) and not (recorded and can is Classifies)
        ),
        cannot=cannot,
        lacks=_lacks(subject, cannot),
        reads=isinstance(subject, Answers),
        tabular=isinstance(subject, Tabular),
    )


def _sentence(name: str, architecture: str | None, weights: int | None, labels: tuple[str, ...]) -> Sentence:
    if architecture and labels and not weights:
        return say(
            "{name}: {architecture}, tells apart {labels}.",
            name=name,
            architecture=architecture,
            labels=Names(texts=labels, most=8),
        )
    if architecture and labels and weights:
        return say(
            "{name}: {architecture}, {n} weights, tells apart {labels}.",
            name=name,
            architecture=architecture,
            n=Number(value=weights / 1e6, digits=3, unit="million") if weights >= 1e6 else Count(value=weights),
            labels=Names(texts=labels, most=8),
        )
    if labels:
        return say("{name}: tells apart {labels}.", name=name, labels=Names(texts=labels, most=8))
    return say("Decisions in the column {name}; its classes are read from the data.", name=name)


def _lacks(subject: Subject, blind: tuple[Sentence, ...]) -> dict[str, Sentence]:
    """Audit -> why this model cannot answer it; `blind` says why its attention cannot be read."""
    from audits.catalog import catalog

    missing: dict[str, Sentence] = {}
    for name, audit in catalog().items():
        if Attends in audit.needs and blind:
            missing[name] = blind[0]
        for need in audit.needs:
            if not isinstance(subject, need):
                words = CAN.get(need)
                does = Phrase(text=words.template) if words is not None else Phrase(text=need.__name__.lower())
                missing[name] = say("Needs a model that {does}.", does=does)
                break
    return missing


def _untrained(uri: str) -> Found | None:
    """A demo model that is not there yet is told without training it: that takes minutes."""
    from audits.demo.moderation import CLASSES, Recipe
    from audits.store.home import home

    masked = {"demo:moderation": False, "demo:moderation-masked": True}.get(uri)
    if masked is None or (home() / "demo" / "models" / Recipe(masked).name / "config.json").is_file():
        return None
    return Found(
        told=say(
            "A demo model that tells apart {labels}; it is trained when the audit starts.", labels=Names(texts=CLASSES)
        ),
        labels=CLASSES,
        features=(),
        recorded=(),
        can=tuple(CAN[can] for can in (Classifies, Answers, Differentiates, Attends)),
        cannot=(),
        lacks={},
        reads=True,
        tabular=False,
        here=False,
    )


def _known() -> list[tuple[str, str]]:
    """What the chips say and stand for: registered names, the demo's models, models of earlier runs."""
    from audits.demo.subjects import MODELS

    offered = {uri: name for name, uri in registered().items()}
    for model in MODELS:
        offered.setdefault(f"demo:{model}", f"demo:{model}")
    earlier = [uri for uri in dict.fromkeys(entry.subject for entry in shelf.entries()) if uri not in offered]
    return [(name, uri) for uri, name in offered.items()] + [(uri, uri) for uri in earlier[:EARLIER]]


def _act(act: stage.Act) -> None:
    if act["act"] == "subject":
        fill(subject=act["value"], trust=False)

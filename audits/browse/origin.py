"""Where a text that is looked at comes from: typed in, or a row of the data."""

from __future__ import annotations

from dataclasses import dataclass, field

from audits.data.columns import MISSING
from audits.plan import Words
from probes.speech import Sentence, reader, say


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a text beside its words."""

    key: str
    chosen: Sentence
    actual: str | None = None
    groups: dict[str, str] = field(default_factory=dict)
    """Protected attribute -> the group's name for readers."""


TYPED = Origin(key="", chosen=say("Typed in here."))


def group_name(words: Words, value: str) -> str:
    """What the reader is told a group is called: the plan's word, or the value as it stands in the data."""
    if value == MISSING:
        return words.groups.get(value) or reader().gettext("not recorded")
    return words.groups.get(value, value)

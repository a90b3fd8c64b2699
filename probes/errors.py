"""What can go wrong, as a tree; every error is one sentence: what was found, what was wanted, the next move.

EvenlightError
├── BadPlan          the plan does not say what can be done
├── BadData          the data is not what the plan says
├── BadSubject       the model cannot be opened, or must not be
├── StoreFailed      the disk or the database did not take it
├── AssetMissing     a file that the demo needs is not here and could not be fetched
├── SetupBroken      the installation is not whole
├── NotApplicable    this subject or data cannot answer the question (becomes a finding)
└── OutOfMemory      the batch did not fit (the bench halves it)
"""

from __future__ import annotations

from probes.speech import Quantity, Sentence, say


class EvenlightError(Exception):
    """An error with a sentence for people; shown in one line, without a traceback."""

    def __init__(self, template: str, **values: Quantity | str | int) -> None:
        self.sentence: Sentence = say(template, **values)
        super().__init__(template)

    def __str__(self) -> str:
        return str(self.sentence)


class BadPlan(EvenlightError):
    """The plan is misspelt, contradictory or names something that does not exist."""


class BadData(EvenlightError):
    """A source, column or value is not what the plan says."""


class BadSubject(EvenlightError):
    """The model cannot be opened, or opening it was refused."""


class StoreFailed(EvenlightError):
    """A disk, bucket or database did not take what was measured."""


class AssetMissing(EvenlightError):
    """A file that the demo needs is not here and could not be fetched."""


class SetupBroken(EvenlightError):
    """The installation is not whole: a package is shadowed or missing."""


class NotApplicable(EvenlightError):
    """The question cannot be asked of this subject or data; the engine turns it into a finding."""


class OutOfMemory(EvenlightError):
    """A batch of requests did not fit into the device's memory."""

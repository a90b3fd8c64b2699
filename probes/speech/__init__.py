"""How Evenlight speaks: sentences of ours with typed values, in the reader's language."""

from probes.speech.language import Language, reader, speaking
from probes.speech.quantities import (
    Count,
    Duration,
    Interval,
    Name,
    Names,
    Number,
    Phrase,
    Points,
    Probability,
    Quantity,
    Range,
    Share,
    Times,
)
from probes.speech.sentence import Sentence, say, say_counted

__all__ = [
    "Count",
    "Duration",
    "Interval",
    "Language",
    "Name",
    "Names",
    "Number",
    "Phrase",
    "Points",
    "Probability",
    "Quantity",
    "Range",
    "Sentence",
    "Share",
    "Times",
    "reader",
    "say",
    "say_counted",
    "speaking",
]

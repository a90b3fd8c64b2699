"""A finding: a verdict, one sentence with the number in it, and the evidence."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from audits.evidence import Evidence
from probes.record import Record
from probes.speech import Sentence


class Verdict(StrEnum):
    """What an audit concludes; "could not check" is a result."""

    PASS = "pass"
    CONCERN = "concern"
    FAIL = "fail"
    INSUFFICIENT = "insufficient-evidence"
    NOT_APPLICABLE = "not-applicable"
    ERROR = "error"

    @property
    def checked(self) -> bool:
        """Whether the question was answered at all."""
        return self in (Verdict.PASS, Verdict.CONCERN, Verdict.FAIL)


class Method(Record):
    """How a finding was reached: one paragraph and its sources."""

    text: Sentence
    sources: tuple[str, ...] = ()


class Finding(Record):
    """One answer of one audit."""

    audit: str
    """The audit's name in the catalogue, such as bias.group-rates."""
    name: str
    """Stable within the run, such as group-rates.group.fpr; addresses and comparisons use it."""
    verdict: Verdict
    summary: Sentence
    details: tuple[Sentence, ...] = ()
    """What else the reader must know: what was left out, which groups are not covered."""
    evidence: tuple[Evidence, ...] = ()
    method: Method
    settings: dict[str, Any] = {}
    """The audit's options as they were."""

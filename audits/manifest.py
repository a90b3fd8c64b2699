"""What a run was made of, so that every number can be derived again."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from probes.record import Record
from probes.speech import Sentence


class SubjectCard(Record):
    """The model under audit, as far as it tells."""

    uri: str
    name: str
    fingerprint: str
    """Digest over weights, configuration and tokenizer."""
    architecture: str | None = None
    parameters: int | None = None
    labels: tuple[str, ...] = ()
    device: str | None = None
    dtype: str | None = None
    attention: str | None = None
    trusted: bool = False
    """Whether pickles or remote code were allowed by the plan."""


class DataCard(Record):
    """The data audited."""

    source: str
    digest: str
    """Digest over the audited rows' mapped columns, whatever their order."""
    rows: int = Field(ge=0)
    split: str | None = None


class Work(Record):
    """What the bench did."""

    measured: int = Field(0, ge=0)
    """Row results computed in this run."""
    reused: int = Field(0, ge=0)
    """Row results found in the store."""
    requests: int = Field(0, ge=0)
    """Model rows asked for by probes."""
    executed: int = Field(0, ge=0)
    """Model rows run, after identical ones were dropped."""
    halved: int = Field(0, ge=0)
    """Batches split because they did not fit into memory."""
    set_aside: int = Field(0, ge=0)
    """Damaged packs found and measured again."""


class Manifest(Record):
    """Fingerprints, versions, seeds, numeric policy, time and energy."""

    subject: SubjectCard
    data: DataCard
    seed: int
    started: AwareDatetime
    wall_seconds: float = Field(ge=0)
    energy_joules: float | None = None
    energy_reason: Sentence | None = None
    """Why energy is unknown, where it is."""
    versions: dict[str, str]
    platform: str
    work: Work

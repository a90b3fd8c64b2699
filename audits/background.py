"""The rows whose values stand in for a column that is taken away."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from audits.data.columns import KEY
from probes.errors import BadData
from probes.speech import Sentence, say

if TYPE_CHECKING:
    from audits.data.population import Population

TRAINING: Final = "fit"
"""The split that a model is trained on, where the data has one."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A background, and where it was drawn from."""

    rows: tuple[tuple[str, ...], ...]
    told: Sentence


def background(data: Population, most: int, seed: int) -> Drawn:
    """So many rows drawn by seed and key from the training split where there is one, else from the audited rows."""
    source, part = data, data.plan.split
    if part not in (None, TRAINING):
        try:
            source, part = data.split(TRAINING), TRAINING
        except BadData:
            # The source has no such split, or it holds what the plan does not speak of.
            source = data
    keys = source.frame.select(KEY).collect().to_series().to_list()
    drawn = sorted(sorted(keys, key=lambda key: _rank(seed, key))[:most])
    rows = tuple(row.inputs for row in source.rows(drawn))
    if part == TRAINING:
        told = say("A column that is not known yet takes the values of {n} rows drawn from the split {part}.",
                   n=len(rows), part=part)  # fmt: skip
    else:
        told = say("A column that is not known yet takes the values of {n} of the audited rows, drawn at random.",
                   n=len(rows))  # fmt: skip
    return Drawn(rows, told)


def _rank(seed: int, key: str) -> bytes:
    return blake2b(f"{seed}\nbackground\n{key}".encode(), digest_size=16).digest()

"""What the model answers to both sides of every contrast: measured through the bench, so kept and never asked twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audits.counterfactuals.contrasts import Contrast

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from numpy import ndarray

    from audits.engine.bench import Bench


@dataclass(frozen=True, slots=True)
class Answered:
    """Contrasts with their answers, in the same order."""

    contrasts: tuple[Contrast, ...]
    before: Float[ndarray, "contrast"]
    """The score: the positive class's probability; where none is named, that of the answer before the swap."""
    after: Float[ndarray, "contrast"]
    flipped: Bool[ndarray, "contrast"]
    """The decision changes: positive or not; where no class is named positive, the whole answer."""
    selected_before: Bool[ndarray, "contrast"] | None
    """None where no class is named positive."""
    selected_after: Bool[ndarray, "contrast"] | None
    answers: tuple[tuple[str, str], ...]
    """The classes answered, before and after."""
    truncated: int
    """Contrasts whose text was cut, so that a swapped word may not have been read."""


def ask(bench: Bench, contrasts: Sequence[Contrast], positive: str | None) -> Answered:
    """One forward pass for each distinct text."""
    from audits.data.rows import Row, input_digest
    from audits.engine.decisions import classifier
    from probes.predictions import Predictions, probabilities

    subject = classifier(bench.subject)
    texts = list(dict.fromkeys(side.inputs for one in contrasts for side in (one.before, one.after)))
    place = {inputs: at for at, inputs in enumerate(texts)}
    rows = [Row(str(at), input_digest(inputs), inputs) for at, inputs in enumerate(texts)]
    results = list(bench.measure(Predictions(), rows))
    logits = np.array([result.logits for result in results], dtype=np.float64).reshape(len(rows), len(subject.labels))
    shares = probabilities(logits, subject.multilabel)
    cut = np.array([bool(result.truncated) for result in results], bool)
    before = np.array([place[one.before.inputs] for one in contrasts], np.int64)
    after = np.array([place[one.after.inputs] for one in contrasts], np.int64)
    # One column a class: whether the answer holds it.
    holds = shares >= 0.5 if subject.multilabel else np.eye(shares.shape[1], dtype=bool)[shares.argmax(axis=1)]
    names = [", ".join(label for label, held in zip(subject.labels, row, strict=True) if held) or "–" for row in holds]
    if positive is None:
        column = shares[before].argmax(axis=1) if len(before) else before
        flipped = (holds[before] != holds[after]).any(axis=1)
        selected = None
    else:
        column = np.full(len(before), subject.labels.index(positive))
        selected = holds[:, subject.labels.index(positive)]
        flipped = selected[before] != selected[after]
    return Answered(
        contrasts=tuple(contrasts),
        before=shares[before, column],
        after=shares[after, column],
        flipped=flipped,
        selected_before=None if selected is None else selected[before],
        selected_after=None if selected is None else selected[after],
        answers=tuple((names[one], names[other]) for one, other in zip(before, after, strict=True)),
        truncated=int((cut[before] | cut[after]).sum()),
    )

"""What each metric is: the rows it is about, what counts as the event, its direction, its best value and its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Bool
    from numpy import ndarray

Metric = Literal[
    "selection-rate",
    "accuracy",
    "true-positive-rate",
    "false-positive-rate",
    "true-negative-rate",
    "false-negative-rate",
    "precision",
    "negative-predictive-value",
    "treatment-equality",
]
"""Plain rates: events among those that count, each within its own denominator."""

AnyMetric = Literal[Metric, "f1", "balanced-accuracy"]
"""Those that are made of rates as well."""

_selected, _actual, _correct = (axis.reshape(-1) for axis in np.indices((3, 3, 3)))
_no, _yes, _unknown = 0, 1, 2
_decided, _labelled = _selected != _unknown, _actual != _unknown
_both = _decided & _labelled
_positive, _negative = _both & (_actual == _yes), _both & (_actual == _no)


@dataclass(frozen=True, slots=True)
class Definition:
    """One metric over the outcomes of audits.statistics.counts: events among those that count."""

    event: Bool[ndarray, "outcome"]
    counted: Bool[ndarray, "outcome"]
    direction: str
    """What a higher value means, in plain words: a template with the plan's words."""
    best: float | None
    """The value of a perfect model; None where being even is all that can be asked."""
    source: str
    complement: Metric | None = None
    """The metric that is one minus this one: its comparisons are the same, and are counted once."""
    needs_labels: bool = True
    needs_positive: bool = True


_HARDT = "Hardt, Price and Srebro (2016), Equality of opportunity in supervised learning"
_CHOULDECHOVA = "Chouldechova (2017), Fair prediction with disparate impact"

DEFINITIONS: Final[dict[AnyMetric, Definition]] = {
    "selection-rate": Definition(
        event=_selected == _yes,
        counted=_decided,
        direction="Higher: more often {positive}.",
        best=None,
        source="Agarwal et al. (2018), A reductions approach to fair classification",
        needs_labels=False,
    ),
    "accuracy": Definition(
        event=_correct == _yes,
        counted=_correct != _unknown,
        direction="Higher: answered rightly more often.",
        best=1,
        source="Berk et al. (2021), Fairness in criminal justice risk assessments: the state of the art",
        needs_positive=False,
    ),
    "balanced-accuracy": Definition(
        event=_both & (_selected == _actual),
        counted=_both,
        direction="Higher: answered rightly more often, with both classes weighing the same.",
        best=1,
        source="Brodersen et al. (2010), The balanced accuracy and its posterior distribution",
    ),
    "true-positive-rate": Definition(
        event=_selected == _yes,
        counted=_positive,
        direction="Higher: rightly {positive} more often.",
        best=1,
        source=_HARDT,
    ),
    "false-positive-rate": Definition(
        event=_selected == _yes,
        counted=_negative,
        direction="Higher: wrongly {positive} more often.",
        best=0,
        source=_HARDT,
    ),
    "true-negative-rate": Definition(
        event=_selected == _no,
        counted=_negative,
        direction="Higher: rightly not {positive} more often.",
        best=1,
        source=_HARDT,
        complement="false-positive-rate",
    ),
    "false-negative-rate": Definition(
        event=_selected == _no,
        counted=_positive,
        direction="Higher: missed more often.",
        best=0,
        source=_HARDT,
        complement="true-positive-rate",
    ),
    "precision": Definition(
        event=_actual == _yes,
        counted=_both & (_selected == _yes),
        direction="Higher: of those {positive}, more are labelled {label}.",
        best=1,
        source=_CHOULDECHOVA,
    ),
    "negative-predictive-value": Definition(
        event=_actual == _no,
        counted=_both & (_selected == _no),
        direction="Higher: of those not {positive}, more are labelled {other}.",
        best=1,
        source=_CHOULDECHOVA,
    ),
    "f1": Definition(
        event=_positive & (_selected == _yes),
        counted=_both & ((_selected == _yes) | (_actual == _yes)),
        direction="Higher: fewer misses and false alarms for each hit.",
        best=1,
        source="van Rijsbergen (1979), Information retrieval",
    ),
    "treatment-equality": Definition(
        event=_positive & (_selected == _no),
        counted=_both & (_selected != _actual),
        direction="Higher: of the wrong answers, more are misses and fewer are false alarms.",
        best=None,
        source="Berk et al. (2021), Fairness in criminal justice risk assessments: the state of the art",
    ),
}
"""F1 stands here through J = TP / (TP + FP + FN), F1 = 2 J / (1 + J); the ratio of misses to false alarms through the
share q of misses among the errors, FN / FP = q / (1 - q): both are one-to-one, so equal shares are equal metrics."""

NEEDS_POSITIVE: Final[frozenset[AnyMetric]] = frozenset(name for name, one in DEFINITIONS.items() if one.needs_positive)
NEEDS_LABELS: Final[frozenset[AnyMetric]] = frozenset(name for name, one in DEFINITIONS.items() if one.needs_labels)


def hypotheses(metric: AnyMetric) -> AnyMetric:
    """The metric under whose name comparisons are counted: complements ask the same question."""
    return DEFINITIONS[metric].complement or metric

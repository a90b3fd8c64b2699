"""What is said about the parts of a gap: plain words first, technical names in brackets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

PartsMetric = Literal["selection-rate", "true-positive-rate", "false-positive-rate"]
"""Rates whose gap is split."""

Known = Literal["threshold", "scores", "decisions"]
"""What is known of how decisions come about: one threshold for all, scores beside the decisions, decisions alone."""

WHOSE: Final[dict[PartsMetric, str]] = {
    "selection-rate": "{plural} {relation} {high} are {positive} more often than those {relation} {low} "
    "({high_rate} against {low_rate}). ",
    "true-positive-rate": "of the {plural} labelled {label}, those {relation} {high} are {positive} more often than "
    "those {relation} {low} ({high_rate} against {low_rate}). ",
    "false-positive-rate": "of the {plural} labelled {other}, those {relation} {high} are wrongly {positive} more "
    "often than those {relation} {low} ({high_rate} against {low_rate}). ",
}

TITLES: Final[dict[PartsMetric, str]] = {
    "selection-rate": "What the gap between {high} and {low} is made of: {plural} that are {positive} (selection rate)",
    "true-positive-rate": "What the gap between {high} and {low} is made of: {plural} labelled {label} that are "
    "{positive} (true positive rate)",
    "false-positive-rate": "What the gap between {high} and {low} is made of: {plural} labelled {other} that are "
    "wrongly {positive} (false positive rate)",
}


@dataclass(frozen=True, slots=True)
class Story:
    """How the parts of one kind of gap are told."""

    told: str
    names: tuple[str | None, str | None, str | None]
    """Of base, scores and decisions, as labels of a drawing; None where a part does not exist here."""


_BASE: Final = "Labels (base rate)"
_SCORES: Final = "Scores at the same label"
_THRESHOLD: Final = "Thresholds and the rest"
_TREATED: Final = "Decisions at the same label (scores and thresholds)"

OF_ALL: Final[dict[Known, Story]] = {
    "threshold": Story(
        "Of these {gap}, {base} come from how often they are labelled {label} (base rate), {scores} from how "
        "{plural} of the same label are scored, and none from the threshold, which is the same for all.",
        (_BASE, _SCORES, None),
    ),
    "scores": Story(
        "Of these {gap}, {base} come from how often they are labelled {label} (base rate), {scores} from how "
        "{plural} of the same label are scored, and {decisions} from thresholds and the rest: unlike decisions at the "
        "same score.",
        (_BASE, _SCORES, _THRESHOLD),
    ),
    "decisions": Story(
        "Of these {gap}, {base} come from how often they are labelled {label} (base rate), and {decisions} from how "
        "{plural} of the same label are decided about.",
        (_BASE, None, _TREATED),
    ),
}

WITHIN: Final[dict[Known, Story]] = {
    "threshold": Story(
        "All {gap} come from how they are scored, and none from the threshold, which is the same for all.",
        (None, _SCORES, None),
    ),
    "scores": Story(
        "Of these {gap}, {scores} come from how they are scored, and {decisions} from thresholds and the rest: unlike "
        "decisions at the same score.",
        (None, _SCORES, _THRESHOLD),
    ),
    "decisions": Story("", (None, None, _TREATED)),
}

REAL: Final = " What the labels do not account for, {left}, is a real difference ({p})."
LITTLE: Final = " What the labels do not account for is less than {bound} for every two groups (95 % certain)."
OPEN: Final = (
    " Whether the labels account for all of it cannot be told: what is left is {left} (95 % interval {range})."
)
REAL_WITHIN: Final = " That is a real difference ({p})."
LITTLE_WITHIN: Final = " Between no two groups is the difference larger than {bound} (95 % certain)."
OPEN_WITHIN: Final = " Whether there is a difference at all cannot be told (95 % interval {range})."

UNSETTLED: Final = (
    "What the gap by {attribute} is made of cannot be told: fewer than two groups have at least {least} {plural} of "
    "each label."
)
UNSETTLED_WITHIN: Final = (
    "What the gap by {attribute} is made of cannot be told: fewer than two groups have at least {least} {plural} of "
    "that label."
)
NOT_ASKED: Final = "What the gap by {attribute} is made of was not asked: "
NO_LABELS: Final = NOT_ASKED + "no {item} with a decision has a label, and parts are told apart by labels."
NO_SCORES: Final = (
    NOT_ASKED + "among {plural} of one label only scores can tell parts apart, and predictions stand alone here; name "
    "a column of scores with the option scores."
)
TOO_MANY: Final = (
    NOT_ASKED + "it has {found} groups, and at most {most} are compared; name two of them with the option groups."
)
NO_SUCH_GROUP: Final = "{audit} is to compare the group {group}, which {attribute} does not have; it has {groups}"

WIDEST: Final = (
    "Shown are the two groups with the largest gap of {k}; the table has all pairs, and the correction runs over them."
)
DECIDED: Final = (
    "Shown are the two of {k} groups between whom most is left that the labels do not account for; the table has all "
    "pairs, and the correction runs over them."
)
AGAINST: Final = "A negative part works against the gap: without it the gap would be larger."
TOO_SMALL: Final = "Not compared, with fewer than {least} {plural} of a label: {untested}."
NO_JUDGEMENT: Final = (
    "Parts say where a gap arises, not whether it is fair: labels can be biased themselves, and scores may rest on "
    "what stands in for {attribute}."
)

"""What is said about thresholds that would close a gap, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from audits.statistics.closing import Constraint


@dataclass(frozen=True, slots=True)
class Goal:
    """How one way of being even is spoken about."""

    title: str
    even: str
    unsettled: str


GOALS: Final[dict[Constraint, Goal]] = {
    "demographic-parity": Goal(
        title="Closing the gap by {attribute} in how often {plural} are {positive} (demographic parity)",
        even="There is no gap by {attribute} to close in how often {plural} are {positive} (demographic parity)",
        unsettled="Whether there is a gap by {attribute} to close in how often {plural} are {positive} (demographic "
        "parity) cannot be told",
    ),
    "equal-opportunity": Goal(
        title="Closing the gap by {attribute} in how often {plural} labelled {label} are {positive} "
        "(equal opportunity)",
        even="There is no gap by {attribute} to close in how often {plural} labelled {label} are {positive} "
        "(equal opportunity)",
        unsettled="Whether there is a gap by {attribute} to close in how often {plural} labelled {label} are "
        "{positive} (equal opportunity) cannot be told",
    ),
    "equalised-odds": Goal(
        title="Closing the gaps by {attribute} in how often {plural} of the same label are {positive} (equalised odds)",
        even="There is no gap by {attribute} to close in how often {plural} of the same label are {positive} "
        "(equalised odds)",
        unsettled="Whether there is a gap by {attribute} to close in how often {plural} of the same label are "
        "{positive} (equalised odds) cannot be told",
    ),
}

SELECTION, TRUE_POSITIVE, FALSE_POSITIVE = "Selection rate", "True positive rate", "False positive rate"

MORE: Final = {
    SELECTION: "{plural} {relation} {high} are {positive} more often than those {relation} {low}",
    TRUE_POSITIVE: "Of the {plural} labelled {label}, those {relation} {high} are {positive} more often than those "
    "{relation} {low}",
    FALSE_POSITIVE: "Of the {plural} labelled {other}, those {relation} {high} are wrongly {positive} more often than "
    "those {relation} {low}",
}
"""One group has the higher rate."""

GAP: Final = " ({high_rate} against {low_rate}; difference {gap}, 95 % interval {range})."
SMALL: Final = ": any difference is smaller than {bound} (95 % certain)."
SEEN: Final = ": the largest difference seen is {gap} (95 % interval {range})."
THEN: Final = " With thresholds of their own for every group, {after} (95 % interval {after_range}) would be left"
COSTS: Final = ", at the cost of {cost} of accuracy ({accuracy} now, {accuracy_then} then; change {change_range})."
GAINS: Final = ", and accuracy would even rise by {cost} ({accuracy} now, {accuracy_then} then; change {change_range})."
NO_COST: Final = ", and no change in accuracy is certain ({accuracy} now, {accuracy_then} then; change {change_range})."

NOT_LAWFUL: Final = (
    "Such thresholds use the {attribute} of every {item} when deciding. In some uses that is unlawful, whatever its "
    "purpose. This measures a trade-off and recommends nothing."
)
FITTED: Final = "The thresholds were found on {n} {plural} of the part {part} and judged on {m} others."
SPLIT: Final = (
    "There is no part {part} beside the audited rows, so {n} of them were set aside to find the thresholds, and {m} "
    "others judge them."
)
BY_LOT: Final = (
    "For {groups} a lot decides about some scores: without it the gap on the fitted rows could not be closed exactly."
)
AFTER: Final = (
    "On the rows that the thresholds were found on, nothing is left by construction; on others chance leaves some."
)
TOO_SMALL: Final = (
    "Not compared, with fewer than {least} {plural} of a label to find or judge thresholds on: {untested}."
)

NOT_ASKED: Final = "Thresholds that would close the gap by {attribute} were not looked for: "
UNSETTLED: Final = (
    NOT_ASKED + "fewer than two groups have at least {least} {plural} of each label both to find and to judge them."
)
TOO_MANY: Final = NOT_ASKED + "it has {found} groups, and at most {most} are compared; put them into fewer groups."
NO_LABELS: Final = NOT_ASKED + "no {item} with a score has a label."
NO_PART: Final = (
    "There is no part {part} to find thresholds on; name another with the option fit_split, or set fit_share above 0."
)

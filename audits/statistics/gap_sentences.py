"""What is said about a gap between groups: plain words first, the metric's technical name second.

A summary is one sentence about the metric and one about the verdict; whole sentences follow each other, so that each
can be translated as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Final

from probes.speech import Name, Phrase, Quantity, Sentence, say

if TYPE_CHECKING:
    from audits.plan import Words
    from audits.statistics.definitions import AnyMetric

_COMPARED = " ({high_rate} against {low_rate}; difference {gap}, 95 % interval {range})."
_EVEN = " is even across {groups}: any difference is smaller than {bound} (95 % certain)."


@dataclass(frozen=True, slots=True)
class MetricSentences:
    """How one metric is spoken about."""

    title: str
    axis: str
    more: str
    """One group has the higher rate."""
    times: str | None
    """The same with the ratio, where one says it like that."""
    unsettled: str
    event: str
    """Heading of the column that counts events."""

    @property
    def gap(self) -> str:
        """Two groups compared."""
        return self.more + _COMPARED

    @property
    def ratio(self) -> str | None:
        """Two groups compared, with the ratio of their rates."""
        return None if self.times is None else self.times + _COMPARED

    @property
    def even(self) -> str:
        """All groups within a bound."""
        return self.title + _EVEN


SENTENCES: Final[dict[AnyMetric, MetricSentences]] = {
    "selection-rate": MetricSentences(
        title="How often {plural} are {positive} (selection rate)",
        axis="Share of {plural} that are {positive}, in %",
        more="{plural} {relation} {high} are {positive} more often than those {relation} {low}",
        times="{plural} {relation} {high} are {positive} {times} times as often as those {relation} {low}",
        unsettled="Whether {plural} are {positive} equally often in every group (selection rate) cannot be told.",
        event="{positive}",
    ),
    "accuracy": MetricSentences(
        title="How often the answer is right for {plural} (accuracy)",
        axis="Share of {plural} answered rightly, in %",
        more="The answer is right more often for {plural} {relation} {high} than for those {relation} {low}",
        times=None,
        unsettled="Whether the answer is right equally often in every group of {plural} (accuracy) cannot be told.",
        event="Answered rightly",
    ),
    "true-positive-rate": MetricSentences(
        title="How often {plural} labelled {label} are rightly {positive} (true positive rate)",
        axis="Share of {plural} labelled {label} that are {positive}, in %",
        more="Of the {plural} labelled {label}, those {relation} {high} are {positive} more often than those "
        "{relation} {low}",
        times="Of the {plural} labelled {label}, those {relation} {high} are {positive} {times} times as often "
        "as those {relation} {low}",
        unsettled="Whether {plural} labelled {label} are rightly {positive} equally often in every group "
        "(true positive rate) cannot be told.",
        event="Rightly {positive}",
    ),
    "false-positive-rate": MetricSentences(
        title="How often {plural} labelled {other} are wrongly {positive} (false positive rate)",
        axis="Share of {plural} labelled {other} that are {positive}, in %",
        more="Of the {plural} labelled {other}, those {relation} {high} are wrongly {positive} more often than those "
        "{relation} {low}",
        times="Of the {plural} labelled {other}, those {relation} {high} are wrongly {positive} {times} times as often "
        "as those {relation} {low}",
        unsettled="Whether {plural} labelled {other} are wrongly {positive} equally often in every group "
        "(false positive rate) cannot be told.",
        event="Wrongly {positive}",
    ),
    "precision": MetricSentences(
        title="How often {plural} that are {positive} are indeed labelled {label} (precision)",
        axis="Share of {plural} {positive} that are labelled {label}, in %",
        more="Of the {plural} that are {positive}, those {relation} {high} are indeed labelled {label} more often than "
        "those {relation} {low}",
        times=None,
        unsettled="Whether {plural} that are {positive} are indeed labelled {label} equally often in every group "
        "(precision) cannot be told.",
        event="Labelled {label}",
    ),
    "balanced-accuracy": MetricSentences(
        title="How often the answer is right for {plural}, both classes weighing the same (balanced accuracy)",
        axis="Mean of the shares answered rightly among {plural} labelled {label} and {other}, in %",
        more="With both classes weighing the same, the answer is right more often for {plural} {relation} {high} than "
        "for those {relation} {low}",
        times=None,
        unsettled="Whether the answer is right equally often in every group of {plural}, both classes weighing the "
        "same (balanced accuracy), cannot be told.",
        event="Answered rightly",
    ),
    "true-negative-rate": MetricSentences(
        title="How often {plural} labelled {other} are rightly not {positive} (true negative rate)",
        axis="Share of {plural} labelled {other} that are not {positive}, in %",
        more="Of the {plural} labelled {other}, those {relation} {high} are rightly not {positive} more often than "
        "those {relation} {low}",
        times=None,
        unsettled="Whether {plural} labelled {other} are rightly not {positive} equally often in every group "
        "(true negative rate) cannot be told.",
        event="Rightly not {positive}",
    ),
    "false-negative-rate": MetricSentences(
        title="How often {plural} labelled {label} are missed (false negative rate)",
        axis="Share of {plural} labelled {label} that are not {positive}, in %",
        more="Of the {plural} labelled {label}, those {relation} {high} are missed more often than those "
        "{relation} {low}",
        times="Of the {plural} labelled {label}, those {relation} {high} are missed {times} times as often "
        "as those {relation} {low}",
        unsettled="Whether {plural} labelled {label} are missed equally often in every group (false negative rate) "
        "cannot be told.",
        event="Not {positive}",
    ),
    "negative-predictive-value": MetricSentences(
        title="How often {plural} that are not {positive} are indeed labelled {other} (negative predictive value)",
        axis="Share of {plural} not {positive} that are labelled {other}, in %",
        more="Of the {plural} that are not {positive}, those {relation} {high} are indeed labelled {other} more often "
        "than those {relation} {low}",
        times=None,
        unsettled="Whether {plural} that are not {positive} are indeed labelled {other} equally often in every group "
        "(negative predictive value) cannot be told.",
        event="Labelled {other}",
    ),
    "f1": MetricSentences(
        title="How well {plural} that are {positive} and those labelled {label} agree (F1)",
        axis="F1 of {positive} against labelled {label}, in %",
        more="Being {positive} and being labelled {label} agree better for {plural} {relation} {high} than for those "
        "{relation} {low}",
        times=None,
        unsettled="Whether being {positive} and being labelled {label} agree equally well in every group of {plural} "
        "(F1) cannot be told.",
        event="Rightly {positive}",
    ),
    "treatment-equality": MetricSentences(
        title="How often a wrong answer about {plural} is a miss and not a false alarm (treatment equality)",
        axis="Share of wrong answers about {plural} that are misses, in %",
        more="Wrong answers are misses, and not false alarms, more often for {plural} {relation} {high} than for those "
        "{relation} {low}",
        times=None,
        unsettled="Whether wrong answers about {plural} are misses equally often in every group (treatment equality) "
        "cannot be told.",
        event="Misses",
    ),
}

BEYOND: Final = " That is beyond the tolerance of {tolerance}."
PERHAPS_BEYOND: Final = (
    " That is a real difference ({p}); whether it is beyond the tolerance of {tolerance} is not certain."
)
AT_MOST_A_CONCERN: Final = (
    " That is beyond the tolerance of {tolerance}; the metric was named as exploratory, so it is a concern at most."
)
REAL_BUT_SMALL: Final = (
    " A difference is there all the same: {high_rate} {relation} {high}, {low_rate} {relation} {low} ({p})."
)
NOT_COVERED: Final = " Too small to be covered: {untested}."
UNSEEN: Final = " With {n} such {plural} in the smallest group, a difference below {smallest} could not be seen."
SETTLES: Final = " About {enough} in each group would settle it at {tolerance}."
TOO_NEAR: Final = " The largest difference seen, {gap}, lies too near the tolerance of {tolerance} to settle it here."
NOTHING_PASSES: Final = " No number of {plural} can show that there is no difference at all: set a tolerance above 0."
TOO_SMALL: Final = " Fewer than two groups have at least {least} such {plural}."

NOT_AUDITED: Final = ": not audited."
NO_POSITIVE: Final = " Of the model's classes ({labels}) the plan names none as positive; set data.positive."
NO_LABELS: Final = " No {item} has a label."
NONE_SUCH: Final = " There are no such {plural}."
ONE_SUCH: Final = " Only one group has such {plural}: {group}."
NO_GROUP: Final = " {attribute} is recorded for no {item}."
ONE_GROUP: Final = " There is only one group in {attribute}, {group}, and nothing to compare it with."
TOO_MANY: Final = (
    " {attribute} has {found} different values, and at most {most} are compared; put them into fewer groups."
)

SMALL_GROUPS: Final = "Listed but not compared, with fewer than {least} such {plural}: {untested}."
WEIGHTED: Final = "Rows are weighted: each group counts as the number of equally weighted rows worth as much (Kish)."
FOR_ALL: Final = (
    "The 95 % interval holds for all {tests} comparisons at once (Bonferroni); {p} after Holm's correction."
)
EXPLORATORY: Final = (
    "Exploratory: corrected among the exploratory comparisons alone, and a concern at most, whatever it shows."
)
RATIO_OF_ERRORS: Final = "Ratios: misses for each false alarm about {plural} (treatment equality)"
LARGEST: Final = (
    "The largest difference seen is {gap} ({high_rate} {relation} {high}, {low_rate} {relation} {low}; "
    "95 % interval {range})."
)
UNRECORDED: Final = (
    "{n} {item} has no recorded {attribute}; it is listed and not compared.",
    "{n} {plural} have no recorded {attribute}; they are listed and not compared.",
)
UNLABELLED: Final = (
    "{n} {item} has no label and does not count here.",
    "{n} {plural} have no label and do not count here.",
)
TRUNCATED: Final = (
    "{n} {item} is longer than the model can read and was judged by its beginning.",
    "{n} {plural} are longer than the model can read and were judged by their beginnings.",
)
UNDECIDED: Final = (
    "{n} {item} has no prediction and does not count here.",
    "{n} {plural} have no prediction and do not count here.",
)
SELECTED_MEANS: Final = "Selected means that the answer is {label}."


def vocabulary(words: Words, labels: tuple[str, ...], positive: str | None) -> dict[str, Quantity]:
    """The plan's words, as the sentences use them, with fallbacks for what the plan and the model leave open."""
    others = [label for label in labels if label != positive]
    label: Quantity = Phrase(text="the positive class") if positive is None else Name(text=positive)
    other: Quantity = Name(text=others[0]) if positive is not None and len(others) == 1 else Phrase(text="otherwise")
    happens: Quantity = Phrase(text="selected") if words.positive is None else Name(text=words.positive)
    return {
        "item": Name(text=words.item),
        "plural": Name(text=words.plural),
        "relation": Name(text=words.relation),
        "positive": happens,
        "label": label,
        "other": other,
    }


def spoken(template: str, values: Mapping[str, Quantity]) -> Sentence:
    """A sentence from the values that its template asks for, out of all there are."""
    asked = {gap for _, gap, _, _ in Formatter().parse(template) if gap}
    return say(template, **{name: value for name, value in values.items() if name in asked})

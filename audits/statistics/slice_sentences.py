"""What is said about slices in which a model errs more often than elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from audits.findings import Method
from probes.speech import say

Error = Literal["wrong", "wrongly-selected", "missed"]
"""What is searched for: any wrong answer, a false positive, a false negative."""

_COMPARED = " ({high_rate} against {low_rate}; difference {gap}, 95 % interval {range})."


@dataclass(frozen=True, slots=True)
class ErrorSentences:
    """How one kind of error is spoken about."""

    title: str
    axis: str
    more: str
    times: str
    never: str

    @property
    def gap(self) -> str:
        """A slice against all other rows."""
        return self.more + _COMPARED

    @property
    def ratio(self) -> str:
        """The same with the ratio of the rates."""
        return self.times + _COMPARED


SENTENCES: Final[dict[Error, ErrorSentences]] = {
    "wrong": ErrorSentences(
        title="Where the answer about {plural} is wrong most often (error rate)",
        axis="How much more often the answer is wrong than for all other {plural}, in points",
        more="The answer is wrong more often for {plural} where {rule} than for all others",
        times="The answer is wrong {times} times as often for {plural} where {rule} as for all others",
        never="Not one of {n} answers about {plural} is wrong: there is nothing to search.",
    ),
    "wrongly-selected": ErrorSentences(
        title="Where {plural} labelled {other} are wrongly {positive} most often (false positive rate)",
        axis="How much more often {plural} labelled {other} are wrongly {positive} than all others, in points",
        more="Of the {plural} labelled {other}, those where {rule} are wrongly {positive} more often than all others",
        times="Of the {plural} labelled {other}, those where {rule} are wrongly {positive} {times} times as often as "
        "all others",
        never="Not one of {n} {plural} labelled {other} is wrongly {positive}: there is nothing to search.",
    ),
    "missed": ErrorSentences(
        title="Where {plural} labelled {label} are missed most often (false negative rate)",
        axis="How much more often {plural} labelled {label} are missed than all others, in points",
        more="Of the {plural} labelled {label}, those where {rule} are missed more often than all others",
        times="Of the {plural} labelled {label}, those where {rule} are missed {times} times as often as all others",
        never="Not one of {n} {plural} labelled {label} is missed: there is nothing to search.",
    ),
}

EVEN: Final = (
    ": even in the {k} slices where a search found most errors, the rate differs from that of all others by less than "
    "{bound} (95 % certain)."
)
HELD_OUT_NONE: Final = (
    ": none of the {k} slices where a search found most errors was confirmed by the rows held out. The largest "
    "difference there is {gap} (where {rule}; 95 % interval {range})."
)
CHANCE_NONE: Final = (
    ": no slice stands out more than the worst slice of shuffled errors does. The one that stands out most: "
    "{high_rate} against {low_rate} (where {rule}; {p})."
)
TOO_SMALL: Final = (
    ": of the slices where a search found most errors, none has {least} {plural} among the rows held out."
)
NO_SLICE: Final = ": of {n} {plural} the search found no slice of at least {least} with more errors than elsewhere."
NO_FEATURE: Final = (
    ": not searched. No column of the data has values that at least {least} {plural} share; name protected attributes "
    "or add columns."
)
TOO_FEW: Final = ": not searched. There are {n} such {plural}, and {least} on either side of a rule are needed."

SEARCHED: Final = "The search counted {searched} slices of {columns}."
TOLD: Final = "Not sliced by, because the label or the answer can be told from it: {columns}."
HALVES: Final = (
    "Slices were chosen on {chosen} {plural} and are judged by the {judged} others; rows with the same content are on "
    "the same side."
)
EXPLORES: Final = "Slices are explored: the verdict is a concern at most. The option primary lets it fail."
FOR_ALL: Final = "The 95 % interval holds for all {tests} slices at once (Bonferroni); {p} after {correction}."

_SEARCH: Final = (
    "Rows are sliced by protected attributes, categories, numbers in five bins of equal size, lengths of texts and "
    "whether they contain a frequent word; a rule has up to as many conditions as the option depth says, and at least "
    "30 rows or the share that the option support says. Slices are ranked by the pooled score test against all other "
    "rows, 5 % less for every further condition; and a slice is listed only if what is left "
    "of it outside of better ones stands out by itself. "
)
_VERDICT: Final = (
    "Pass: the 90 % interval (Newcombe) of every listed slice's difference lies inside the tolerance. Fail: a "
    "corrected p below .05, a difference beyond the tolerance, and a simultaneous 95 % interval beyond half of it (a "
    "concern, unless the audit is made primary). Concern: a corrected p below .05. Anything else is not enough "
    "evidence. Rows count once each, whatever their weight."
)
_SOURCES: Final = (
    "Chung et al. (2019), Slice Finder: automated data slicing for model validation",
    "Sagadeeva and Boehm (2021), SliceLine: fast, linear-algebra-based slice finding for ML model debugging",
    "Newcombe (1998), Interval estimation for the difference between independent proportions",
)

HELD_OUT: Final = Method(
    text=say(
        _SEARCH + "Slices are chosen on one half of the rows and tested on the other, by the pooled score test or "
        "Fisher's mid-p with Holm's correction; all numbers are of the second half. " + _VERDICT
    ),
    sources=(*_SOURCES, "Holm (1979), A simple sequentially rejective multiple test procedure"),
)
PERMUTATION: Final = Method(
    text=say(
        _SEARCH + "The whole search is repeated with the errors dealt to rows anew; a slice's p is the share of "
        "repetitions whose best slice stands out as far (max-T). The rates of slices that were chosen because they are "
        "high are too high on average. " + _VERDICT
    ),
    sources=(*_SOURCES, "Westfall and Young (1993), Resampling-based multiple testing"),
)

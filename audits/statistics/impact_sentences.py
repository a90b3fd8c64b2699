"""What is said about impact ratios: what was counted, how it reads by four fifths, and what chance says to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

RateName = Literal["selection-rate", "scoring-rate"]
"""Share selected, or share that scores above the median."""


@dataclass(frozen=True, slots=True)
class RateSentences:
    """How one of the two rates is spoken about."""

    title: str
    drawn: str
    less: str
    even: str
    event: str
    rate: str
    none: str


RATES: Final[dict[RateName, RateSentences]] = {
    "selection-rate": RateSentences(
        title="Impact ratios by {attribute}: how often {plural} are {positive} (selection rate)",
        drawn="Each rate divided by the highest one, by {attribute} (impact ratio of the selection rate)",
        less="{plural} {relation} {low} are {positive} less often than those {relation} {high}",
        even="{plural} {relation} {low} are {positive} as often as those {relation} {high}",
        event="{positive}",
        rate="Selection rate",
        none="None of the {plural} is {positive}, so there is no highest rate, and impact ratios by {attribute} are "
        "undefined.",
    ),
    "scoring-rate": RateSentences(
        title="Impact ratios by {attribute}: how often {plural} score above the median (scoring rate)",
        drawn="Each rate divided by the highest one, by {attribute} (impact ratio of the scoring rate)",
        less="{plural} {relation} {low} score above the median less often than those {relation} {high}",
        even="{plural} {relation} {low} score above the median as often as those {relation} {high}",
        event="Above the median",
        rate="Scoring rate",
        none="None of the {plural} scores above the median, so there is no highest rate, and impact ratios by "
        "{attribute} are undefined.",
    ),
}

COMPARED: Final = " ({low_rate} against {high_rate}; impact ratio {ratio}, 95 % interval {from} to {to})."
BARE: Final = " ({low_rate} against {high_rate}; impact ratio {ratio})."
CONFIRMED: Final = " That is below four fifths, and the difference is real ({p})."
PERHAPS: Final = " That is below four fifths, but the difference may be chance ({p})."
UNTESTED: Final = " That is below four fifths, but there are too few of them to test ({n_low} against {n_high})."
ABOVE: Final = " That is the smallest impact ratio by {attribute}, and with 95 % certainty none is below four fifths."
OPEN: Final = (
    " That is the smallest impact ratio by {attribute} and not below four fifths, but these numbers leave open whether "
    "the true one is."
)
LONELY: Final = (
    "The highest rate by {attribute} is that of {high}, with {n_high} {plural}: too few to compare anybody with."
)
NOT_COVERED: Final = " Too small to be covered: {untested}."

ONE_CATEGORY: Final = "Impact ratios by {attribute} were not computed: fewer than two categories are large enough."
TOO_MANY: Final = (
    "Impact ratios by {attribute} were not computed: it has {found} categories, and at most {most} are compared; "
    "put them into fewer."
)
NO_COLUMN: Final = (
    "Impact ratios by {what} were not computed: no protected attribute of the plan looks like it; name it with the "
    "option {what}."
)
NO_CATEGORY: Final = "Impact ratios by {attribute} were not computed: it is recorded for no {item} with a decision."
NO_POSITIVE: Final = "the plan names none of the classes ({labels}) as positive; set data.positive."

CHANCE: Final = (
    "Here four fifths and the test disagree: the impact ratio is below 0.8, but the difference may be chance "
    "({categories})."
)
REAL: Final = (
    "Here four fifths and the test disagree: the impact ratio is not below 0.8, but the difference from the highest "
    "rate is real ({categories})."
)
EXCLUDED: Final = (
    "Left out of the impact ratios, as the rule allows for categories of less than {share} of the data, because the "
    "rate of so few is mostly chance: {categories}. Their numbers and rates stand in the table."
)
UNKNOWN: Final = (
    "{n} {item} of an unknown category ({attribute} not recorded) is not part of the table.",
    "{n} {plural} of an unknown category ({attribute} not recorded) are not part of the table.",
)
NOTHING_SAID: Final = (
    "{n} {item} has no decision or score and is not part of the table.",
    "{n} {plural} have no decision or score and are not part of the table.",
)
MEDIAN: Final = "The median score of all {n} {plural} with a score is {median}."
HEADS: Final = "Everybody counts once, as the rule asks; the plan's weights are not used here."
OTHER_CATEGORIES: Final = (
    "The rule asks for sex and race or ethnicity. No protected attribute of the plan looks like either, so all of them "
    "are shown as other categories; name them with the options sex and race."
)
GUESSED: Final = "Taken for the {what} by its name: {attribute}. Name another with the option {what}."
FAVOURABLE: Final = (
    "Being {positive} is taken for the favourable outcome, as the rule does; where it is not, the ratios read the "
    "other way round."
)
NO_ADVICE: Final = (
    "The table describes these rows. It is no legal advice, and no verdict here says whether a law is kept or broken."
)

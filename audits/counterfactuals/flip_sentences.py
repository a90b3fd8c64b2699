"""What is said about answers that change when a group is swapped."""

from __future__ import annotations

from typing import Final

from audits.findings import Method
from probes.speech import say

METHOD: Final = Method(
    text=say(
        "Words that name a group are swapped for another group's in every text that holds one, and the model is asked "
        "again; texts that differ only in those words count once. A text flips if the decision changes in at least one "
        "swap. The share of texts that flip has Wilson's interval. Pass: the upper end of the 90 % interval is below "
        "the tolerance. Fail: the lower end of the 95 % interval is above it. Concern: between two groups the changes "
        "go one way more often than the other (exact McNemar test, Holm's correction over all pairs of groups). "
        "Anything else is not enough evidence. Changes of the score are paired by text (Student's interval)."
    ),
    sources=(
        "Kusner, Loftus, Russell and Silva (2017), Counterfactual fairness",
        "Garg et al. (2019), Counterfactual fairness in text classification through robustness",
        "Dixon et al. (2018), Measuring and mitigating unintended bias in text classification",
        "McNemar (1947), Note on the sampling error of the difference between correlated proportions",
        "Zou and Donner (2008), Construction of confidence limits about effect measures",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
    ),
)

OF_TEXTS: Final = "{plural} that name a group ({attribute})"
OF_TEMPLATES: Final = "neutral sentences of ours that name a group ({attribute})"

BEYOND: Final = (
    "Of {n} {what}, {flipped} get another answer when the words are swapped for another group's ({rate}; 95 % interval "
    "{range}). That is beyond the tolerance of {tolerance}."
)
ONE_WAY: Final = (
    "Of {n} {what}, {flipped} get another answer when the words are swapped for another group's ({rate}; 95 % interval "
    "{range}), and between {first} and {second} the changes go one way ({p})."
)
EVEN: Final = (
    "Of {n} {what}, fewer than {bound} get another answer when the words are swapped for another group's "
    "(95 % certain; {flipped} did)."
)
ONE_WAY_ALL_THE_SAME: Final = " The changes go one way all the same: towards {selected} as about {high} ({p})."
UNSETTLED: Final = (
    "Whether swapped words change the answer to more than {tolerance} of {what} cannot be told: {flipped} of {n} did "
    "({rate}; 95 % interval {range})."
)
MORE_NEEDED: Final = " At least {enough} would be needed even if none changed."
NONE: Final = (
    "Swapped words were not audited: none of the {looked} {plural} that were looked at names a group ({attribute}). "
    "Neutral sentences of ours can be asked instead: leave templates out."
)
NO_TEMPLATE: Final = (
    "Neutral sentences were not audited: the list of {attribute} has no noun and no adjective in a language that there "
    "are sentences in."
)

STRONGEST: Final = "Most changes are between {first} and {second}: {flipped} of {n} ({rate})."
DIRECTION: Final = (
    "As about {high} instead of {low}, {more} become {selected} and {fewer} no longer are ({p} after "
    "Holm's correction)."
)
SCORES: Final = (
    "The strongest swap of each text changes the score by {mean} on average (95 % interval {range}) and by {largest} "
    "at most."
)
SCORES_ALONE: Final = "The strongest swap changes the score by {largest} at most."
EXPLORATORY: Final = "Exploratory: at most a concern, whatever is found; primary: true in the plan lets it decide."
LOOKED: Final = "{looked} {plural} were looked at; {holding} of them name a group ({attribute})."
TOO_FEW: Final = (
    "{holding} of the {looked} {plural} that were looked at name a group ({attribute}). That is too few, so neutral "
    "sentences of ours were asked instead: they tell how the model takes the words, not how it takes your {plural}."
)
BESIDE: Final = (
    "Neutral sentences of ours, asked beside the {looked} {plural}; they tell how the model takes the words alone."
)
ALL_STUCK: Final = (
    "Swapped words were not audited: {n} {plural} name a group ({attribute}), but none by a word that has a "
    "counterpart."
)
PROBABILITY_OF: Final = "Probability of {label}"
ANSWERS_PROBABILITY: Final = "Probability of the answer before the swap"
REPEATED: Final = (
    "{n} differs from another one only in the words that are swapped and does not count again.",
    "{n} differ from others only in the words that are swapped and do not count again.",
)
SAMPLED: Final = "{n} more were left out by the limit of {most} texts; those asked were drawn by content and seed."
CAPPED: Final = "No text was swapped more than {versions} times; which swaps was drawn by content and seed."
UNSWAPPED: Final = "Words of the list that stayed as they are: {words}."
CUT: Final = (
    "{n} swapped text was cut to what the model can read; a swapped word may not have been read.",
    "{n} swapped texts were cut to what the model can read; swapped words may not have been read.",
)
OWN_LISTS: Final = "Word lists: {path} (digest {digest}), and those that ship where it has none."


def of(template: str, templates: bool) -> str:
    """The sentence about texts of the data, or about our own templates."""
    return template.replace("{what}", OF_TEMPLATES if templates else OF_TEXTS)


REASONS: Final = {
    "no-counterpart": "no counterpart in the list",
    "not-people": "not said of people here",
    "fixed": "part of a fixed expression",
}

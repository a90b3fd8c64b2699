"""Ratios of rates as evidence, and the sentence that sets the four-fifths rule beside the test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from audits.evidence import Column, Table, Test
from audits.statistics.disparity import LEVEL
from audits.statistics.gap_sentences import spoken
from audits.statistics.ratios import Ratios
from probes.speech import Count, Name, Number, Phrase, Probability, Quantity, Range, Sentence, say

MOST_PAIRS: Final = 45
"""Pairs that are listed, the most unequal first; ten groups have so many."""

FLAGGED_NOT_REAL: Final = (
    "The four-fifths rule would flag this: {plural} {relation} {low} are {positive} {ratio} times as often as those "
    "{relation} {high}. The test does not ({p})."
)
FLAGGED_AND_REAL: Final = (
    "The four-fifths rule would flag this: {plural} {relation} {low} are {positive} {ratio} times as often as those "
    "{relation} {high}. So does the test ({p})."
)
REAL_NOT_FLAGGED: Final = (
    "The four-fifths rule would not flag this: {plural} {relation} {low} are {positive} {ratio} times as often as "
    "those {relation} {high}. The test finds a difference all the same ({p})."
)
NEITHER: Final = (
    "The four-fifths rule would not flag this: {plural} {relation} {low} are {positive} {ratio} times as often as "
    "those {relation} {high}. Neither does the test ({p})."
)
BARREN: Final = (
    "The four-fifths rule would flag this: none of the {plural} {relation} {low} are {positive}, so that there is no "
    "ratio to those {relation} {high} ({p})."
)
NOBODY: Final = "No {plural} are {positive}, so that there is no ratio and the four-fifths rule says nothing."


def four_fifths(ratios: Ratios, names: Sequence[str], tests: Sequence[Test], words: Mapping[str, Quantity]) -> Sentence:
    """What the rule says of the most unequal pair, and whether the test agrees; it decides nothing."""
    order = _unequal_first(ratios)
    pair = int(order[0])
    real = [p is not None and p < LEVEL for p in (test.adjusted for test in tests)]
    # Where the rule says nothing of the worst pair and the test of another, that one is told.
    if not ratios.flagged[pair] and not real[pair] and any(real):
        pair = int(next(i for i in order if real[i]))
    values = {
        **words,
        "low": Name(text=names[ratios.low[pair]]),
        "high": Name(text=names[ratios.high[pair]]),
        "p": Probability(value=tests[pair].adjusted),
    }
    if np.isnan(ratios.ratio[pair]):
        return spoken(BARREN if ratios.flagged[pair] else NOBODY, values)
    template = {
        (True, True): FLAGGED_AND_REAL,
        (True, False): FLAGGED_NOT_REAL,
        (False, True): REAL_NOT_FLAGGED,
        (False, False): NEITHER,
    }[bool(ratios.flagged[pair]), real[pair]]
    return spoken(template, {**values, "ratio": Number(value=float(ratios.ratio[pair]))})


def ratios_table(
    ratios: Ratios, names: Sequence[str], tests: Sequence[Test], title: Sentence, selection: bool
) -> Table:
    """Every pair's ratio with its interval; for selection rates the four-fifths rule and the test side by side."""
    order = _unequal_first(ratios)
    columns = [
        Column(heading=say("Lower rate")),
        Column(heading=say("Higher rate")),
        Column(heading=say("Ratio"), numeric=True),
        Column(heading=say("95 % interval"), numeric=True),
        Column(heading=say("Within 4/5 to 5/4")),
        *([Column(heading=say("Four-fifths rule")), Column(heading=say("Test"), numeric=True)] if selection else []),
    ]

    def cells(pair: int) -> tuple[Quantity | None, ...]:
        ratio, even = float(ratios.ratio[pair]), bool(ratios.even[pair])
        return (
            Name(text=names[ratios.low[pair]]),
            Name(text=names[ratios.high[pair]]),
            Number(value=None if np.isnan(ratio) else ratio),
            Range(low=float(ratios.alone.low[pair]), high=float(ratios.alone.high[pair]), percent=False),
            Phrase(text="yes") if even else Phrase(text="not shown"),
            *(
                (
                    Phrase(text="flagged") if ratios.flagged[pair] else Phrase(text="not flagged"),
                    Probability(value=tests[pair].adjusted),
                )
                if selection
                else ()
            ),
        )

    return Table(
        name="ratios",
        title=title
        if len(order) <= MOST_PAIRS
        else say("Ratios of the {n} most unequal pairs", n=Count(value=MOST_PAIRS)),
        columns=tuple(columns),
        rows=tuple(cells(int(pair)) for pair in order[:MOST_PAIRS]),
    )


def _unequal_first(ratios: Ratios) -> list[int]:
    """Pairs without a ratio that are flagged first, then from the lowest ratio on; those that have none last."""
    distance = np.where(np.isnan(ratios.ratio), np.where(ratios.flagged, -1.0, 2.0), ratios.ratio)
    return [int(pair) for pair in np.argsort(distance, kind="stable")]

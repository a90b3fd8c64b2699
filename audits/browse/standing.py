"""How the chosen rows of a run stand: how many of all, and how often the answer is right among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from audits.browse.filters import Filter
from audits.statistics.intervals import wilson
from probes.record import Record
from probes.speech import Count, Range, Sentence, Share, say

if TYPE_CHECKING:
    from audits.browse.rows import BrowsedRows


class Standing(Record):
    """Counts of the chosen rows."""

    chosen: int
    whole: int
    known: int = 0
    """Of the chosen rows, those with an answer and a label."""
    right: int = 0
    by_outcome: bool = False
    """Whether rows were chosen by whether the answer is right, which makes the share of right ones say nothing."""

    def sentence(self, plural: str) -> Sentence:
        """The counts and the share of right answers with its Wilson interval, in one sentence."""
        part = "all" if self.chosen == self.whole else "part"
        counts = {"chosen": Count(value=self.chosen), "whole": Count(value=self.whole)}
        if self.by_outcome or not self.known:
            return say(_COUNTED[part], plural=plural, **counts)
        bounds = wilson(self.right, self.known).at()
        template = (_RIGHT if self.known == self.chosen else _RIGHT_WHERE_KNOWN)[part]
        return say(
            template,
            plural=plural,
            **counts,
            known=Count(value=self.known),
            share=Share(value=self.right / self.known),
            range=Range(low=bounds.low, high=bounds.high),
        )


_COUNTED = {"all": "{whole} {plural}.", "part": "{chosen} of {whole} {plural}."}
_RIGHT = {
    "all": "{whole} {plural}; the answer is right for {share} of them (95 % interval {range}).",
    "part": "{chosen} of {whole} {plural}; the answer is right for {share} of them (95 % interval {range}).",
}
_RIGHT_WHERE_KNOWN = {
    "all": "{whole} {plural}; the answer is right for {share} of the {known} that have both an answer and a label "
    "(95 % interval {range}).",
    "part": "{chosen} of {whole} {plural}; the answer is right for {share} of the {known} that have both an answer "
    "and a label (95 % interval {range}).",
}


def standing(rows: BrowsedRows, filters: Sequence[Filter] = ()) -> Standing:
    """Counts the rows that fulfil every filter. Raises BadData for a filter that the rows cannot be asked."""
    import polars as pl

    from audits.engine.decisions import ACTUAL, CORRECT, SELECTED

    asked = {one.column for one in filters}
    correct = pl.col(CORRECT) if rows.has(CORRECT) else pl.lit(None, pl.Boolean)
    chosen = rows.frame
    # One by one, so that the scan itself leaves rows out.
    for one in filters:
        chosen = chosen.filter(one.expression(rows.columns))
    counts = chosen.select(n=pl.len(), known=correct.is_not_null().sum(), right=correct.sum()).collect()
    n, known, right = counts.row(0)
    return Standing(
        chosen=n,
        whole=rows.count(),
        known=known,
        right=right or 0,
        by_outcome=CORRECT in asked or {SELECTED, ACTUAL} <= asked,
    )

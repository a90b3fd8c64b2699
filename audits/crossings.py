"""Cells of crossed attributes: counts in, and a finding that waits for the correction over its family out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from audits.cell_evidence import Cell
from audits.evidence import Evidence, Test
from audits.findings import Finding, Verdict
from audits.statistics import cell_sentences as speech
from audits.statistics import gap_sentences as gaps
from audits.statistics.cell_evidence import cells_evidence, cells_of, differences_table, together
from audits.statistics.contrasts import REST, Contrasts, contrasts
from audits.statistics.disparity import LEAST, PairBounds, Ruling, rule
from audits.statistics.gap_sentences import SENTENCES, MetricSentences, spoken
from audits.statistics.power import enough_per_group, in_round_figures, shrunk_rate, smallest_gap
from probes.speech import Count, Names, Phrase, Points, Probability, Quantity, Range, Sentence, Share, Times

if TYPE_CHECKING:
    from audits.statistics.metrics import Metric, Rates

WORTH_A_RATIO = 1.1
"""Below this ratio "1.0 times as often" says less than the two rates."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One metric over the cells of some attributes, and the words to speak about it."""

    audit: str
    name: str
    attributes: tuple[str, ...]
    metric: Metric
    tolerance: float
    words: Mapping[str, Quantity]
    family: str
    primary: bool
    """Whether the verdict may be a failure; otherwise it is a concern at most."""
    settings: Mapping[str, Any]
    notes: tuple[Sentence, ...] = ()

    @property
    def sentences(self) -> MetricSentences:
        """How the metric is spoken about."""
        return SENTENCES[self.metric]

    def say(self, template: str, **values: Quantity) -> Sentence:
        """A sentence with the plan's words in it."""
        return spoken(template, {**self.words, "attributes": Names(texts=self.attributes), **values})

    def unasked(self, reason: str, **values: Quantity) -> Finding:
        """Could not be asked of this model or data, and why."""
        title = self.sentences.title + speech.BY + gaps.NOT_AUDITED
        return self.finding(Verdict.NOT_APPLICABLE, self.say(title + reason, **values), (), ())

    def finding(
        self, verdict: Verdict, summary: Sentence, details: Sequence[Sentence], evidence: Sequence[Evidence]
    ) -> Finding:
        """The finished finding."""
        return Finding(
            audit=self.audit,
            name=self.name,
            verdict=verdict,
            summary=summary,
            details=(*details, *self.notes),
            evidence=tuple(evidence),
            method=speech.METHOD,
            settings=dict(self.settings),
        )


def judge(
    crossing: Crossing,
    rates: Rates,
    groups: Sequence[tuple[str, ...]],
    labels: Sequence[tuple[str, ...]],
    unrecorded: str,
) -> Finding | CellGap:
    """A gap between cells that waits for its family, or at once a finding where there is nothing to compare.

    `groups` and `labels` are each cell's values in the data and their names for readers, in the order of the rates.
    """
    recorded = np.array([unrecorded not in values for values in groups], bool)
    counted = np.flatnonzero(recorded & (rates.n > 0))
    if len(counted) == 0:
        return crossing.unasked(gaps.NONE_SUCH)
    if len(counted) == 1:
        return crossing.unasked(gaps.ONE_SUCH, group=Names(texts=labels[int(counted[0])]))
    compared = np.flatnonzero(recorded & (rates.n >= LEAST))
    cells = cells_of(rates, groups, labels, recorded, compared)
    small = tuple(together(labels[i]) for i in np.flatnonzero(recorded & (rates.n < LEAST)).tolist())
    if len(compared) >= 2:
        return CellGap(crossing, rates, cells, compared, small, contrasts(rates.events[compared], rates.n[compared]))
    summary = crossing.say(crossing.sentences.unsettled + gaps.TOO_SMALL, least=Count(value=LEAST))
    evidence = (cells_evidence(crossing.say, crossing.sentences, crossing.attributes, rates, cells),)
    return crossing.finding(Verdict.INSUFFICIENT, summary, _listed(crossing, small), evidence)


@dataclass(frozen=True, slots=True)
class CellGap:
    """At least two cells compared in one metric; Pending until the family is corrected."""

    crossing: Crossing
    rates: Rates
    cells: tuple[Cell, ...]
    compared: np.ndarray[Any, np.dtype[np.intp]]
    """Which of the cells are large enough."""
    small: tuple[str, ...]
    """Those that are recorded and not large enough, as readers are told of them."""
    contrasts: Contrasts

    @property
    def family(self) -> str:
        """All crossings and metrics of the audit are corrected together."""
        return self.crossing.family

    @property
    def tests(self) -> Sequence[Test]:
        """One for each contrast."""
        return self.contrasts.pairs.tests()

    def close(self, tests: Sequence[Test]) -> Finding:
        """The verdict and its evidence, given the tests with Holm's p."""
        crossing, pairs = self.crossing, self.contrasts.pairs
        size = next((test.family for test in tests if test.family is not None), len(tests))
        limits = self.contrasts.bounds(size)
        ruling = rule(pairs.difference, [test.adjusted for test in tests], limits, crossing.tolerance)
        values = self._values(ruling, limits, tests, size)
        capped = ruling.verdict is Verdict.FAIL and not crossing.primary
        names = [Names(texts=self.cells[i].labels) for i in self.compared]
        return crossing.finding(
            Verdict.CONCERN if capped else ruling.verdict,
            crossing.say(self._template(ruling, values), **values),
            (*self._details(ruling, values, capped), *_listed(crossing, self.small)),
            (
                cells_evidence(crossing.say, crossing.sentences, crossing.attributes, self.rates, self.cells),
                differences_table(pairs, limits, tests, names),
            ),
        )

    def _values(self, ruling: Ruling, limits: PairBounds, tests: Sequence[Test], size: int) -> dict[str, Quantity]:
        pair, pairs, shown = ruling.pair, self.contrasts.pairs, [self.cells[i] for i in self.compared]
        n, events = self.contrasts.n, self.contrasts.events
        first, second = int(pairs.first[pair]), int(pairs.second[pair])
        one: Quantity = Names(texts=shown[first].labels)
        two: Quantity = Phrase(text="all others") if second == REST else Names(texts=shown[second].labels)
        one_rate = float(events[first] / n[first])
        two_rate = float(self.contrasts.events_beside[pair] / self.contrasts.n_beside[pair])
        interval = (limits.simultaneous if ruling.significant else limits.alone).at(pair)
        turned = pairs.difference[pair] < 0
        (high, high_rate), (low, low_rate) = ((two, two_rate), (one, one_rate))[:: 1 if turned else -1]
        span = (-interval.high, -interval.low) if turned else (interval.low, interval.high)
        common = shrunk_rate(float(events.sum()), float(n.sum()))
        smallest = np.array([n.min(), self.contrasts.n_beside[n.argmin()]]) if second == REST else n
        enough = enough_per_group(len(shown), common, self.crossing.tolerance)
        values: dict[str, Quantity] = {
            "high": high,
            "low": low,
            "high_rate": Share(value=high_rate),
            "low_rate": Share(value=low_rate),
            "gap": Points(value=high_rate - low_rate),
            "range": Range(low=span[0], high=span[1]),
            "tolerance": Points(value=self.crossing.tolerance),
            "bound": Points(value=min(1.0, np.ceil(ruling.bound * 100 - 1e-9) / 100)),
            "cells": Count(value=len(shown)),
            "small": Count(value=len(self.small)),
            "p": Probability(value=tests[pair].adjusted),
            "tests": Count(value=size),
            "n": Count(value=round(n.min())),
            "smallest": Points(value=smallest_gap(smallest, common, size)),
        }
        if low_rate > 0 and high_rate / low_rate >= WORTH_A_RATIO:
            values["times"] = Times(value=high_rate / low_rate)
        if enough is not None and in_round_figures(enough) > n.min():
            values["enough"] = Count(value=in_round_figures(enough))
        return values

    def _template(self, ruling: Ruling, values: Mapping[str, Quantity]) -> str:
        sentences = self.crossing.sentences
        gap = sentences.ratio if sentences.ratio is not None and "times" in values else sentences.gap
        match ruling.verdict:
            case Verdict.FAIL:
                return gap + gaps.BEYOND
            case Verdict.CONCERN:
                return gap + gaps.PERHAPS_BEYOND
            case Verdict.PASS:
                template = sentences.title + speech.EVEN + (gaps.REAL_BUT_SMALL if ruling.significant else "")
                return template + (speech.NOT_COVERED if self.small else "")
            case _:
                if self.crossing.tolerance <= 0:
                    return sentences.unsettled + gaps.NOTHING_PASSES
                return sentences.unsettled + gaps.UNSEEN + (gaps.SETTLES if "enough" in values else gaps.TOO_NEAR)

    def _details(self, ruling: Ruling, values: Mapping[str, Quantity], capped: bool) -> list[Sentence]:
        say, pairs = self.crossing.say, self.contrasts.pairs
        details = []
        if ruling.verdict in (Verdict.FAIL, Verdict.CONCERN):
            details.append(say(gaps.FOR_ALL, **values))
            details.extend(self._drawn_in(values))
        elif ruling.verdict is Verdict.INSUFFICIENT:
            details.append(say(gaps.LARGEST, **values))
        if (pairs.second == REST).all():
            details.append(say(speech.AGAINST_REST, cells=values["cells"]))
        return [*details, *([say(speech.EXPLORES)] if capped else [])]

    def _drawn_in(self, values: Mapping[str, Quantity]) -> list[Sentence]:
        """What empirical Bayes makes of the cell that the sentence is about."""
        for cell in self.cells:
            about = values["high"]
            if not isinstance(about, Names) or about.texts != cell.labels or cell.shrunk_interval is None:
                continue
            bounds = cell.shrunk_interval
            own: dict[str, Quantity] = {
                **values,
                "n": Count(value=round(cell.n)),
                "shrunk": Share(value=cell.shrunk),
                "range": Range(low=bounds.low, high=bounds.high),
            }
            return [self.crossing.say(speech.SHRUNK, **own)]
        return []


def _listed(crossing: Crossing, small: tuple[str, ...]) -> tuple[Sentence, ...]:
    if not small:
        return ()
    return (crossing.say(speech.SMALL_CELLS, least=Count(value=LEAST), untested=Names(texts=small, most=20)),)

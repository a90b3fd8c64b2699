"""A disparity that waits for the correction over its family: counts by group in, a finding with its verdict out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from audits.evidence import Evidence, GroupRate, Test
from audits.findings import Finding, Verdict
from audits.statistics import gap_sentences as speech
from audits.statistics.definitions import DEFINITIONS, AnyMetric, hypotheses
from audits.statistics.disparity import LEAST, PairBounds, Ruling, bounds, rule
from audits.statistics.gap_evidence import counts_table, group_rates, pairs_evidence, rates_evidence
from audits.statistics.gap_method import method
from audits.statistics.gap_sentences import SENTENCES, MetricSentences, spoken
from audits.statistics.metrics import Rates
from audits.statistics.pairs import Pairs, compared
from audits.statistics.power import enough_per_group, in_round_figures, shrunk_rate, smallest_gap
from audits.statistics.ratio_evidence import four_fifths, ratios_table
from audits.statistics.ratios import all_ratios
from probes.speech import Count, Name, Names, Points, Probability, Quantity, Range, Sentence, Share, Times, say

if TYPE_CHECKING:
    from jaxtyping import Int
    from numpy import ndarray

WORTH_A_RATIO: Final = 1.1
"""Below this ratio "1.0 times as often" says less than the two rates."""


@dataclass(frozen=True, slots=True)
class Question:
    """One metric of one attribute, and the words to speak about it."""

    audit: str
    name: str
    attribute: str
    metric: AnyMetric
    tolerance: float
    words: Mapping[str, Quantity]
    labels: Mapping[str, str]
    """Group in the data -> its name for readers."""
    unrecorded: str
    """The group that is listed and never compared: those whose attribute is not recorded."""
    weighted: bool
    settings: Mapping[str, Any]
    notes: tuple[Sentence, ...] = ()
    """What was left out before anything was counted."""
    exploratory: bool = False
    """Corrected apart from the metrics that were named beforehand as those that decide, and a concern at most."""
    beside: tuple[Evidence, ...] = ()
    """Further evidence that decides nothing."""

    @property
    def sentences(self) -> MetricSentences:
        """How the metric is spoken about."""
        return SENTENCES[self.metric]

    def say(self, template: str, **values: Quantity) -> Sentence:
        """A sentence with the plan's words in it."""
        return spoken(template, {**self.words, "attribute": Name(text=self.attribute), **values})

    def unasked(self, reason: str, **values: Quantity) -> Finding:
        """Could not be asked of this model or data, and why."""
        summary = self.say(self.sentences.title + speech.NOT_AUDITED + reason, **values)
        return self.finding(Verdict.NOT_APPLICABLE, summary, self.notes, ())

    def finding(
        self, verdict: Verdict, summary: Sentence, details: Sequence[Sentence], evidence: Sequence[Evidence]
    ) -> Finding:
        """The finished finding."""
        return Finding(
            audit=self.audit,
            name=self.name,
            verdict=verdict,
            summary=summary,
            details=tuple(details),
            evidence=tuple(evidence),
            method=method(self.metric),
            settings=dict(self.settings),
        )


def judge(question: Question, rates: Rates) -> Finding | Disparity:
    """A disparity that waits for its family, or at once a finding where there is nothing to compare."""
    recorded = np.array([group != question.unrecorded for group in rates.groups], bool)
    counted = np.flatnonzero(recorded & (rates.fewest > 0))
    if len(counted) == 0:
        return question.unasked(speech.NONE_SUCH)
    if len(counted) == 1:
        return question.unasked(speech.ONE_SUCH, group=Name(text=question.labels[rates.groups[counted[0]]]))
    large = np.flatnonzero(recorded & (rates.fewest >= LEAST))
    if len(large) >= 2:
        return Disparity(question, rates, large, compared(rates.of(large)))
    groups = group_rates(rates, question.labels, large)
    summary = question.say(question.sentences.unsettled + speech.TOO_SMALL, least=Count(value=LEAST))
    return question.finding(Verdict.INSUFFICIENT, summary, _notes(question, groups), _listed(question, rates, groups))


@dataclass(frozen=True, slots=True)
class Disparity:
    """At least two groups compared in one metric; Pending until the family is corrected."""

    question: Question
    rates: Rates
    compared: Int[ndarray, "compared"]
    """Which of the groups are large enough."""
    pairs: Pairs

    @property
    def family(self) -> str:
        """All metrics of one attribute that decide are corrected together; exploratory ones by themselves."""
        family = f"disparity:{self.question.attribute}"
        return f"{family}:exploratory:{self.question.audit}" if self.question.exploratory else family

    @property
    def hypotheses(self) -> str:
        """Complements, such as the true positive and the false negative rate, are one question and count once."""
        return f"rates:{hypotheses(self.question.metric)}"

    @property
    def tests(self) -> Sequence[Test]:
        """One for each pair of groups."""
        return self.pairs.tests()

    def close(self, tests: Sequence[Test]) -> Finding:
        """The verdict and its evidence, given the tests with Holm's p."""
        question, rates = self.question, self.rates
        shown = rates.of(self.compared)
        size = next((test.family for test in tests if test.family is not None), len(tests))
        limits = bounds(shown, self.pairs, size)
        ruling = rule(self.pairs.difference, [test.adjusted for test in tests], limits, question.tolerance)
        verdict = Verdict.CONCERN if question.exploratory and ruling.verdict is Verdict.FAIL else ruling.verdict
        groups = group_rates(rates, question.labels, self.compared)
        values = self._values(ruling, limits, tests, size, groups)
        title = question.say("All pairs: " + question.sentences.title)
        names = [groups[i].label for i in self.compared]
        listed = _listed(question, rates, groups)
        ratios, rule_of_thumb = self._ratios(tests, names)
        return question.finding(
            verdict,
            question.say(self._template(ruling, values), **values),
            (*self._details(ruling, values), *rule_of_thumb, *_notes(question, groups)),
            (
                listed[0],
                pairs_evidence(self.pairs, limits, names, tests, title),
                *listed[1:],
                *ratios,
                *question.beside,
            ),
        )

    def _ratios(self, tests: Sequence[Test], names: Sequence[str]) -> tuple[tuple[Evidence, ...], tuple[Sentence, ...]]:
        """The rates as ratios, and what the four-fifths rule says beside the test, where the metric is a plain rate."""
        if type(self.rates) is not Rates:
            return (), ()
        shown = self.rates.of(self.compared)
        odds = self.question.metric == "treatment-equality"
        ratios = all_ratios(shown.events, shown.n, self.pairs, odds=odds)
        title = self.question.say(speech.RATIO_OF_ERRORS if odds else "Ratios: " + self.question.sentences.title)
        selection = self.question.metric == "selection-rate"
        table = ratios_table(ratios, names, tests, title, selection)
        return (table,), (four_fifths(ratios, names, tests, self.question.words),) if selection else ()

    def _values(
        self, ruling: Ruling, limits: PairBounds, tests: Sequence[Test], size: int, groups: Sequence[GroupRate]
    ) -> dict[str, Quantity]:
        pair, shown = ruling.pair, [groups[i] for i in self.compared]
        one, two = shown[self.pairs.first[pair]], shown[self.pairs.second[pair]]
        alone, every = limits.alone.at(pair), limits.simultaneous.at(pair)
        interval = every if ruling.verdict in (Verdict.FAIL, Verdict.CONCERN) else alone
        turned = self.pairs.difference[pair] < 0
        high, low = (two, one) if turned else (one, two)
        span = (-interval.high, -interval.low) if turned else (interval.low, interval.high)
        assert high.rate is not None
        assert low.rate is not None
        chosen = self.rates.of(self.compared)
        worth, fewest = chosen.worth, chosen.fewest.min()
        common = shrunk_rate(float((chosen.rate * worth).sum()), float(worth.sum()))
        enough = enough_per_group(len(shown), common, self.question.tolerance)
        values: dict[str, Quantity] = {
            "high": Name(text=high.label),
            "low": Name(text=low.label),
            "high_rate": Share(value=high.rate),
            "low_rate": Share(value=low.rate),
            "gap": Points(value=high.rate - low.rate),
            "range": Range(low=span[0], high=span[1]),
            "tolerance": Points(value=self.question.tolerance),
            "groups": Names(texts=tuple(group.label for group in shown)),
            "untested": Names(texts=tuple(group.label for group in _uncovered(self.question, groups)), most=20),
            "bound": Points(value=_rounded_up(ruling.bound)),
            "p": Probability(value=tests[pair].adjusted),
            "tests": Count(value=size),
            "n": Count(value=round(fewest)),
            "smallest": Points(value=smallest_gap(worth, common, size)),
        }
        if low.rate > 0 and high.rate / low.rate >= WORTH_A_RATIO:
            values["times"] = Times(value=high.rate / low.rate)
        if enough is not None:
            rows = in_round_figures(math.ceil(enough * float(np.median(chosen.fewest / worth)) - 1e-6))
            if rows > fewest:
                values["enough"] = Count(value=rows)
        return values

    def _template(self, ruling: Ruling, values: Mapping[str, Quantity]) -> str:
        sentences = self.question.sentences
        gap = sentences.ratio if sentences.ratio is not None and "times" in values else sentences.gap
        untested = values["untested"]
        match ruling.verdict:
            case Verdict.FAIL:
                return gap + (speech.AT_MOST_A_CONCERN if self.question.exploratory else speech.BEYOND)
            case Verdict.CONCERN:
                return gap + speech.PERHAPS_BEYOND
            case Verdict.PASS:
                template = sentences.even + (speech.REAL_BUT_SMALL if ruling.significant else "")
                return template + (speech.NOT_COVERED if isinstance(untested, Names) and untested.texts else "")
            case _:
                if self.question.tolerance <= 0:
                    return sentences.unsettled + speech.NOTHING_PASSES
                settles = speech.SETTLES if "enough" in values else speech.TOO_NEAR
                return sentences.unsettled + speech.UNSEEN + settles

    def _details(self, ruling: Ruling, values: Mapping[str, Quantity]) -> tuple[Sentence, ...]:
        told: tuple[Sentence, ...]
        match ruling.verdict:
            case Verdict.FAIL | Verdict.CONCERN:
                told = (self.question.say(speech.FOR_ALL, **values),)
            case Verdict.INSUFFICIENT:
                told = (self.question.say(speech.LARGEST, **values),)
            case _:
                told = ()
        return (*told, *((say(speech.EXPLORATORY),) if self.question.exploratory else ()))


def _uncovered(question: Question, groups: Sequence[GroupRate]) -> list[GroupRate]:
    return [group for group in groups if not group.tested and group.group != question.unrecorded]


def _notes(question: Question, groups: Sequence[GroupRate]) -> tuple[Sentence, ...]:
    uncovered = tuple(group.label for group in _uncovered(question, groups))
    small = question.say(speech.SMALL_GROUPS, least=Count(value=LEAST), untested=Names(texts=uncovered, most=20))
    return (*((small,) if uncovered else ()), *((say(speech.WEIGHTED),) if question.weighted else ()), *question.notes)


def _listed(question: Question, rates: Rates, groups: tuple[GroupRate, ...]) -> tuple[Evidence, ...]:
    event = question.say(question.sentences.event)
    return (
        rates_evidence(
            groups,
            rates,
            question.sentences,
            question.words,
            question.tolerance,
            direction=DEFINITIONS[question.metric].direction,
        ),
        counts_table(groups, rates.rows, event, question.words, question.weighted),
    )


def _rounded_up(bound: float) -> float:
    """To the digits that are shown: "smaller than 5 points" must not have been 5.04."""
    step = 100 if bound >= 0.0995 else 1000
    return min(1.0, math.ceil(bound * step - 1e-9) / step)

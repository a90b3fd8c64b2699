"""A disparity that waits for the correction over its family: counts by group in, a finding with its verdict out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from audits.evidence import Evidence, GroupRate, Test
from audits.findings import Finding, Method, Verdict
from audits.statistics import gap_sentences as speech
from audits.statistics.disparity import LEAST, PairBounds, Ruling, bounds, rule
from audits.statistics.gap_evidence import counts_table, group_rates, pairs_evidence, rates_evidence
from audits.statistics.gap_sentences import SENTENCES, MetricSentences, spoken
from audits.statistics.metrics import Metric, Rates
from audits.statistics.pairs import Pairs, all_pairs
from audits.statistics.power import enough_per_group, in_round_figures, shrunk_rate, smallest_gap
from probes.speech import Count, Name, Names, Points, Probability, Quantity, Range, Sentence, Share, Times, say

if TYPE_CHECKING:
    from jaxtyping import Int
    from numpy import ndarray

METHOD: Final = Method(
    text=say(
        "Each group's rate is counted within the metric's own denominator and given Wilson's 95 % interval. "
        "Every pair of groups is compared by the pooled score test, or Fisher's mid-p where fewer than 5 are expected "
        "in a cell, and Holm's correction runs over all pairs and metrics of the attribute. "
        "Pass: the 90 % interval (Newcombe) of every difference lies inside the tolerance. "
        "Fail: after correction p is below .05, the difference is beyond the tolerance, and its simultaneous 95 % "
        "interval lies beyond half of it. Concern: p is below .05. Anything else is not enough evidence. "
        "The test of overall equality is shown and decides nothing."
    ),
    sources=(
        "Hardt, Price and Srebro (2016), Equality of opportunity in supervised learning",
        "Agarwal et al. (2018), A reductions approach to fair classification",
        "Wilson (1927), Probable inference, the law of succession, and statistical inference",
        "Newcombe (1998), Interval estimation for the difference between independent proportions",
        "Lancaster (1961), Significance tests in discrete distributions",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
        "Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach",
        "Kish (1965), Survey sampling",
    ),
)

WORTH_A_RATIO: Final = 1.1
"""Below this ratio "1.0 times as often" says less than the two rates."""


@dataclass(frozen=True, slots=True)
class Question:
    """One metric of one attribute, and the words to speak about it."""

    audit: str
    name: str
    attribute: str
    metric: Metric
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
            method=METHOD,
            settings=dict(self.settings),
        )


def judge(question: Question, rates: Rates) -> Finding | Disparity:
    """A disparity that waits for its family, or at once a finding where there is nothing to compare."""
    recorded = np.array([group != question.unrecorded for group in rates.groups], bool)
    counted = np.flatnonzero(recorded & (rates.n > 0))
    if len(counted) == 0:
        return question.unasked(speech.NONE_SUCH)
    if len(counted) == 1:
        return question.unasked(speech.ONE_SUCH, group=Name(text=question.labels[rates.groups[counted[0]]]))
    compared = np.flatnonzero(recorded & (rates.n >= LEAST))
    if len(compared) >= 2:
        return Disparity(question, rates, compared, all_pairs(rates.events[compared], rates.n[compared]))
    groups = group_rates(rates, question.labels, compared)
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
        """All metrics of one attribute are corrected together."""
        return f"disparity:{self.question.attribute}"

    @property
    def tests(self) -> Sequence[Test]:
        """One for each pair of groups."""
        return self.pairs.tests()

    def close(self, tests: Sequence[Test]) -> Finding:
        """The verdict and its evidence, given the tests with Holm's p."""
        question, rates = self.question, self.rates
        events, n = rates.events[self.compared], rates.n[self.compared]
        size = next((test.family for test in tests if test.family is not None), len(tests))
        limits = bounds(events, n, self.pairs, size)
        ruling = rule(self.pairs.difference, [test.adjusted for test in tests], limits, question.tolerance)
        groups = group_rates(rates, question.labels, self.compared)
        values = self._values(ruling, limits, tests, size, groups)
        title = question.say("All pairs: " + question.sentences.title)
        names = [groups[i].label for i in self.compared]
        listed = _listed(question, rates, groups)
        return question.finding(
            ruling.verdict,
            question.say(self._template(ruling, values), **values),
            (*self._details(ruling, values), *_notes(question, groups)),
            (listed[0], pairs_evidence(self.pairs, limits, names, tests, title), *listed[1:]),
        )

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
        n = np.array([group.n for group in shown])
        common = shrunk_rate(sum(group.events for group in shown), float(n.sum()))
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
            "n": Count(value=round(n.min())),
            "smallest": Points(value=smallest_gap(n, common, size)),
        }
        if low.rate > 0 and high.rate / low.rate >= WORTH_A_RATIO:
            values["times"] = Times(value=high.rate / low.rate)
        if enough is not None and in_round_figures(enough) > n.min():
            values["enough"] = Count(value=in_round_figures(enough))
        return values

    def _template(self, ruling: Ruling, values: Mapping[str, Quantity]) -> str:
        sentences = self.question.sentences
        gap = sentences.ratio if sentences.ratio is not None and "times" in values else sentences.gap
        untested = values["untested"]
        match ruling.verdict:
            case Verdict.FAIL:
                return gap + speech.BEYOND
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
        match ruling.verdict:
            case Verdict.FAIL | Verdict.CONCERN:
                return (self.question.say(speech.FOR_ALL, **values),)
            case Verdict.INSUFFICIENT:
                return (self.question.say(speech.LARGEST, **values),)
            case _:
                return ()


def _uncovered(question: Question, groups: Sequence[GroupRate]) -> list[GroupRate]:
    return [group for group in groups if not group.tested and group.group != question.unrecorded]


def _notes(question: Question, groups: Sequence[GroupRate]) -> tuple[Sentence, ...]:
    uncovered = tuple(group.label for group in _uncovered(question, groups))
    small = question.say(speech.SMALL_GROUPS, least=Count(value=LEAST), untested=Names(texts=uncovered, most=20))
    return (*((small,) if uncovered else ()), *((say(speech.WEIGHTED),) if question.weighted else ()), *question.notes)


def _listed(question: Question, rates: Rates, groups: tuple[GroupRate, ...]) -> tuple[Evidence, ...]:
    event = question.say(question.sentences.event)
    return (
        rates_evidence(groups, rates, question.sentences, question.words, question.tolerance),
        counts_table(groups, rates.rows, event, question.words),
    )


def _rounded_up(bound: float) -> float:
    """To the digits that are shown: "smaller than 5 points" must not have been 5.04."""
    step = 100 if bound >= 0.0995 else 1000
    return min(1.0, math.ceil(bound * step - 1e-9) / step)

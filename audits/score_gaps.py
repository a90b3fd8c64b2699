"""A gap between groups in something that is no simple rate: estimates in, a finding with its verdict out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from audits.evidence import Evidence, PairTest, PairTests, Test
from audits.findings import Finding, Method, Verdict
from audits.statistics.disparity import LEAST, LEVEL, PairBounds, Ruling, rule
from audits.statistics.gap_sentences import spoken
from audits.statistics.intervals import Bounds
from probes.speech import Count, Name, Names, Number, Points, Probability, Quantity, Range, Sentence, Share, say

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy import ndarray


@dataclass(frozen=True, slots=True)
class GapSentences:
    """How one measure is spoken about; `more` compares {high} with {low}."""

    title: str
    more: str
    unsettled: str


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Every pair of compared groups: difference (first minus second), p, and intervals at any level."""

    test: str
    first: Int[ndarray, "pair"]
    second: Int[ndarray, "pair"]
    difference: Float[ndarray, "pair"]
    p: Float[ndarray, "pair"]
    bounds: Callable[[float], Bounds]

    def limits(self, tests: int) -> PairBounds:
        """The three intervals that the verdict asks for."""
        simultaneous = self.bounds(1 - LEVEL / max(1, tests))
        held = Bounds(simultaneous.low, simultaneous.high, 1 - LEVEL)
        return PairBounds(self.bounds(1 - LEVEL), held, self.bounds(1 - 2 * LEVEL))


@dataclass(frozen=True, slots=True)
class ScoreQuestion:
    """One measure of one attribute, and the words to speak about it."""

    audit: str
    name: str
    attribute: str
    tolerance: float
    primary: bool
    sentences: GapSentences
    method: Method
    words: Mapping[str, Quantity]
    settings: Mapping[str, Any]
    notes: tuple[Sentence, ...] = ()

    @property
    def family(self) -> str:
        """Primary measures are corrected with the attribute's rates, exploratory ones among themselves."""
        family = f"disparity:{self.attribute}"
        return family if self.primary else f"{family}:exploratory:{self.audit}"

    def say(self, template: str, **values: Quantity) -> Sentence:
        """A sentence with the plan's words in it."""
        return spoken(template, {**self.words, "attribute": Name(text=self.attribute), **values})

    def unasked(self, reason: str, **values: Quantity) -> Finding:
        """Could not be asked of this model or data, and why."""
        return self.finding(Verdict.NOT_APPLICABLE, self.say(self.sentences.title + NOT_AUDITED + reason, **values))

    def unsettled(self, evidence: Sequence[Evidence], notes: Sequence[Sentence] = ()) -> Finding:
        """Fewer than two groups are large enough to compare."""
        summary = self.say(self.sentences.unsettled + TOO_SMALL, least=Count(value=LEAST))
        return self.finding(Verdict.INSUFFICIENT, summary, notes, evidence)

    def finding(
        self, verdict: Verdict, summary: Sentence, details: Sequence[Sentence] = (), evidence: Sequence[Evidence] = ()
    ) -> Finding:
        """The finished finding."""
        return Finding(
            audit=self.audit,
            name=self.name,
            verdict=verdict,
            summary=summary,
            details=(*details, *self.notes),
            evidence=tuple(evidence),
            method=self.method,
            settings=dict(self.settings),
        )


@dataclass(frozen=True, slots=True)
class ScoreGap:
    """Groups compared in one measure; Pending until the family is corrected."""

    question: ScoreQuestion
    labels: Sequence[str]
    """The compared groups, as readers know them."""
    values: Float[ndarray, "pair side"]
    """The two groups' own values where they are furthest apart, as shares."""
    compared: Comparisons
    evidence: tuple[Evidence, ...]
    uncovered: tuple[str, ...] = ()
    details: tuple[Sentence, ...] = ()
    more: Mapping[int, Mapping[str, Quantity]] = field(default_factory=dict)
    """What else a pair's sentence asks for, by pair."""

    @property
    def family(self) -> str:
        """See ScoreQuestion.family."""
        return self.question.family

    @property
    def tests(self) -> Sequence[Test]:
        """One for each pair of groups."""
        return [Test(name=self.compared.test, p=float(p)) for p in self.compared.p]

    def close(self, tests: Sequence[Test]) -> Finding:
        """The verdict and its evidence, given the tests with Holm's p; exploratory measures are at most a concern."""
        question = self.question
        size = next((test.family for test in tests if test.family is not None), len(tests))
        limits = self.compared.limits(size)
        ruling = rule(self.compared.difference, [test.adjusted for test in tests], limits, question.tolerance)
        values = self._values(ruling, limits, tests, size)
        capped = ruling.verdict is Verdict.FAIL and not question.primary
        return question.finding(
            Verdict.CONCERN if capped else ruling.verdict,
            question.say(question.sentences.title + EVEN, **values)
            if ruling.verdict is Verdict.PASS
            else question.say(
                question.sentences.unsettled + NOT_SETTLED
                if ruling.verdict is Verdict.INSUFFICIENT
                else question.sentences.more + (BEYOND if ruling.verdict is Verdict.FAIL else PERHAPS),
                **values,
            ),
            (*self._details(ruling, capped, values), *self.details),
            (*self.evidence[:1], self._pairs(limits, tests), *self.evidence[1:]),
        )

    def _values(
        self, ruling: Ruling, limits: PairBounds, tests: Sequence[Test], size: int
    ) -> dict[str, Quantity]:  # fmt: skip
        pair = ruling.pair
        certain = limits.simultaneous if ruling.verdict in (Verdict.FAIL, Verdict.CONCERN) else limits.alone
        interval = certain.at(pair)
        sides = [self.labels[self.compared.first[pair]], self.labels[self.compared.second[pair]]]
        turned = bool(self.values[pair, 0] < self.values[pair, 1])
        high, low = (1, 0) if turned else (0, 1)
        signed = self.compared.difference[pair] < 0
        span = (-interval.high, -interval.low) if signed else (interval.low, interval.high)
        return {
            "high": Name(text=sides[high]),
            "low": Name(text=sides[low]),
            "high_value": Share(value=float(self.values[pair, high])),
            "low_value": Share(value=float(self.values[pair, low])),
            "gap": Points(value=abs(float(self.compared.difference[pair]))),
            "range": Range(low=span[0], high=span[1]),
            "tolerance": Points(value=self.question.tolerance),
            "bound": Points(value=min(1.0, float(np.ceil(ruling.bound * 1000 - 1e-9) / 1000))),
            "groups": Names(texts=tuple(self.labels)),
            "p": Probability(value=tests[pair].adjusted),
            "tests": Count(value=size),
            **self.more.get(pair, {}),
        }

    def _details(self, ruling: Ruling, capped: bool, values: Mapping[str, Quantity]) -> list[Sentence]:
        said = []
        if ruling.verdict in (Verdict.FAIL, Verdict.CONCERN):
            said.append(self.question.say(FOR_ALL, **values))
        if capped:
            said.append(say(EXPLORATORY))
        if self.uncovered:
            names = Names(texts=self.uncovered, most=20)
            said.append(self.question.say(SMALL_GROUPS, least=Count(value=LEAST), untested=names))
        return said

    def _pairs(self, limits: PairBounds, tests: Sequence[Test]) -> PairTests:
        return PairTests(
            name="pairs",
            title=self.question.say("All pairs: " + self.question.sentences.title),
            pairs=tuple(
                PairTest(
                    first=self.labels[self.compared.first[i]],
                    second=self.labels[self.compared.second[i]],
                    difference=float(self.compared.difference[i]),
                    interval=limits.alone.at(i),
                    simultaneous=limits.simultaneous.at(i),
                    equivalence=limits.equivalence.at(i),
                    test=test,
                )
                for i, test in enumerate(tests)
            ),
        )


def amount(n: float) -> Quantity:
    """Rows; weighted groups have effective numbers, which need not be whole."""
    return Count(value=int(n)) if n == int(n) else Number(value=float(n), digits=3)


NOT_AUDITED: Final = ": not audited."
TOO_SMALL: Final = " Fewer than two groups have at least {least} {plural} to count."
EVEN: Final = " is even across {groups}: any difference is smaller than {bound} (95 % certain)."
BEYOND: Final = " That is beyond the tolerance of {tolerance}."
PERHAPS: Final = " That is a real difference ({p}); whether it is beyond the tolerance of {tolerance} is not certain."
NOT_SETTLED: Final = (
    " The largest difference seen is {gap} ({high_value} {relation} {high}, {low_value} {relation} {low}; 95 % "
    "interval {range}), and the tolerance is {tolerance}."
)
FOR_ALL: Final = (
    "The 95 % interval holds for all {tests} comparisons at once (Bonferroni); {p} after Holm's correction."
)
EXPLORATORY: Final = (
    "This is explored beside the primary metrics and is at most a concern; `primary: true` changes that."
)
SMALL_GROUPS: Final = "Listed but not compared, with fewer than {least} {plural} to count: {untested}."
NO_GROUP: Final = " {attribute} is recorded for no {item}."
ONE_GROUP: Final = " There is only one group in {attribute}, {group}, and nothing to compare it with."
TOO_MANY: Final = (
    " {attribute} has {found} different values, and at most {most} are compared; put them into fewer groups."
)
NO_LABELS: Final = " No {item} has a label."
NO_SCORES: Final = " No {item} has a score."
NO_PROBABILITIES: Final = " Scores reach from {low} to {high}; only probabilities, from 0 to 1, can be calibrated."

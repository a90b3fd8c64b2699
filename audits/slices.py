"""Slices that a search found, judged: by rows that the search has not seen, or against what chance makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from audits.cell_evidence import Condition, SliceRate, Slices
from audits.evidence import Evidence, Test
from audits.findings import Finding, Method, Verdict
from audits.statistics import gap_sentences as gaps
from audits.statistics import slice_sentences as speech
from audits.statistics.disparity import LEAST, LEVEL, PairBounds, Ruling, rule
from audits.statistics.gap_sentences import spoken
from audits.statistics.intervals import Bounds, newcombe
from audits.statistics.pairs import FISHER, SCORE, compare
from audits.statistics.slice_sentences import SENTENCES, Error, ErrorSentences
from probes.speech import (
    Count,
    Names,
    Phrase,
    Points,
    Probability,
    Quantity,
    Range,
    Sentence,
    Share,
    Times,
    reader,
    say,
)

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy import ndarray

    _Counts = tuple[Float[ndarray, "slice"], Float[ndarray, "slice"], Float[ndarray, "slice"], Float[ndarray, "slice"]]

MAX_T = "max-T permutation"

WORTH_A_RATIO = 1.1


@dataclass(frozen=True, slots=True)
class SliceQuestion:
    """One kind of error, and the words to speak about it."""

    audit: str
    error: Error
    tolerance: float
    words: Mapping[str, Quantity]
    primary: bool
    method: Method
    settings: Mapping[str, Any]
    notes: tuple[Sentence, ...] = ()

    @property
    def sentences(self) -> ErrorSentences:
        """How the error is spoken about."""
        return SENTENCES[self.error]

    def say(self, template: str, **values: Quantity) -> Sentence:
        """A sentence with the plan's words in it."""
        return spoken(template, {**self.words, **values})

    def finding(
        self, verdict: Verdict, summary: Sentence, details: Sequence[Sentence] = (), evidence: Sequence[Evidence] = ()
    ) -> Finding:
        """The finished finding."""
        return Finding(
            audit=self.audit,
            name=f"worst-slices.{self.error}",
            verdict=verdict,
            summary=summary,
            details=(*details, *self.notes),
            evidence=tuple(evidence),
            method=self.method,
            settings=dict(self.settings),
        )


@dataclass(frozen=True, slots=True)
class Chosen:
    """A slice that the search found, counted among the rows that judge it."""

    conditions: tuple[Condition, ...]
    rows: int
    """Of all rows, on both sides."""
    events: int
    n: int


@dataclass(frozen=True, slots=True)
class WorstSlices:
    """At least one slice; Pending until the slices are corrected for each other."""

    question: SliceQuestion
    chosen: tuple[Chosen, ...]
    events: int
    n: int
    """Errors among all rows that judge."""
    searched: int
    shuffled: tuple[float, ...] | None = None
    """p over the whole search by permutation, where that judges."""

    @property
    def family(self) -> str:
        """All slices of one kind of error."""
        kind = "" if self.question.primary else f":exploratory:{self.question.audit}"
        return f"slices:{self.question.error}{kind}"

    @property
    def tests(self) -> Sequence[Test]:
        """One for each slice, against all other rows; too small ones are not tested."""
        x, n, others, beside = self._counts()
        large = (n >= LEAST) & (beside >= LEAST)
        z, p, exact = compare(x, np.maximum(n, 1), others, np.maximum(beside, 1))
        return [
            Test(name=FISHER if exact[i] else SCORE, p=float(p[i]), statistic=None if exact[i] else float(z[i]))
            if large[i]
            else Test(name=SCORE, p=None, reason="fewer than 10 rows in the slice or outside of it")
            for i in range(len(n))
        ]

    def judged_by_chance(self) -> Finding:
        """The finding where permutation has corrected for the whole search already."""
        assert self.shuffled is not None
        tests = [Test(name=MAX_T, p=p, adjusted=p, family=max(1, self.searched)) for p in self.shuffled]
        return self.close(tests)

    def close(self, tests: Sequence[Test]) -> Finding:
        """The verdict and its evidence, given the tests with their corrected p."""
        question = self.question
        counts = self._counts()
        size = next((test.family for test in tests if test.family is not None), len(tests))
        limits = _bounds(counts, size)
        x, n, others, beside = counts
        with np.errstate(divide="ignore", invalid="ignore"):
            difference = x / n - others / beside
        tested = [at for at, test in enumerate(tests) if test.p is not None]
        slices = tuple(self._rate(at, tests[at], difference, limits) for at in range(len(tests)))
        evidence = (self._evidence(tuple(sorted(slices, key=_order))),)
        if not tested:
            summary = question.say(question.sentences.title + speech.TOO_SMALL, least=Count(value=LEAST))
            return question.finding(Verdict.INSUFFICIENT, summary, (), evidence)
        # A slice in which the model errs less often than elsewhere is no finding, however certain that is.
        adjusted = [tests[at].adjusted if difference[at] > 0 else 1.0 for at in tested]
        part = PairBounds(*(_some(each, tested) for each in (limits.alone, limits.simultaneous, limits.equivalence)))
        ruling = rule(difference[tested], adjusted, part, question.tolerance)
        worst = tested[ruling.pair]
        if ruling.verdict is Verdict.INSUFFICIENT:
            worst = tested[int(np.argmax(difference[tested]))]
        capped = ruling.verdict is Verdict.FAIL and not question.primary
        values = self._values(ruling, slices[worst], limits, worst, size)
        details = [question.say(speech.FOR_ALL, **values)] if ruling.significant and size > 1 else []
        return question.finding(
            Verdict.CONCERN if capped else ruling.verdict,
            question.say(self._template(ruling, values), **values),
            [*details, *([say(speech.EXPLORES)] if capped else [])],
            evidence,
        )

    def _counts(self) -> _Counts:
        """Errors and rows of every slice, then those of all other rows."""
        x = np.array([one.events for one in self.chosen], float)
        n = np.array([one.n for one in self.chosen], float)
        return x, n, self.events - x, self.n - n

    def _rate(self, at: int, test: Test, difference: Float[ndarray, "slice"], limits: PairBounds) -> SliceRate:
        one, known = self.chosen[at], test.p is not None
        beside = self.n - one.n
        return SliceRate(
            conditions=one.conditions,
            rows=one.rows,
            events=one.events,
            n=one.n,
            rate=one.events / one.n if one.n else None,
            rest=(self.events - one.events) / beside if beside else None,
            difference=float(difference[at]) if known else None,
            interval=limits.alone.at(at) if known else None,
            p=test.p,
            adjusted=test.adjusted,
        )

    def _evidence(self, slices: tuple[SliceRate, ...]) -> Slices:
        question = self.question
        return Slices(
            name="slices",
            title=question.say(question.sentences.title),
            axis=question.say(question.sentences.axis),
            hint=say(
                "Right of the line: more errors than elsewhere. Bar: 95 % interval. Hollow: not certain after the "
                "correction."
            ),
            searched=self.searched,
            within=_within(question.error),
            slices=slices,
        )

    def _values(self, ruling: Ruling, one: SliceRate, limits: PairBounds, at: int, size: int) -> dict[str, Quantity]:
        bounds = (limits.simultaneous if ruling.significant else limits.alone).at(at)
        values: dict[str, Quantity] = {
            "rule": Names(texts=tuple(condition.words for condition in one.conditions)),
            "high_rate": Share(value=one.rate),
            "low_rate": Share(value=one.rest),
            "gap": Points(value=one.difference),
            "range": Range(low=bounds.low, high=bounds.high),
            "tolerance": Points(value=self.question.tolerance),
            "bound": Points(value=min(1.0, np.ceil(ruling.bound * 100 - 1e-9) / 100)),
            "p": Probability(value=one.adjusted),
            "k": Count(value=len(self.chosen)),
            "tests": Count(value=size),
            "correction": Phrase(text="Holm's correction" if self.shuffled is None else "permutation"),
        }
        if one.rate and one.rest and one.rate / one.rest >= WORTH_A_RATIO:
            values["times"] = Times(value=one.rate / one.rest)
        return values

    def _template(self, ruling: Ruling, values: Mapping[str, Quantity]) -> str:
        sentences = self.question.sentences
        gap = sentences.ratio if "times" in values else sentences.gap
        match ruling.verdict:
            case Verdict.FAIL:
                return gap + gaps.BEYOND
            case Verdict.CONCERN:
                return gap + gaps.PERHAPS_BEYOND
            case Verdict.PASS:
                return sentences.title + speech.EVEN
            case _:
                return sentences.title + (speech.HELD_OUT_NONE if self.shuffled is None else speech.CHANCE_NONE)


def _within(error: Error) -> Condition | None:
    """False positives are found among those labelled otherwise, misses among those labelled positive."""
    from audits.engine.decisions import ACTUAL

    if error == "wrong":
        return None
    value = "true" if error == "missed" else "false"
    words = reader().gettext("labelled positive" if error == "missed" else "labelled otherwise")
    return Condition(column=ACTUAL, kind="is", value=value, words=words)


def _order(one: SliceRate) -> tuple[bool, float]:
    """Those that are certain first, the largest difference first."""
    return one.adjusted is None or one.adjusted >= LEVEL, -(one.difference or 0.0)


def _some(bounds: Bounds, places: Sequence[int]) -> Bounds:
    return Bounds(bounds.low[places], bounds.high[places], bounds.level)


def _bounds(counts: _Counts, size: int) -> PairBounds:
    x, n, others, beside = counts
    alone, every, even = (
        newcombe(x, n, others, beside, level) for level in (1 - LEVEL, 1 - LEVEL / max(1, size), 1 - 2 * LEVEL)
    )
    return PairBounds(alone, Bounds(every.low, every.high, 1 - LEVEL), even)

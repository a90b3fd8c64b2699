"""A flip audit of one attribute that waits for the correction over its pairs of groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from audits.counterfactuals import flip_sentences as speech
from audits.counterfactuals.flip_evidence import pair_tests, pairs_table, rate_interval, text_pairs, unswapped_table
from audits.evidence import Evidence, Scalar, Test
from audits.findings import Finding, Verdict
from audits.statistics.disparity import LEAST, LEVEL
from audits.statistics.flips import Flips, PairFlips
from audits.statistics.gap_sentences import spoken
from probes.speech import Count, Name, Points, Probability, Quantity, Range, Sentence, Share, say

if TYPE_CHECKING:
    from collections import Counter

    from jaxtyping import Float
    from numpy import ndarray

    from audits.counterfactuals.answers import Answered
    from audits.counterfactuals.lexicon import Unswapped

ONE_SIDED_95: Final = 2.7055
"""Square of the normal quantile at 95 %: with no flip, Wilson's upper bound is z2 / (n + z2)."""


@dataclass(frozen=True, slots=True)
class FlipQuestion:
    """What is asked, and the words to speak about it."""

    audit: str
    name: str
    attribute: str
    plural: str
    templates: bool
    tolerance: float
    primary: bool
    selected: Quantity
    """What it is to be selected; a phrase where the plan has no word."""
    score: Sentence
    settings: Mapping[str, Any]
    notes: tuple[Sentence, ...]

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
            method=speech.METHOD,
            settings=dict(self.settings),
        )


@dataclass(frozen=True, slots=True)
class FlipPending:
    """Texts, answers and counts; Pending until the tests of all pairs are corrected."""

    question: FlipQuestion
    flips: Flips
    answered: Answered
    order: Float[ndarray, "contrast"]
    """Drawn beforehand: which of the unremarkable pairs are shown."""
    unswapped: Counter[Unswapped]

    @property
    def family(self) -> str:
        """All pairs of groups of the attribute; apart from the metrics that decide, unless it decides itself."""
        own = "" if self.question.primary else f":exploratory:{self.question.audit}"
        return f"disparity:{self.question.attribute}{own}"

    @property
    def tests(self) -> Sequence[Test]:
        """Which way the changes go, for each pair of groups."""
        return tuple(pair.test() for pair in self.flips.pairs)

    def close(self, tests: Sequence[Test]) -> Finding:
        """The verdict and its evidence, given the tests with Holm's p."""
        question, flips = self.question, self.flips
        one_way = _strongest_direction(flips.pairs, tests)
        verdict = self._verdict(one_way is not None)
        values = self._values(one_way)
        template = {
            Verdict.PASS: speech.EVEN,
            Verdict.FAIL: speech.BEYOND,
            Verdict.CONCERN: speech.BEYOND if self._beyond() else speech.ONE_WAY,
        }.get(verdict, speech.UNSETTLED)
        if verdict is Verdict.PASS and one_way is not None:
            template += speech.ONE_WAY_ALL_THE_SAME
        enough = ceil(ONE_SIDED_95 * (1 - question.tolerance) / question.tolerance) + 1 if question.tolerance else 0
        if verdict is Verdict.INSUFFICIENT and flips.n < enough:
            template += speech.MORE_NEEDED
            values["enough"] = Count(value=enough)
        summary = spoken(speech.of(template, question.templates), values)
        return question.finding(verdict, summary, self._details(values), self._evidence(tests))

    def _beyond(self) -> bool:
        bounds = rate_interval(self.flips.flipped, self.flips.n)
        return self.flips.n >= LEAST and bounds is not None and bounds.low > self.question.tolerance

    def _verdict(self, one_way: bool) -> Verdict:
        flips, tolerance = self.flips, self.question.tolerance
        certain = rate_interval(flips.flipped, flips.n, 1 - 2 * LEVEL)
        if flips.n < LEAST or certain is None:
            return Verdict.INSUFFICIENT
        if certain.high < tolerance:
            return Verdict.PASS
        if self._beyond():
            return Verdict.FAIL if self.question.primary else Verdict.CONCERN
        return Verdict.CONCERN if one_way else Verdict.INSUFFICIENT

    def _values(self, one_way: tuple[PairFlips, Test] | None) -> dict[str, Quantity]:
        flips = self.flips
        bounds = rate_interval(flips.flipped, flips.n)
        certain = rate_interval(flips.flipped, flips.n, 1 - 2 * LEVEL)
        values: dict[str, Quantity] = {
            "n": Count(value=flips.n),
            "plural": Name(text=self.question.plural),
            "attribute": Name(text=self.question.attribute),
            "flipped": Count(value=flips.flipped),
            "rate": Share(value=flips.flipped / flips.n if flips.n else None),
            "range": Range(low=bounds.low if bounds else 0.0, high=bounds.high if bounds else 1.0),
            "tolerance": Share(value=self.question.tolerance),
            "bound": Share(value=ceil(1000 * certain.high) / 1000 if certain else None),
        }
        if one_way is not None:
            pair, test = one_way
            one, two = pair.only_first or 0, pair.only_second or 0
            high, low = (pair.first, pair.second) if one > two else (pair.second, pair.first)
            values |= {
                "first": Name(text=pair.first),
                "second": Name(text=pair.second),
                "high": Name(text=high),
                "low": Name(text=low),
                "more": Count(value=max(one, two)),
                "fewer": Count(value=min(one, two)),
                "selected": self.question.selected,
                "p": Probability(value=test.adjusted),
            }
        return values

    def _details(self, values: Mapping[str, Quantity]) -> list[Sentence]:
        flips, details = self.flips, []
        most = max(flips.pairs, key=lambda pair: (pair.flipped / pair.n, pair.flipped))
        if most.flipped and len(flips.pairs) > 1:
            details.append(
                say(
                    speech.STRONGEST,
                    first=most.first,
                    second=most.second,
                    flipped=most.flipped,
                    n=most.n,
                    rate=Share(value=most.flipped / most.n),
                )
            )
        if "high" in values:
            details.append(spoken(speech.DIRECTION, values))
        largest = Points(value=flips.largest)
        if flips.interval is not None:
            bounds = Range(low=max(0.0, flips.interval.low), high=flips.interval.high)
            details.append(say(speech.SCORES, mean=Points(value=flips.mean), range=bounds, largest=largest))
        else:
            details.append(say(speech.SCORES_ALONE, largest=largest))
        if not self.question.primary:
            details.append(say(speech.EXPLORATORY))
        return details

    def _evidence(self, tests: Sequence[Test]) -> list[Evidence]:
        question, flips = self.question, self.flips
        name, attribute = question.name, question.attribute
        title = say("How often one group's version is {selected} and the other's is not", selected=question.selected)
        direction = pair_tests(f"{name}.direction", title, flips.pairs, tests)
        rate = Scalar(
            title=say("Texts that get another answer for at least one swap"),
            value=Share(value=flips.flipped / flips.n if flips.n else None),
            n=flips.n,
            interval=rate_interval(flips.flipped, flips.n),
        )
        table = pairs_table(
            f"{name}.pairs",
            say("Swaps between groups ({attribute})", attribute=attribute),
            flips.pairs,
            question.selected,
        )
        texts = text_pairs(
            f"{name}.texts", say("Texts before and after the swap"), question.score, self.answered, self.order
        )
        evidence: list[Evidence] = [rate, texts, *([direction] if direction else []), table]
        if self.unswapped:
            evidence.append(unswapped_table(f"{name}.unswapped", attribute, self.unswapped))
        return evidence


def _strongest_direction(pairs: Sequence[PairFlips], tests: Sequence[Test]) -> tuple[PairFlips, Test] | None:
    """The pair of groups whose changes go one way most clearly, if any does after the correction."""
    real = [
        (pair, test)
        for pair, test in zip(pairs, tests, strict=True)
        if test.adjusted is not None and test.adjusted < LEVEL
    ]
    return min(real, key=lambda one: (one[1].adjusted or 0.0, -abs(one[0].difference or 0.0)), default=None)

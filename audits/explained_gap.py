"""The parts of the gaps by one attribute, waiting for the correction over all pairs of groups."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from audits.estimate_evidence import Estimate, Estimates
from audits.evidence import Column, Table, Test
from audits.findings import Finding, Method, Verdict
from audits.statistics import parts_sentences as speech
from audits.statistics.disparity import LEAST, LEVEL
from audits.statistics.gap_parts import BASE, DECISIONS, SCORES, GapParts
from audits.statistics.gap_sentences import spoken
from audits.statistics.parts_sentences import OF_ALL, TITLES, WHOSE, WITHIN, Known, PartsMetric, Story
from probes.speech import Count, Name, Names, Phrase, Points, Probability, Quantity, Range, Sentence, Share, say

METHOD: Final = Method(
    text=say(
        "A group's selection rate follows from three factors: how often each label occurs, how scores are spread "
        "within a label, and who is selected at a score. Each factor of one group is exchanged for the other "
        "group's, in every order, and its part is its mean contribution (Shapley's value), so that the parts add "
        "up to the gap exactly and a factor that is equal in both has no part. Intervals are percentiles of a "
        "bootstrap on the counts. What the labels do not account for is the sum of the other parts. Pass: its 90 "
        "% interval lies inside the tolerance for every pair. Concern: it differs from 0 for some pair, by the "
        "bootstrap's standard error and after Holm's correction over all pairs. Anything else is not enough "
        "evidence."
    ),
    sources=(
        "Kitagawa (1955), Components of a difference between two rates",
        "Oaxaca (1973), Male-female wage differentials in urban labor markets",
        "Blinder (1973), Wage discrimination: reduced form and structural estimates",
        "Shorrocks (2013), Decomposition procedures for distributional analysis: a unified framework based on the "
        "Shapley value",
        "Efron and Tibshirani (1993), An introduction to the bootstrap",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
    ),
)


@dataclass(frozen=True, slots=True)
class ExplainedGap:
    """All pairs of groups in one rate; Pending until their tests are corrected."""

    audit: str
    attribute: str
    metric: PartsMetric
    known: Known
    tolerance: float
    labels: tuple[str, ...]
    """The compared groups' names for readers."""
    untested: tuple[str, ...]
    pairs: tuple[GapParts, ...]
    words: Mapping[str, Quantity]
    notes: tuple[Sentence, ...]
    settings: Mapping[str, Any]

    @property
    def family(self) -> str:
        """The audit's own: explanations decide nothing for other audits."""
        return f"disparity:{self.attribute}:exploratory:{self.audit}"

    @property
    def tests(self) -> Sequence[Test]:
        """Of each pair whether the labels leave anything over."""
        return tuple(Test(name="bootstrap z", p=pair.p) for pair in self.pairs)

    @property
    def story(self) -> Story:
        """How this rate's parts are told."""
        return (OF_ALL if self.metric == "selection-rate" else WITHIN)[self.known]

    def close(self, tests: Sequence[Test]) -> Finding:
        """The verdict, the parts of the pair that decided it, and all pairs."""
        adjusted = [test.adjusted for test in tests]
        real = [at for at, p in enumerate(adjusted) if p is not None and p < LEVEL]
        bound = max(max(abs(pair.left_even.at().low), abs(pair.left_even.at().high)) for pair in self.pairs)
        verdict = Verdict.PASS if bound < self.tolerance else Verdict.CONCERN if real else Verdict.INSUFFICIENT
        concerned = verdict is Verdict.CONCERN
        at = max(
            real if concerned else range(len(self.pairs)),
            key=lambda one: abs(self.pairs[one].left) if concerned else self.pairs[one].gap,
        )
        return Finding(
            audit=self.audit,
            name=f"gap-parts.{self.attribute}.{self.metric}",
            verdict=verdict,
            summary=self._say(self._template(verdict), **self._values(at, adjusted[at], bound)),
            details=(*self._details(at, concerned), *self.notes),
            evidence=(self._drawn(at), self._table(adjusted)),
            method=METHOD,
            settings=dict(self.settings),
        )

    def _template(self, verdict: Verdict) -> str:
        within = self.metric != "selection-rate"
        told = WHOSE[self.metric] + self.story.told
        match verdict:
            case Verdict.CONCERN:
                return told + (speech.REAL_WITHIN if within else speech.REAL)
            case Verdict.PASS:
                return told + (speech.LITTLE_WITHIN if within else speech.LITTLE)
            case _:
                return told + (speech.OPEN_WITHIN if within else speech.OPEN)

    def _values(self, at: int, p: float | None, bound: float) -> dict[str, Quantity]:
        pair = self.pairs[at]
        base, scores, decisions = pair.parts.tolist()
        left = pair.left_bounds.at()
        return {
            **self._named(at),
            "high_rate": Share(value=pair.rates[0]),
            "low_rate": Share(value=pair.rates[1]),
            "gap": Points(value=pair.gap),
            "base": Points(value=base),
            "scores": Points(value=scores),
            "decisions": Points(value=decisions),
            "left": Points(value=pair.left),
            "range": Range(low=left.low, high=left.high),
            "bound": Points(value=math.ceil(1000 * bound) / 1000),
            "p": Probability(value=p),
        }

    def _named(self, at: int) -> dict[str, Quantity]:
        pair = self.pairs[at]
        return {"high": Name(text=self.labels[pair.first]), "low": Name(text=self.labels[pair.second])}

    def _say(self, template: str, **values: Quantity) -> Sentence:
        return spoken(template, {**self.words, "attribute": Name(text=self.attribute), **values})

    def _details(self, at: int, concerned: bool) -> tuple[Sentence, ...]:
        details = []
        if len(self.pairs) > 1:
            chosen = speech.DECIDED if concerned and self.metric == "selection-rate" else speech.WIDEST
            details.append(say(chosen, k=len(self.labels)))
        if (self.pairs[at].parts < -0.0005).any():
            details.append(say(speech.AGAINST))
        if self.untested:
            untested = Names(texts=self.untested, most=20)
            details.append(self._say(speech.TOO_SMALL, least=Count(value=LEAST), untested=untested))
        return (*details, self._say(speech.NO_JUDGEMENT))

    def _drawn(self, at: int) -> Estimates:
        pair = self.pairs[at]
        named = [(part, name) for part, name in zip((BASE, SCORES, DECISIONS), self.story.names, strict=True) if name]
        return Estimates(
            name="parts",
            title=self._say(TITLES[self.metric], **self._named(at)),
            axis=self._say(
                "Percentage points by which {plural} {relation} {high} are ahead of those {relation} {low}",
                **self._named(at),
            ),
            hint=say("Right of the line: the part makes the gap larger. The parts add up to the whole gap."),
            unit="points",
            line=0.0,
            line_label=say("No part"),
            rows=(
                *(
                    Estimate(label=Phrase(text=name), value=float(pair.parts[part]), interval=pair.bounds.at(part))
                    for part, name in named
                ),
                Estimate(label=Phrase(text="The whole gap"), value=pair.gap),
            ),
        )

    def _table(self, adjusted: Sequence[float | None]) -> Table:
        named = [(part, name) for part, name in zip((BASE, SCORES, DECISIONS), self.story.names, strict=True) if name]
        return Table(
            name="parts-of-all-pairs",
            title=self._say("All pairs by {attribute}: what their gaps are made of, in points"),
            columns=(
                Column(heading=say("Higher rate")),
                Column(heading=say("Lower rate")),
                Column(heading=say("Gap"), numeric=True),
                *(Column(heading=say("{part}", part=Phrase(text=name)), numeric=True) for _, name in named),
                Column(heading=say("Not from labels, 95 % interval"), numeric=True),
                Column(heading=say("Test, corrected"), numeric=True),
            ),
            rows=tuple(
                (
                    Name(text=self.labels[pair.first]),
                    Name(text=self.labels[pair.second]),
                    Points(value=pair.gap),
                    *(Points(value=float(pair.parts[part])) for part, _ in named),
                    Range(low=pair.left_bounds.at().low, high=pair.left_bounds.at().high),
                    Probability(value=p),
                )
                for pair, p in zip(self.pairs, adjusted, strict=True)
            ),
        )

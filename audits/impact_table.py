"""A table of impact ratios that waits for its correction: categories with their counts in, a finding out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from audits.estimate_evidence import Estimate, Estimates
from audits.evidence import Column, Evidence, Table, Test
from audits.findings import Finding, Method, Verdict
from audits.statistics import impact_sentences as speech
from audits.statistics.disparity import LEVEL
from audits.statistics.gap_sentences import spoken
from audits.statistics.impact_ratios import FOUR_FIFTHS, Impact
from audits.statistics.impact_sentences import RATES, RateName
from probes.speech import Count, Name, Names, Number, Phrase, Probability, Quantity, Sentence, Share, say

METHOD: Final = Method(
    text=say(
        "Selection rate: the share of a category that is selected. Scoring rate: the share of a category that scores "
        "above the median of everybody who has a score. Impact ratio: a category's rate divided by the highest rate of "
        "a category. Everybody counts once; unknown categories are counted and left out, and categories of less than "
        "2 % of the data may be left out of the ratios. Beside the rule: Katz's 95 % interval on the log scale, and "
        "the pooled score test or Fisher's mid-p against the category with the highest rate, with Holm's correction "
        "over all pairs of categories, because which one is highest is learned from the same rows. Concern: a ratio "
        "is below 0.8 and the corrected p is below .05. Pass: no ratio is below 0.8, and neither is the lower end of "
        "a tested category's 90 % interval. Anything else is not enough evidence. No verdict here is a legal finding."
    ),
    sources=(
        "New York City, Local Law 144 of 2021 (Administrative Code 20-870 ff.)",
        "New York City, Department of Consumer and Worker Protection (2023), 6 RCNY 5-300 to 5-304",
        "Equal Employment Opportunity Commission et al. (1978), Uniform Guidelines on Employee Selection Procedures",
        "Katz, Baptista, Azen and Pike (1978), Obtaining confidence intervals for the risk ratio in cohort studies",
        "Lancaster (1961), Significance tests in discrete distributions",
        "Holm (1979), A simple sequentially rejective multiple test procedure",
    ),
)


@dataclass(frozen=True, slots=True)
class ImpactTable:
    """One rate in all categories of one attribute, or of two crossed; Pending until its family is corrected."""

    audit: str
    name: str
    attribute: str
    """The attribute, or both where two are crossed."""
    rate: RateName
    labels: tuple[str, ...]
    """The categories' names for readers."""
    impact: Impact
    least_share: float
    words: Mapping[str, Quantity]
    notes: tuple[Sentence, ...]
    settings: Mapping[str, Any]

    @property
    def family(self) -> str:
        """All tables of one attribute are corrected together; they decide nothing for other audits."""
        return f"disparity:{self.attribute}:exploratory:{self.audit}"

    @property
    def tests(self) -> Sequence[Test]:
        """One for each pair of tested categories: the highest rate is found in the same rows."""
        return self.impact.pairs.tests()

    def close(self, tests: Sequence[Test]) -> Finding:
        """The verdict, the table of the rule, and the ratios drawn."""
        impact = self.impact
        p = {at: tests[pair].adjusted for at, pair in impact.against_best.items()}
        verdict, at, template = self._ruled(p)
        untested = [i for i in np.flatnonzero(impact.counted).tolist() if i not in (*p, impact.best)]
        if verdict is Verdict.PASS and untested:
            template += speech.NOT_COVERED
        return Finding(
            audit=self.audit,
            name=self.name,
            verdict=verdict,
            summary=self._say(template, **self._values(at, p), untested=self._names(untested)),
            details=(*self._disagreements(p), *self._excluded(), *self.notes, *self._closing()),
            evidence=(self._table(p), self._drawn(p)),
            method=METHOD,
            settings=dict(self.settings),
        )

    def _ruled(self, p: Mapping[int, float | None]) -> tuple[Verdict, int, str]:
        """The verdict, the category that decided it, and how it is said."""
        impact, ratio = self.impact, self.impact.ratio
        others = [at for at in np.flatnonzero(impact.counted).tolist() if at != impact.best]
        if np.isnan(ratio[impact.best]):
            return Verdict.INSUFFICIENT, impact.best, RATES[self.rate].none
        if impact.best not in impact.tested:
            return Verdict.INSUFFICIENT, impact.best, speech.LONELY
        smallest = min(others, key=lambda at: ratio[at])
        confirmed = [at for at in others if ratio[at] < FOUR_FIFTHS and _real(p.get(at))]
        if confirmed:
            worst = min(confirmed, key=lambda at: ratio[at])
            return Verdict.CONCERN, worst, RATES[self.rate].less + speech.COMPARED + speech.CONFIRMED
        if ratio[smallest] < FOUR_FIFTHS:
            tested = speech.COMPARED + speech.PERHAPS if smallest in p else speech.BARE + speech.UNTESTED
            return Verdict.INSUFFICIENT, smallest, RATES[self.rate].less + tested
        happens = RATES[self.rate].less if ratio[smallest] < 1 else RATES[self.rate].even
        happens += speech.COMPARED if smallest in p else speech.BARE
        low = impact.bounds(1 - 2 * LEVEL).low
        if p and all(low[at] > FOUR_FIFTHS for at in p):
            return Verdict.PASS, smallest, happens + speech.ABOVE
        return Verdict.INSUFFICIENT, smallest, happens + speech.OPEN

    def _values(self, at: int, p: Mapping[int, float | None]) -> dict[str, Quantity]:
        impact, bounds = self.impact, self.impact.bounds()
        return {
            "low": Name(text=self.labels[at]),
            "high": Name(text=self.labels[impact.best]),
            "low_rate": Share(value=float(impact.rate[at])),
            "high_rate": Share(value=float(impact.rate[impact.best])),
            "n_low": Count(value=int(impact.n[at])),
            "n_high": Count(value=int(impact.n[impact.best])),
            "ratio": _number(impact.ratio[at]),
            "from": _number(bounds.low[at]),
            "to": _number(bounds.high[at]),
            "p": Probability(value=p.get(at)),
        }

    def _say(self, template: str, **values: Quantity) -> Sentence:
        return spoken(template, {**self.words, "attribute": Name(text=self.attribute), **values})

    def _names(self, categories: Sequence[int]) -> Names:
        return Names(texts=tuple(self.labels[at] for at in categories), most=20)

    def _disagreements(self, p: Mapping[int, float | None]) -> tuple[Sentence, ...]:
        ratio = self.impact.ratio
        chance = [at for at in p if ratio[at] < FOUR_FIFTHS and not _real(p[at])]
        real = [at for at in p if ratio[at] >= FOUR_FIFTHS and _real(p[at])]
        both = ((speech.CHANCE, chance), (speech.REAL, real))
        return tuple(self._say(template, categories=self._names(found)) for template, found in both if found)

    def _excluded(self) -> tuple[Sentence, ...]:
        excluded = np.flatnonzero(~self.impact.counted).tolist()
        if not excluded:
            return ()
        return (self._say(speech.EXCLUDED, share=Share(value=self.least_share), categories=self._names(excluded)),)

    def _closing(self) -> tuple[Sentence, ...]:
        favourable = (self._say(speech.FAVOURABLE),) if self.rate == "selection-rate" else ()
        return (*favourable, say(speech.NO_ADVICE))

    def _reading(self, at: int, p: Mapping[int, float | None]) -> str:
        impact = self.impact
        if not impact.counted[at]:
            return "left out"
        if np.isnan(impact.ratio[at]):
            return "undefined"
        if at == impact.best:
            return "highest rate"
        reading = "below" if impact.ratio[at] < FOUR_FIFTHS else "not below"
        return reading if at in p else f"{reading}, not tested"

    def _table(self, p: Mapping[int, float | None]) -> Table:
        impact, bounds, rate = self.impact, self.impact.bounds(), RATES[self.rate]
        compared = set(p)
        rows = tuple(
            (
                Name(text=label),
                Count(value=int(impact.n[at])),
                Count(value=int(impact.events[at])),
                Share(value=float(impact.rate[at])),
                None if np.isnan(impact.ratio[at]) else _number(impact.ratio[at]),
                _number(bounds.low[at]) if at in compared else None,
                _number(bounds.high[at]) if at in compared else None,
                Probability(value=p[at]) if at in compared else None,
                Phrase(text=self._reading(at, p)),
            )
            for at, label in enumerate(self.labels)
        )
        return Table(
            name="impact-ratios-table",
            title=self._say(rate.title),
            columns=(
                Column(heading=say("Category")),
                Column(heading=self._say("Number of {plural}"), numeric=True),
                Column(heading=self._say(rate.event), numeric=True),
                Column(heading=say(rate.rate), numeric=True),
                Column(heading=say("Impact ratio"), numeric=True),
                Column(heading=say("95 % interval from"), numeric=True),
                Column(heading=say("To"), numeric=True),
                Column(heading=say("Test against the highest rate"), numeric=True),
                Column(heading=say("Four fifths")),
            ),
            rows=rows,
        )

    def _drawn(self, p: Mapping[int, float | None]) -> Evidence:
        impact, bounds = self.impact, self.impact.bounds()
        rows = tuple(
            Estimate(
                label=Name(text=label),
                n=float(impact.n[at]),
                value=None if np.isnan(impact.ratio[at]) else float(impact.ratio[at]),
                interval=bounds.at(at) if at in p and not np.isnan(impact.ratio[at]) else None,
                firm=at in p or at == impact.best,
                reason=None if at in p else say(_REASONS[self._reading(at, p)]),
            )
            for at, label in enumerate(self.labels)
        )
        return Estimates(
            name="impact-ratios",
            title=self._say(RATES[self.rate].drawn),
            axis=say("Impact ratio: the category's rate divided by the highest rate"),
            hint=say("Left of the line: less than four fifths of the highest rate."),
            unit="ratio",
            line=FOUR_FIFTHS,
            line_label=say("Four fifths"),
            rows=rows,
        )


_REASONS: Final = {
    "left out": "Left out of the ratios: too small a share",
    "undefined": "Undefined: the highest rate is 0",
    "highest rate": "The highest rate",
    "below, not tested": "Not tested",
    "not below, not tested": "Not tested",
}


def _real(p: float | None) -> bool:
    return p is not None and p < LEVEL


def _number(value: float) -> Number:
    return Number(value=None if np.isnan(value) else float(value), digits=3)

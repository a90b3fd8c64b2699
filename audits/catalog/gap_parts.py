"""bias.gap-parts: does a gap come from the labels, from the scores or from the thresholds?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final

from pydantic import Field, field_validator

from audits.audit import Area, Audit, Pending, audit
from audits.findings import Finding, Verdict
from audits.passes import Passes
from audits.statistics.parts_sentences import Known, PartsMetric
from probes.errors import BadPlan, NotApplicable
from probes.predictions import Predictions
from probes.speech import Count, Name, Names, Quantity, Sentence
from probes.subjects.capabilities import Classifies

if TYPE_CHECKING:
    from audits.data.population import Population
    from audits.engine.bench import Bench
    from audits.statistics.score_cells import ScoreCells
    from probes.subjects.capabilities import Subject

MOST_GROUPS: Final = 20
"""More groups make more pairs than anybody reads, each with a bootstrap of its own."""

WITHIN: Final[dict[PartsMetric, int | None]] = {
    "selection-rate": None, "false-positive-rate": 0, "true-positive-rate": 1,
}  # fmt: skip
"""The label that a rate is counted within."""


@audit("bias.gap-parts", area=Area.FAIRNESS, needs=(Classifies,))
class GapParts(Audit):
    """Splits a gap into labels, scores and thresholds (Oaxaca 1973, Shorrocks 2013); says where, not whether unfair."""

    attribute: str | None = Field(
        None, description="Protected attribute to split by; every one of the plan if left out."
    )
    groups: tuple[str, str] | None = Field(
        None, description="Two groups, as they stand in the data; the pair with the largest gap if left out."
    )
    metrics: tuple[PartsMetric, ...] = Field(
        ("selection-rate",),
        min_length=1,
        description="Rates whose gap is split; within one label only scores and thresholds.",
    )
    tolerance: float = Field(0.1, ge=0, le=1, description="Largest difference beyond the labels that counts as even.")
    scores: str | None = Field(
        None, description="Column of scores behind recorded predictions; tells scores from thresholds."
    )
    bins: int = Field(20, ge=2, le=200, description="Classes of scores, where scores do not already tell the decision.")
    replicates: int = Field(2000, ge=200, le=20000, description="Bootstrap replicates of the counts.")

    @field_validator("metrics")
    @classmethod
    def _each_once(cls, metrics: tuple[PartsMetric, ...]) -> tuple[PartsMetric, ...]:
        return tuple(dict.fromkeys(metrics))

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Every row is asked once."""
        return (Passes(Predictions(), rows),)

    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """For every attribute and rate the parts of the gaps between its groups."""
        from audits.statistics.gap_sentences import vocabulary
        from audits.statistics.score_cells import score_cells

        labels = bench.subject.labels if isinstance(bench.subject, Classifies) else ()
        positive = data.positive(labels)
        if positive is None:
            raise NotApplicable(
                "of the model's classes ({labels}) the plan names none as positive; set data.positive.",
                labels=Names(texts=labels),
            )
        words = vocabulary(data.words, labels, positive)
        for attribute in self._attributes(data):
            known, groups = score_cells(bench, data, positive, attribute, self.scores, self.bins)
            for metric in self.metrics:
                yield self._split(attribute, metric, known, groups, words, bench, data)

    def _attributes(self, data: Population) -> tuple[str, ...]:
        from probes.nearest import nearest

        if not data.attributes:
            raise NotApplicable("The plan names no protected attribute; name one under data.protected.")
        if self.attribute is None:
            return data.attributes
        if self.attribute in data.attributes:
            return (self.attribute,)
        raise BadPlan(
            "{audit} is to split by {attribute}, which is no protected attribute of the plan; did you mean {near}?",
            audit=self.name,
            attribute=self.attribute,
            near=nearest(self.attribute, data.attributes) or ", ".join(data.attributes),
        )

    def _split(
        self,
        attribute: str,
        metric: PartsMetric,
        known: Known,
        groups: Sequence[ScoreCells],
        words: dict[str, Quantity],
        bench: Bench,
        data: Population,
    ) -> Finding | Pending:
        from numpy.random import default_rng

        from audits.explained_gap import ExplainedGap
        from audits.statistics import parts_sentences as speech
        from audits.statistics.disparity import LEAST
        from audits.statistics.gap_parts import gap_parts, replicates
        from audits.statistics.gap_sentences import spoken

        within = WITHIN[metric]
        chosen = self._chosen(attribute, groups)
        enough = [group for group in chosen if group.fewest(within) >= LEAST]
        sizes = {"least": Count(value=LEAST), "found": Count(value=len(enough)), "most": Count(value=MOST_GROUPS)}

        def short(verdict: Verdict, template: str) -> Finding:
            asked = spoken(template, {**words, **sizes, "attribute": Name(text=attribute)})
            return self._finding(attribute, metric, verdict, asked)

        if not any(group.rows.sum() for group in groups):
            return short(Verdict.NOT_APPLICABLE, speech.NO_LABELS)
        if known == "decisions" and within is not None:
            return short(Verdict.NOT_APPLICABLE, speech.NO_SCORES)
        if len(enough) < 2:
            return short(Verdict.INSUFFICIENT, speech.UNSETTLED if within is None else speech.UNSETTLED_WITHIN)
        if len(enough) > MOST_GROUPS:
            return short(Verdict.NOT_APPLICABLE, speech.TOO_MANY)
        rng = default_rng(bench.seed)
        drawn = [(group.weight, replicates(group.weight, group.n, self.replicates, rng)) for group in enough]
        return ExplainedGap(
            audit=self.name,
            attribute=attribute,
            metric=metric,
            known=known,
            tolerance=self.tolerance,
            labels=tuple(data.group_label(attribute, group.name) for group in enough),
            untested=tuple(data.group_label(attribute, group.name) for group in chosen if group not in enough),
            pairs=tuple(gap_parts(drawn, one, two, within) for one, two in combinations(range(len(enough)), 2)),
            words=words,
            notes=(),
            settings=self.settings(),
        )

    def _chosen(self, attribute: str, groups: Sequence[ScoreCells]) -> list[ScoreCells]:
        from audits.statistics import parts_sentences as speech

        if self.groups is None:
            return list(groups)
        there = {group.name: group for group in groups}
        for name in self.groups:
            if name not in there:
                known = Names(texts=tuple(there), most=12)
                raise BadPlan(speech.NO_SUCH_GROUP, audit=self.name, group=name, attribute=attribute, groups=known)
        return [there[name] for name in self.groups]

    def _finding(self, attribute: str, metric: PartsMetric, verdict: Verdict, summary: Sentence) -> Finding:
        from audits.explained_gap import METHOD

        return Finding(
            audit=self.name,
            name=f"gap-parts.{attribute}.{metric}",
            verdict=verdict,
            summary=summary,
            method=METHOD,
            settings=self.settings(),
        )

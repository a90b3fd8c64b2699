"""bias.group-rates: are groups selected, and judged rightly and wrongly, equally often?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import Field, field_validator

from audits.audit import Area, Audit, Pending, audit
from audits.findings import Finding
from audits.passes import Passes
from audits.statistics.definitions import NEEDS_LABELS, NEEDS_POSITIVE, AnyMetric
from probes.errors import BadPlan, NotApplicable
from probes.predictions import Predictions
from probes.speech import Count, Name, Names, Quantity, Sentence, say, say_counted
from probes.subjects.capabilities import Classifies

if TYPE_CHECKING:
    import polars as pl

    from audits.data.population import Population
    from audits.disparities import Question
    from audits.engine.bench import Bench
    from audits.statistics.counts import Counts
    from probes.subjects.capabilities import Subject

MOST_GROUPS = 100
"""An attribute with more values is a measurement or a name, not a grouping."""

COMMON: tuple[AnyMetric, ...] = (
    "selection-rate",
    "accuracy",
    "true-positive-rate",
    "false-positive-rate",
    "precision",
)


@audit("bias.group-rates", area=Area.FAIRNESS, needs=(Classifies,))
class GroupRates(Audit):
    """Rates by group within a tolerance (Hardt et al. 2016, Agarwal et al. 2018); finds gaps, not their cause."""

    attribute: str | None = Field(
        None, description="Protected attribute to split by; every one of the plan if left out."
    )
    tolerance: float = Field(0.1, ge=0, le=1, description="Largest difference between two groups that counts as even.")
    metrics: tuple[AnyMetric, ...] = Field(
        COMMON, min_length=1, description="Metrics that are judged; all of them share one correction."
    )
    exploratory: tuple[AnyMetric, ...] = Field(
        (), description="Further metrics, corrected by themselves; whatever they show is a concern at most."
    )

    @field_validator("metrics", "exploratory")
    @classmethod
    def _each_once(cls, metrics: tuple[AnyMetric, ...]) -> tuple[AnyMetric, ...]:
        return tuple(dict.fromkeys(metrics))

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Every row is asked once."""
        return (Passes(Predictions(), rows),)

    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """One pass over the decisions, then a judgement for every attribute and metric."""
        from audits.data.columns import group_column
        from audits.engine.decisions import countable
        from audits.statistics.counts import Counts

        attributes = self._attributes(data)
        labels = bench.subject.labels if isinstance(bench.subject, Classifies) else ()
        positive = data.positive(labels)
        decisions = bench.decisions(countable(bench.subject, data), positive)
        counts = Counts.of(decisions, [group_column(name) for name in attributes])
        for attribute in attributes:
            yield from self._of(attribute, counts, data, labels, positive)

    def _attributes(self, data: Population) -> tuple[str, ...]:
        from probes.nearest import nearest

        if self.attribute is None:
            if not data.attributes:
                raise NotApplicable("The plan names no protected attribute; name one under data.protected.")
            return tuple(data.attributes)
        if self.attribute in data.attributes:
            return (self.attribute,)
        if not data.attributes:
            raise BadPlan(
                "bias.group-rates is to split by {attribute}, but the plan names no protected attribute; "
                "add {attribute} to data.protected",
                attribute=self.attribute,
            )
        raise BadPlan(
            "bias.group-rates is to split by {attribute}, which is no protected attribute of the plan; "
            "did you mean {near}?",
            attribute=self.attribute,
            near=nearest(self.attribute, data.attributes) or ", ".join(data.attributes),
        )

    def _of(
        self, attribute: str, counts: Counts, data: Population, labels: tuple[str, ...], positive: str | None
    ) -> Iterator[Finding | Pending]:
        from audits.data.columns import MISSING, group_column
        from audits.disparities import judge
        from audits.statistics import gap_sentences as speech
        from audits.statistics.metrics import measured
        from audits.statistics.summaries import compared_values, summaries_table

        column = group_column(attribute)
        tallied = counts.over(column).cells
        found = counts.outcomes(column)
        groups = found.groups
        recorded = [group for group in groups if group != MISSING]
        names = {group: data.group_label(attribute, group) for group in groups[: MOST_GROUPS + 1]}
        for metric in (*self.metrics, *(one for one in self.exploratory if one not in self.metrics)):
            notes = _left_out(tallied, attribute, metric, data, positive)
            question = self._question(
                attribute, metric, data, speech.vocabulary(data.words, labels, positive), names, notes
            )
            if not recorded:
                yield question.unasked(speech.NO_GROUP)
            elif len(recorded) == 1:
                yield question.unasked(speech.ONE_GROUP, group=Name(text=names[recorded[0]]))
            elif len(groups) > MOST_GROUPS:
                yield question.unasked(speech.TOO_MANY, found=Count(value=len(groups)), most=Count(value=MOST_GROUPS))
            elif metric in NEEDS_POSITIVE and positive is None:
                yield question.unasked(speech.NO_POSITIVE, labels=Names(texts=labels))
            elif metric in NEEDS_LABELS and tallied["unlabelled"].sum() == tallied["rows"].sum():
                yield question.unasked(speech.NO_LABELS)
            else:
                beside = summaries_table(metric, lambda one: compared_values(measured(found, one), MISSING))
                yield judge(replace(question, beside=beside), measured(found, metric))

    def _question(
        self,
        attribute: str,
        metric: AnyMetric,
        data: Population,
        words: dict[str, Quantity],
        names: dict[str, str],
        notes: tuple[Sentence, ...],
    ) -> Question:
        from audits.data.columns import MISSING
        from audits.disparities import Question

        return Question(
            audit=self.name,
            name=f"group-rates.{attribute}.{metric}",
            attribute=attribute,
            metric=metric,
            tolerance=self.tolerance,
            words=words,
            labels=names,
            unrecorded=MISSING,
            weighted=data.plan.weight is not None,
            settings=self.settings(),
            notes=notes,
            exploratory=metric not in self.metrics,
        )


def _left_out(
    tallied: pl.DataFrame, attribute: str, metric: AnyMetric, data: Population, positive: str | None
) -> tuple[Sentence, ...]:
    """What the reader must know about rows that are not compared, and what "selected" means where no word is given."""
    import polars as pl

    from audits.data.columns import MISSING, group_column
    from audits.engine.decisions import SELECTED
    from audits.statistics import gap_sentences as speech

    def rows(where: pl.Expr) -> int:
        return int(tallied.filter(where)["rows"].sum())

    item, plural = data.words.item, data.words.plural
    notes = []
    if metric in NEEDS_POSITIVE and positive is not None and data.words.positive is None:
        notes.append(say(speech.SELECTED_MEANS, label=positive))
    if unrecorded := rows(pl.col(group_column(attribute)) == MISSING):
        notes.append(say_counted("n", *speech.UNRECORDED, n=unrecorded, item=item, plural=plural, attribute=attribute))
    if metric in NEEDS_LABELS and (unlabelled := int(tallied["unlabelled"].sum())):
        notes.append(say_counted("n", *speech.UNLABELLED, n=unlabelled, item=item, plural=plural))
    if truncated := int(tallied["truncated"].sum()):
        notes.append(say_counted("n", *speech.TRUNCATED, n=truncated, item=item, plural=plural))
    if positive is not None and (undecided := rows(pl.col(SELECTED).is_null())):
        notes.append(say_counted("n", *speech.UNDECIDED, n=undecided, item=item, plural=plural))
    return tuple(notes)

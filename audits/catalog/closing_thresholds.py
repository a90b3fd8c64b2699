"""bias.closing-thresholds: which thresholds by group would close a gap, and what would that cost?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from pydantic import Field, field_validator

from audits.audit import Area, Audit, Pending, audit
from audits.findings import Finding, Verdict
from audits.passes import Passes
from audits.statistics.closing import Constraint
from probes.errors import BadPlan, NotApplicable
from probes.predictions import Predictions
from probes.speech import Count, Name, Names, Quantity, Sentence
from probes.subjects.capabilities import Classifies

if TYPE_CHECKING:
    from jaxtyping import Bool, Float
    from numpy import ndarray

    from audits.closed_gap import Side
    from audits.data.population import Population
    from audits.engine.bench import Bench
    from audits.statistics.judged_rows import JudgedRows
    from probes.subjects.capabilities import Subject

MOST_GROUPS: Final = 100
"""An attribute with more values is a measurement or a name, not a grouping."""


@audit("bias.closing-thresholds", area=Area.FAIRNESS, needs=(Classifies,))
class ClosingThresholds(Audit):
    """Thresholds by group that close a gap, and their cost (Hardt et al. 2016); using them may be unlawful."""

    attribute: str | None = Field(
        None, description="Protected attribute to split by; every one of the plan if left out."
    )
    constraints: tuple[Constraint, ...] = Field(
        ("demographic-parity", "equal-opportunity", "equalised-odds"),
        min_length=1,
        description="What would be equal between groups: selection, true positive rate, or both error rates.",
    )
    tolerance: float = Field(0.1, ge=0, le=1, description="Largest gap of today that needs no closing.")
    fit_split: str = Field("tune", description="Part of the data that thresholds are found on.")
    fit_share: float = Field(
        0.5, ge=0, lt=1, description="Share of the audited rows set aside where there is no such part; 0 for none."
    )

    @field_validator("constraints")
    @classmethod
    def _each_once(cls, constraints: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
        return tuple(dict.fromkeys(constraints))

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Every audited row is asked once; those of another part come on top."""
        return (Passes(Predictions(), rows),)

    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """For every attribute and constraint: thresholds found on some rows, judged on others."""
        from audits.statistics.gap_sentences import vocabulary
        from audits.statistics.judged_rows import fitted_and_judged

        labels = bench.subject.labels if isinstance(bench.subject, Classifies) else ()
        positive = data.positive(labels)
        attributes = self._attributes(data)
        if positive is None:
            raise NotApplicable(
                "of the model's classes ({labels}) the plan names none as positive; set data.positive.",
                labels=Names(texts=labels),
            )
        fit, judged, note = fitted_and_judged(bench, data, positive, self.fit_split, self.fit_share)
        words = vocabulary(data.words, labels, positive)
        for attribute in attributes:
            for constraint in self.constraints:
                yield self._closed(attribute, constraint, fit, judged, words, note, data)

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

    def _closed(
        self,
        attribute: str,
        constraint: Constraint,
        fit: JudgedRows,
        judged: JudgedRows,
        words: dict[str, Quantity],
        note: Sentence,
        data: Population,
    ) -> Finding | Pending:
        import numpy as np

        from audits.closed_gap import ClosedGap
        from audits.data.columns import MISSING
        from audits.statistics import closing_sentences as speech
        from audits.statistics.closing import closing_cuts, paired_change
        from audits.statistics.disparity import LEAST
        from audits.statistics.gap_sentences import spoken

        words = {**words, "attribute": Name(text=attribute), "least": Count(value=LEAST)}
        if not len(judged):
            return self._short(attribute, constraint, Verdict.NOT_APPLICABLE, spoken(speech.NO_LABELS, words))
        recorded = sorted({*fit.groups[attribute], *judged.groups[attribute]} - {MISSING})
        if len(recorded) > MOST_GROUPS:
            words |= {"found": Count(value=len(recorded)), "most": Count(value=MOST_GROUPS)}
            return self._short(attribute, constraint, Verdict.NOT_APPLICABLE, spoken(speech.TOO_MANY, words))
        enough = [name for name in recorded if min(_fewest(rows, attribute, name) for rows in (fit, judged)) >= LEAST]
        small = [name for name in recorded if name not in enough]
        if len(enough) < 2:
            return self._short(attribute, constraint, Verdict.INSUFFICIENT, spoken(speech.UNSETTLED, words))
        used = np.isin(fit.groups[attribute], enough)
        cuts = closing_cuts(fit.scores[used], fit.actual[used], fit.groups[attribute][used].astype(str), constraint)
        of = {group: judged.groups[attribute] == group for group in enough}
        then = judged.selected.astype(float)
        for group, rows in of.items():
            then[rows] = cuts[group].chance(judged.scores[rows])
        correct = np.where(judged.actual, judged.selected, ~judged.selected).astype(float)
        correct_then = np.where(judged.actual, then, 1 - then)
        compared = np.isin(judged.groups[attribute], enough)

        def names(groups: list[str]) -> tuple[str, ...]:
            return tuple(data.group_label(attribute, group) for group in groups)

        untested = Names(texts=names(small), most=20)
        return ClosedGap(
            audit=self.name,
            attribute=attribute,
            constraint=constraint,
            tolerance=self.tolerance,
            labels=names(enough),
            cuts=tuple(cuts[group] for group in enough),
            fitted=tuple(int((fit.groups[attribute] == group).sum()) for group in enough),
            sides=_sides(constraint, judged, list(of.values()), then),
            accuracy=paired_change(correct[compared], correct_then[compared], judged.weight[compared]),
            by_group=tuple(
                paired_change(correct[rows], correct_then[rows], judged.weight[rows]) for rows in of.values()
            ),
            words=words,
            notes=(note, *((spoken(speech.TOO_SMALL, {**words, "untested": untested}),) if small else ())),
            settings=self.settings(),
        )

    def _short(self, attribute: str, constraint: Constraint, verdict: Verdict, summary: Sentence) -> Finding:
        from audits.closed_gap import METHOD

        return Finding(
            audit=self.name,
            name=f"closing-thresholds.{attribute}.{constraint}",
            verdict=verdict,
            summary=summary,
            method=METHOD,
            settings=self.settings(),
        )


def _fewest(rows: JudgedRows, attribute: str, group: str) -> int:
    """A group's rows of its rarer label."""
    own = rows.actual[rows.groups[attribute] == group]
    return int(min(own.sum(), (~own).sum()))


def _sides(
    constraint: Constraint, judged: JudgedRows, groups: list[Bool[ndarray, "row"]], then: Float[ndarray, "row"]
) -> tuple[Side, ...]:
    """The rates that the constraint makes equal, in every group, now and then."""
    import numpy as np

    from audits.closed_gap import Side
    from audits.statistics.closing_sentences import FALSE_POSITIVE, SELECTION, TRUE_POSITIVE

    everybody = np.ones(len(judged), bool)
    wanted = {
        "demographic-parity": ((SELECTION, everybody),),
        "equal-opportunity": ((TRUE_POSITIVE, judged.actual),),
        "equalised-odds": ((TRUE_POSITIVE, judged.actual), (FALSE_POSITIVE, ~judged.actual)),
    }[constraint]
    sides = []
    for name, counted in wanted:
        own = [rows & counted for rows in groups]
        weight = [judged.weight[rows] for rows in own]
        sides.append(
            Side(
                name,
                n=np.array([w.sum() ** 2 / (w**2).sum() for w in weight]),
                now=np.array(
                    [np.average(judged.selected[rows], weights=w) for rows, w in zip(own, weight, strict=True)]
                ),
                then=np.array([np.average(then[rows], weights=w) for rows, w in zip(own, weight, strict=True)]),
            )
        )
    return tuple(sides)

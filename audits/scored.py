"""What audits of scores share: one pass over the scores, then a judgement for every protected attribute."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import Field

from audits.audit import Audit, Pending
from audits.findings import Finding, Method
from audits.passes import Passes
from audits.score_gaps import (
    NO_GROUP,
    NO_LABELS,
    NO_SCORES,
    ONE_GROUP,
    TOO_MANY,
    GapSentences,
    ScoreQuestion,
)
from audits.statistics.score_counts import POSITIVE, UNKNOWN, ScoreCounts
from probes.errors import BadPlan, NotApplicable
from probes.predictions import Predictions
from probes.speech import Count, Name, Quantity, Sentence, say_counted
from probes.subjects.capabilities import Classifies

if TYPE_CHECKING:
    from audits.data.population import Population
    from audits.engine.bench import Bench
    from probes.subjects.capabilities import Subject

MOST_GROUPS: Final = 100
"""An attribute with more values is a measurement or a name, not a grouping."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One attribute's score counts and what is needed to speak about them."""

    attribute: str
    counts: ScoreCounts
    labels: tuple[str, ...]
    """The groups, as readers know them, in the order of the counts."""
    recorded: tuple[bool, ...]
    """Groups whose attribute is recorded; the others are listed and never compared."""
    threshold: float | None
    words: dict[str, Quantity]
    notes: tuple[Sentence, ...]


class ScoreAudit(Audit):
    """Options and the pass over the rows that every audit of scores has."""

    attribute: str | None = Field(
        None, description="Protected attribute to split by; every one of the plan if left out."
    )
    tolerance: float = Field(0.1, ge=0, le=1, description="Largest difference between two groups that counts as even.")
    primary: bool = Field(
        False, description="Whether the verdict may be a fail, corrected together with the attribute's rates."
    )

    @abstractmethod
    def judged(self, scored: Scored) -> Iterator[Finding | Pending]:
        """The findings about one attribute with at least two recorded groups."""

    @abstractmethod
    def asked(self) -> Sequence[tuple[str, GapSentences, Method]]:
        """Last parts of the findings' names, how they are spoken about, and the method: one finding each."""

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Every row is asked once."""
        return (Passes(Predictions(), rows),)

    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """One pass over the scores, then a judgement for every attribute."""
        from audits.data.columns import group_column
        from audits.engine.scores import scores, threshold
        from audits.statistics.gap_sentences import vocabulary
        from audits.statistics.score_counts import EXACT_ROWS, by_group, tally_scores

        attributes = self._attributes(data)
        labels = bench.subject.labels if isinstance(bench.subject, Classifies) else ()
        positive = data.positive(labels)
        at = threshold(bench.subject)
        columns = [group_column(name) for name in attributes]
        tallied = tally_scores(scores(bench, data, positive), columns, exact=data.size <= EXACT_ROWS, threshold=at)
        words = vocabulary(data.words, labels, positive)
        for attribute, column in zip(attributes, columns, strict=True):
            counts = by_group(tallied, column)
            scored = _scored(attribute, counts, data, at, words)
            reason = self._hindrance(scored)
            if reason is None:
                yield from self.judged(scored)
            else:
                for name, sentences, method in self.asked():
                    question = self.question(scored, name, sentences, method)
                    yield question.unasked(reason[0], **reason[1])

    def question(self, scored: Scored, name: str, sentences: GapSentences, method: Method) -> ScoreQuestion:
        """One measure of one attribute; `name` is the last part of the finding's."""
        short = self.name.partition(".")[2]
        return ScoreQuestion(
            audit=self.name,
            name=f"{short}.{scored.attribute}.{name}",
            attribute=scored.attribute,
            tolerance=self.tolerance,
            primary=self.primary,
            sentences=sentences,
            method=method,
            words=scored.words,
            settings=self.settings(),
            notes=scored.notes,
        )

    def needs_labels(self) -> bool:
        """Whether nothing can be said without true answers."""
        return True

    def _hindrance(self, scored: Scored) -> tuple[str, dict[str, Quantity]] | None:
        names = [label for label, there in zip(scored.labels, scored.recorded, strict=True) if there]
        rows = scored.counts.rows
        if not rows.sum():
            return NO_SCORES, {}
        if not names:
            return NO_GROUP, {}
        if len(names) == 1:
            return ONE_GROUP, {"group": Name(text=names[0])}
        if len(names) > MOST_GROUPS:
            return TOO_MANY, {"found": Count(value=len(names)), "most": Count(value=MOST_GROUPS)}
        if self.needs_labels() and not rows[:, : POSITIVE + 1].sum():
            return NO_LABELS, {}
        return None

    def _attributes(self, data: Population) -> tuple[str, ...]:
        from probes.nearest import nearest

        if self.attribute is None:
            if not data.attributes:
                raise NotApplicable("The plan names no protected attribute; name one under data.protected.")
            return tuple(data.attributes)
        if self.attribute in data.attributes:
            return (self.attribute,)
        raise BadPlan(
            "{audit} is to split by {attribute}, which is no protected attribute of the plan; did you mean {near}?",
            audit=self.name,
            attribute=self.attribute,
            near=nearest(self.attribute, data.attributes) or ", ".join(data.attributes),
        )


def _scored(
    attribute: str, counts: ScoreCounts, data: Population, threshold: float | None, words: dict[str, Quantity]
) -> Scored:
    from audits.data.columns import MISSING
    from audits.statistics import gap_sentences as speech

    item, plural = data.words.item, data.words.plural
    notes = []
    missing = [at for at, group in enumerate(counts.groups) if group == MISSING]
    if unrecorded := int(counts.rows[missing].sum()):
        notes.append(say_counted("n", *speech.UNRECORDED, n=unrecorded, item=item, plural=plural, attribute=attribute))
    if unlabelled := int(counts.rows[:, UNKNOWN].sum()):
        notes.append(say_counted("n", *speech.UNLABELLED, n=unlabelled, item=item, plural=plural))
    if unscored := data.size - int(counts.rows.sum()):
        notes.append(
            say_counted(
                "n",
                "{n} {item} has no score and does not count here.",
                "{n} {plural} have no score and do not count here.",
                n=unscored,
                item=item,
                plural=plural,
            )
        )
    return Scored(
        attribute=attribute,
        counts=counts,
        labels=tuple(data.group_label(attribute, group) for group in counts.groups),
        recorded=tuple(group != MISSING for group in counts.groups),
        threshold=threshold,
        words=words,
        notes=tuple(notes),
    )

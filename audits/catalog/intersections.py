"""bias.intersections: are people who share two or more attributes treated as everybody else is?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from pydantic import Field, field_validator

from audits.audit import Area, Audit, Pending, audit
from audits.findings import Finding
from audits.passes import Passes
from audits.statistics.metrics import NEEDS_LABELS, NEEDS_POSITIVE, Metric
from probes.errors import BadPlan, NotApplicable
from probes.predictions import Predictions
from probes.speech import Count, Name, Names, Quantity, Sentence, say, say_counted
from probes.subjects.capabilities import Classifies

if TYPE_CHECKING:
    import polars as pl

    from audits.crossings import Crossing
    from audits.data.population import Population
    from audits.engine.bench import Bench
    from probes.subjects.capabilities import Subject

MOST_CELLS = 1_000
"""Crossings of more cells have hardly anybody in each."""

CELL = "@cell"


@audit("bias.intersections", area=Area.FAIRNESS, needs=(Classifies,))
class Intersections(Audit):
    """Rates in crossings of attributes, raw and empirical Bayes (Crenshaw 1989, Foulds et al. 2020); finds no cause."""

    attributes: tuple[str, ...] = Field(
        (), description="Protected attributes to cross; all of the plan if left out. A single one is not crossed."
    )
    depth: int = Field(2, ge=1, le=5, description="How many attributes are crossed at most; 1 crosses none.")
    metrics: tuple[Metric, ...] = Field(
        ("selection-rate", "true-positive-rate", "false-positive-rate"),
        min_length=1,
        description="Rates that are judged; all of them share one correction.",
    )
    tolerance: float = Field(0.1, ge=0, le=1, description="Largest difference between two cells that counts as even.")
    primary: bool = Field(False, description="Whether a gap may fail the audit; otherwise it is a concern at most.")

    @field_validator("metrics", "attributes")
    @classmethod
    def _each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names))

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Every row is asked once."""
        return (Passes(Predictions(), rows),)

    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """One pass over the decisions, then a judgement for every crossing and metric."""
        from audits.data.columns import group_column
        from audits.statistics.metrics import tally

        attributes = self._attributes(data)
        labels = bench.subject.labels if isinstance(bench.subject, Classifies) else ()
        positive = data.positive(labels)
        tallied = tally(bench.decisions(data, positive), [group_column(name) for name in attributes])
        for crossed in self._crossings(attributes):
            yield from self._of(crossed, attributes, tallied, data, labels, positive)

    def _attributes(self, data: Population) -> tuple[str, ...]:
        from probes.nearest import nearest

        if not data.attributes:
            raise NotApplicable("The plan names no protected attribute; name one or more under data.protected.")
        for name in self.attributes:
            if name not in data.attributes:
                raise BadPlan(
                    "bias.intersections is to cross {attribute}, which is no protected attribute of the plan; "
                    "did you mean {near}?",
                    attribute=name,
                    near=nearest(name, data.attributes) or ", ".join(data.attributes),
                )
        return self.attributes or tuple(data.attributes)

    def _crossings(self, attributes: tuple[str, ...]) -> list[tuple[str, ...]]:
        """From pairs up to the depth; groups of single attributes only where nothing can be crossed."""
        depth = min(self.depth, len(attributes))
        return [each for size in range(min(2, depth), depth + 1) for each in combinations(attributes, size)]

    def _of(
        self,
        crossed: tuple[str, ...],
        attributes: tuple[str, ...],
        tallied: pl.DataFrame,
        data: Population,
        labels: tuple[str, ...],
        positive: str | None,
    ) -> Iterator[Finding | Pending]:
        import polars as pl

        from audits.crossings import Crossing, judge
        from audits.data.columns import MISSING, group_column
        from audits.statistics import gap_sentences as speech
        from audits.statistics.metrics import rates

        columns = [group_column(name) for name in crossed]
        order = [by for name in columns for by in (pl.col(name) == MISSING, pl.col(name))]
        cells = tallied.select(columns).unique().sort(order)
        cells = cells.with_row_index(CELL).with_columns(pl.col(CELL).cast(pl.String).str.zfill(9))
        groups = cells.select(columns).rows()
        family = f"disparity:{' x '.join(attributes)}" + ("" if self.primary else f":exploratory:{self.name}")
        for metric in self.metrics:
            crossing = Crossing(
                audit=self.name,
                name=f"intersections.{'+'.join(crossed)}.{metric}",
                attributes=crossed,
                metric=metric,
                tolerance=self.tolerance,
                words=speech.vocabulary(data.words, labels, positive),
                family=family,
                primary=self.primary,
                settings=self.settings(),
                notes=_left_out(tallied, crossed, metric, data, positive),
            )
            if metric in NEEDS_POSITIVE and positive is None:
                yield crossing.unasked(speech.NO_POSITIVE, labels=Names(texts=labels))
            elif metric in NEEDS_LABELS and tallied["unlabelled"].sum() == tallied["rows"].sum():
                yield crossing.unasked(speech.NO_LABELS)
            elif len(groups) > MOST_CELLS:
                yield _too_many(crossing, len(groups))
            else:
                counted = rates(tallied.join(cells, on=columns), CELL, metric)
                names = [
                    tuple(data.group_label(name, value) for name, value in zip(crossed, values, strict=True))
                    for values in groups
                ]
                yield judge(crossing, counted, groups, names, MISSING)


def _too_many(crossing: Crossing, found: int) -> Finding:
    return crossing.unasked(
        " The crossing has {found} cells, and at most {most} are compared; put the values into fewer groups.",
        found=Count(value=found),
        most=Count(value=MOST_CELLS),
    )


def _left_out(
    tallied: pl.DataFrame, crossed: Sequence[str], metric: Metric, data: Population, positive: str | None
) -> tuple[Sentence, ...]:
    """What the reader must know about rows that are not compared, and what "selected" means where no word is given."""
    import polars as pl

    from audits.data.columns import MISSING, group_column
    from audits.engine.decisions import SELECTED
    from audits.statistics import cell_sentences
    from audits.statistics import gap_sentences as speech

    def rows(where: pl.Expr) -> int:
        return int(tallied.filter(where)["rows"].sum())

    words: dict[str, Quantity] = {
        "item": Name(text=data.words.item),
        "plural": Name(text=data.words.plural),
        "attributes": Names(texts=tuple(crossed)),
    }
    counted = {
        cell_sentences.UNRECORDED: rows(pl.any_horizontal(pl.col(group_column(name)) == MISSING for name in crossed)),
        speech.UNLABELLED: int(tallied["unlabelled"].sum()) if metric in NEEDS_LABELS else 0,
        speech.TRUNCATED: int(tallied["truncated"].sum()),
        speech.UNDECIDED: rows(pl.col(SELECTED).is_null()) if positive is not None else 0,
    }
    notes = [say(speech.WEIGHTED)] if data.plan.weight is not None else []
    if metric in NEEDS_POSITIVE and positive is not None and data.words.positive is None:
        notes.append(say(speech.SELECTED_MEANS, label=positive))
    for (one, many), n in counted.items():
        if n:
            asked = {name: value for name, value in words.items() if f"{{{name}}}" in one + many}
            notes.append(say_counted("n", one, many, n=Count(value=n), **asked))
    return tuple(notes)

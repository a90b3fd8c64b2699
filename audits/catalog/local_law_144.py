"""bias.local-law-144: the tables that New York City asks of a bias audit of an employment decision tool."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import Field, field_validator

from audits.audit import Area, Audit, Pending, audit
from audits.findings import Finding, Verdict
from audits.passes import Passes
from audits.statistics.impact_sentences import RateName
from probes.errors import BadPlan, NotApplicable
from probes.predictions import Predictions
from probes.speech import Count, Name, Names, Number, Quantity, Sentence, say, say_counted
from probes.subjects.capabilities import Answers, Classifies, Recorded

if TYPE_CHECKING:
    import polars as pl

    from audits.data.population import Population
    from audits.engine.bench import Bench
    from probes.subjects.capabilities import Subject

MOST_CATEGORIES: Final = 100
"""More categories than that are measurements or names, not categories."""

SEX: Final = ("sex", "gender", "性别")
RACE: Final = ("race", "racial", "ethnicity", "ethnic", "种族", "民族")
"""Words in a column's name that tell what it holds."""

EVENT: Final = "@event"
ROWS: Final = "@rows"

CROSSED: Final = " × "
"""Stands between the names of a category of two attributes."""


@audit("bias.local-law-144", area=Area.FAIRNESS, needs=(Classifies,))
class LocalLaw144(Audit):
    """Impact ratios by sex, race/ethnicity and both (New York City Local Law 144 of 2021); no legal advice."""

    sex: str | None = Field(None, description="Protected attribute that holds the sex; found by its name if left out.")
    race: str | None = Field(
        None, description="Protected attribute that holds race or ethnicity; found by its name if left out."
    )
    rates: tuple[RateName, ...] = Field(
        (),
        description="Rates that are tabled; the selection rate, and the scoring rate where there are scores, "
        "if left out.",
    )
    least_share: float = Field(
        0.02,
        ge=0,
        le=0.02,
        description="Categories of a smaller share of the data get no impact ratio; the rule allows at most 0.02.",
    )

    @field_validator("rates")
    @classmethod
    def _each_once(cls, rates: tuple[RateName, ...]) -> tuple[RateName, ...]:
        return tuple(dict.fromkeys(rates))

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """Every row is asked once."""
        return (Passes(Predictions(), rows),)

    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """For every rate a table by sex, by race and by both; by every attribute where neither can be told."""
        from audits.statistics import impact_sentences as speech

        if not data.attributes:
            raise NotApplicable("The plan names no protected attribute; name sex and race under data.protected.")
        found = {"sex": self._attribute("sex", SEX, data), "race": self._attribute("race", RACE, data)}
        known = [name for name in found.values() if name is not None]
        tables = [(name,) for name in known or data.attributes]
        guessed = {
            name: say(speech.GUESSED, what=what, attribute=name)
            for what, name in found.items()
            if name is not None and getattr(self, what) is None
        }
        for rate in self.rates or _possible(bench.subject):
            counts = self._counts(rate, bench, data)
            for attributes in [*tables, *([tuple(known)] if len(known) == 2 else [])]:
                notes = [guessed[name] for name in attributes if name in guessed]
                yield self._table(rate, attributes, counts, notes if known else [say(speech.OTHER_CATEGORIES)], data)
            for what, name in found.items():
                if known and name is None:
                    yield self._finding(f"{rate}.{what}", say(speech.NO_COLUMN, what=what))

    def _attribute(self, what: str, words: Sequence[str], data: Population) -> str | None:
        from probes.nearest import nearest

        named: str | None = getattr(self, what)
        if named is None:
            return next((name for name in data.attributes if _says(name, words)), None)
        if named in data.attributes:
            return named
        raise BadPlan(
            "{audit} is to take {attribute} for {what}, which is no protected attribute of the plan; "
            "did you mean {near}?",
            audit=self.name,
            attribute=named,
            what=what,
            near=nearest(named, data.attributes) or ", ".join(data.attributes),
        )

    def _counts(self, rate: RateName, bench: Bench, data: Population) -> Counts:
        """How many of every combination of groups there are, and how many of them are selected or score high."""
        import polars as pl

        from audits.data.columns import group_column
        from audits.engine.decisions import SELECTED
        from audits.engine.scores import SCORE, scores
        from audits.statistics import impact_sentences as speech
        from audits.statistics.gap_sentences import vocabulary

        labels = bench.subject.labels if isinstance(bench.subject, Classifies) else ()
        positive = data.positive(labels)
        if positive is None:
            raise NotApplicable(speech.NO_POSITIVE, labels=Names(texts=labels))
        frame, event, median = bench.decisions(data, positive), pl.col(SELECTED), None
        if rate == "scoring-rate":
            frame = scores(bench, data, positive)
            score = pl.col(SCORE).fill_nan(None)
            median = frame.select(score.median()).collect().item()
            event = score > median
        columns = [group_column(name) for name in data.attributes]
        tallied = frame.group_by([*columns, event.alias(EVENT)]).agg(pl.len().alias(ROWS)).collect()
        return Counts(tallied, None if median is None else float(median), vocabulary(data.words, labels, positive))

    def _table(
        self, rate: RateName, attributes: tuple[str, ...], counts: Counts, notes: Sequence[Sentence], data: Population
    ) -> Finding | Pending:
        from audits.impact_table import ImpactTable
        from audits.statistics import impact_sentences as speech
        from audits.statistics.gap_sentences import spoken
        from audits.statistics.impact_ratios import impact

        name, attribute = f"{rate}.{'.'.join(attributes)}", CROSSED.join(attributes)
        words: dict[str, Quantity] = {**counts.words, "attribute": Name(text=attribute)}
        categories = counts.by(attributes)
        if not categories.height:
            return self._finding(name, spoken(speech.NO_CATEGORY, words))
        if categories.height > MOST_CATEGORIES:
            sizes = {"found": Count(value=categories.height), "most": Count(value=MOST_CATEGORIES)}
            return self._finding(name, spoken(speech.TOO_MANY, {**words, **sizes}))
        rates = impact(categories["events"].to_numpy(), categories[ROWS].to_numpy(), self.least_share)
        if rates is None:
            return self._finding(name, spoken(speech.ONE_CATEGORY, words))
        labels = (
            CROSSED.join(data.group_label(*one) for one in zip(attributes, row, strict=True))
            for row in categories.select(attributes).iter_rows()
        )
        return ImpactTable(
            audit=self.name,
            name=f"local-law-144.{name}",
            attribute=attribute,
            rate=rate,
            labels=tuple(labels),
            impact=rates,
            least_share=self.least_share,
            words=counts.words,
            notes=(*counts.notes(attributes, data), *notes),
            settings=self.settings(),
        )

    def _finding(self, name: str, summary: Sentence) -> Finding:
        from audits.impact_table import METHOD

        return Finding(
            audit=self.name,
            name=f"local-law-144.{name}",
            verdict=Verdict.NOT_APPLICABLE,
            summary=summary,
            method=METHOD,
            settings=self.settings(),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by every combination of the plan's attributes and of whether the event happened (null: unknown)."""

    tallied: pl.DataFrame
    median: float | None
    words: dict[str, Quantity]

    def by(self, attributes: Sequence[str]) -> pl.DataFrame:
        """Every category of these attributes with its rows and events, in order; unknown ones are left out."""
        import polars as pl

        from audits.data.columns import MISSING, group_column

        known = pl.all_horizontal(pl.col(group_column(name)) != MISSING for name in attributes)
        keys = [pl.col(group_column(name)).alias(name) for name in attributes]
        events = pl.col(ROWS).filter(pl.col(EVENT)).sum().alias("events")
        counted = self.tallied.filter(known & pl.col(EVENT).is_not_null())
        return counted.group_by(keys).agg(pl.col(ROWS).sum(), events).sort(attributes)

    def notes(self, attributes: Sequence[str], data: Population) -> list[Sentence]:
        """The median, and who is not part of the table."""
        import polars as pl

        from audits.data.columns import MISSING, group_column
        from audits.statistics import impact_sentences as speech

        item, plural = data.words.item, data.words.plural
        unknown = pl.any_horizontal(pl.col(group_column(name)) == MISSING for name in attributes)
        said = pl.col(EVENT).is_not_null()

        def rows(where: pl.Expr) -> int:
            return int(self.tallied.filter(where)[ROWS].sum())

        found = []
        if self.median is not None:
            median = Number(value=self.median, digits=3)
            found.append(say(speech.MEDIAN, n=rows(said), plural=plural, median=median))
        either = " or ".join(attributes)
        found.append(
            say_counted("n", *speech.UNKNOWN, n=rows(unknown & said), item=item, plural=plural, attribute=either)
        )
        if silent := rows(~said):
            found.append(say_counted("n", *speech.NOTHING_SAID, n=silent, item=item, plural=plural))
        if data.plan.weight is not None:
            found.append(say(speech.HEADS))
        return found


def _possible(subject: Subject) -> tuple[RateName, ...]:
    """Who decides selects; who also tells a score, scores."""
    scored = subject.score is not None if isinstance(subject, Recorded) else isinstance(subject, Answers)
    return ("selection-rate", "scoring-rate") if scored else ("selection-rate",)


def _says(name: str, words: Sequence[str]) -> bool:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    parts = set(re.findall(r"[a-z]+", apart.casefold()))
    return any(word in parts or (not word.isascii() and word in name) for word in words)

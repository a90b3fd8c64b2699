"""Parts of a run's rows that have a name: wrongly selected, missed, borderline, each group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audits.browse.filters import Filter
from audits.data.columns import MISSING, group_column
from audits.statistics.gap_sentences import spoken, vocabulary
from probes.speech import Name, Phrase, Points, Quantity, Sentence, say

if TYPE_CHECKING:
    from audits.browse.rows import BrowsedRows

NEAR = 0.1
"""From this margin on a decision is no longer called borderline."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows that fulfil some filters, under a name."""

    key: str
    """For addresses: wrong, missed, misclassified, borderline, or group:ATTRIBUTE:VALUE as a filter writes it."""
    name: Sentence
    meaning: Sentence
    filters: tuple[Filter, ...]
    count: int


def slices(rows: BrowsedRows) -> tuple[Slice, ...]:
    """The slices that this run's rows have, empty ones included; of each attribute the largest group first."""
    import polars as pl

    named = [part for part in _decided(rows) if rows.has(*(one.column for one in part.filters))]
    counts = [
        pl.all_horizontal(one.expression(rows.columns) for one in part.filters).fill_null(False).sum().alias(part.key)
        for part in named
    ]
    found = rows.frame.select(counts).collect().row(0) if counts else ()
    known = [replace(part, count=int(n)) for part, n in zip(named, found, strict=True)]
    groups: list[Slice] = []
    for attribute in rows.run.plan.data.protected:
        group = pl.col(group_column(attribute)).alias("group")
        sizes = rows.frame.group_by(group).len("rows").sort(["rows", "group"], descending=[True, False]).collect()
        groups += [_group(rows, attribute, value, n) for value, n in sizes.iter_rows()]
    return (*known, *groups)


def _decided(rows: BrowsedRows) -> list[Slice]:
    from audits.engine.decisions import ACTUAL, CORRECT, MARGIN, SELECTED

    positive = _positive(rows)
    words = {
        **vocabulary(rows.run.plan.words, rows.run.manifest.subject.labels, positive),
        "near": Points(value=NEAR),
    }

    def part(key: str, name: str, meaning: str, *filters: Filter) -> Slice:
        return Slice(key, spoken(name, words), spoken(meaning, words), filters, 0)

    parts = [
        part("misclassified", "Misclassified", "The {plural} whose answer is not their label.", _flag(CORRECT, False)),
        part("borderline", "Borderline", _near(rows), Filter.between(MARGIN, None, NEAR)),
    ]
    if positive is None:
        return parts
    wrong, missed = (
        "The {plural} that are {positive} and not labelled {label}.",
        "The {plural} that are labelled {label} and not {positive}.",
    )
    return [
        part("wrong", "Wrongly {positive}", wrong, _flag(SELECTED, True), _flag(ACTUAL, False)),
        part("missed", "Missed", missed, _flag(SELECTED, False), _flag(ACTUAL, True)),
        *parts,
    ]


def _near(rows: BrowsedRows) -> str:
    """What a margin is, for a model with one answer and for one with several."""
    from audits.engine.decisions import PREDICTED

    if any(column.name == PREDICTED and column.several for column in rows.columns):
        return "The {plural} with a label whose probability is at most {near} from one half."
    return "The {plural} whose two likeliest answers are at most {near} apart."


def _flag(column: str, value: bool) -> Filter:
    return Filter(column=column, kind="is", value="true" if value else "false")


def _positive(rows: BrowsedRows) -> str | None:
    """The class whose rates were audited; None where nobody said."""
    plan, labels = rows.run.plan.data, rows.run.manifest.subject.labels
    if plan.positive is None:
        return labels[1] if len(labels) == 2 else None
    return plan.classes.get(plan.positive, plan.positive)


def _group(rows: BrowsedRows, attribute: str, value: str, n: int) -> Slice:
    words = rows.run.plan.words
    known = words.groups.get(value)
    group: Quantity = Phrase(text="not recorded") if value == MISSING and known is None else Name(text=known or value)
    condition = Filter(column=group_column(attribute), kind="is", value=value)
    return Slice(
        key=f"group:{attribute}:{value}",
        name=say("{attribute}: {group}", attribute=attribute, group=group),
        meaning=say("The {plural} {relation} {group}.", plural=words.plural, relation=words.relation, group=group),
        filters=(condition,),
        count=n,
    )

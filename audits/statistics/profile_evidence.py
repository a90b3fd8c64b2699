"""What the data looks like, as evidence: tables of counts, label rates and lengths by group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from audits.data.columns import MISSING
from audits.evidence import Column, Evidence, Spread, Spreads, Table
from audits.statistics.gap_evidence import group_rates, rates_evidence
from audits.statistics.gap_sentences import MetricSentences
from audits.statistics.intervals import wilson
from audits.statistics.metrics import in_order, rates, tally
from probes.speech import Count, Name, Points, Probability, Quantity, Range, Sentence, Share, say

if TYPE_CHECKING:
    from audits.data.population import Population

MOST_LABELS = 12
"""Columns in the table of labels by group; rarer labels stand together in one."""

LABEL_RATE = MetricSentences(
    title="How often {plural} are labelled {label} (base rate)",
    axis="Share of {plural} labelled {label}, in %",
    more="",
    times=None,
    unsettled="",
    event="Labelled {label}",
)


def missing_table(empty: Mapping[str, int], data: Population) -> Table:
    """Every mapped column with its empty rows."""
    return Table(
        name="missing",
        title=say("Empty values in each mapped column"),
        columns=(_text(say("Column")), _number(say("Empty")), _number(say("Share"))),
        rows=tuple(
            (Name(text=column), Count(value=count), Share(value=count / data.size)) for column, count in empty.items()
        ),
    )


def labels_table(labels: Mapping[str, int], data: Population, most: int) -> Table:
    """Labels from the most to the least frequent, with their shares of all labels; the most frequent `most` of them."""
    total = sum(labels.values())
    common = sorted(labels, key=lambda label: (-labels[label], label))[:most]
    bounds = wilson([labels[label] for label in common], total)
    spans = [Range(low=float(low), high=float(high)) for low, high in zip(bounds.low, bounds.high, strict=True)]
    rows = tuple(
        (Name(text=label), Count(value=labels[label]), Share(value=labels[label] / total), span)
        for label, span in zip(common, spans, strict=True)
    )
    heading = say("{plural} with it", plural=data.words.plural)
    columns = (_text(say("Label")), _number(heading), _number(say("Share")), _number(say("95 % interval, in %")))
    return Table(name="labels", title=say("Labels"), columns=columns, rows=rows)


def group_evidence(
    data: Population, attribute: str, sizes: Mapping[str, int], least: int
) -> tuple[tuple[Sentence, ...], tuple[Evidence, ...]]:
    """What is said and shown about one attribute: rows by group and label, label rates, lengths."""
    groups = in_order(sizes)
    names = {group: data.group_label(attribute, group) for group in groups}
    notes, evidence = _label_rates(data, attribute, names, least)
    # More than a pair is a table's columns: how many characters they have says nothing.
    if 0 < len(data.plan.input) <= 2:
        evidence = (*evidence, _lengths(data, attribute, names))
    if sizes.get(MISSING):
        note = say("{attribute} is not recorded for {n} of the rows.", attribute=attribute, n=sizes[MISSING])
        notes = (*notes, note)
    return notes, (_by_label(data, attribute, sizes, names), *evidence)


def _by_label(data: Population, attribute: str, sizes: Mapping[str, int], names: Mapping[str, str]) -> Table:
    from audits.statistics.profiles import label_counts

    counts = {(group, label): rows for group, label, rows in label_counts(data, attribute).iter_rows()}
    totals: dict[str, int] = {}
    for (_, label), rows in counts.items():
        if label is not None:
            totals[label] = totals.get(label, 0) + rows
    shown = sorted(sorted(totals, key=lambda label: (-totals[label], label))[:MOST_LABELS])
    rest = [label for label in totals if label not in set(shown)]
    columns = [_text(say("Group")), _number(say("All {plural}", plural=data.words.plural))]
    columns += [_number(say("{label}", label=label)) for label in shown]
    columns += [_number(say("Other labels"))] if rest else []
    columns += [_number(say("No label"))] if data.plan.label is not None else []

    def cells(group: str) -> tuple[Quantity | None, ...]:
        numbers = [sizes[group], *(counts.get((group, label), 0) for label in shown)]
        numbers += [sum(counts.get((group, label), 0) for label in rest)] if rest else []
        numbers += [counts.get((group, None), 0)] if data.plan.label is not None else []
        return (Name(text=names[group]), *(Count(value=number) for number in numbers))

    return Table(
        name="groups",
        title=say("{plural} by {attribute} and label", plural=data.words.plural, attribute=attribute),
        columns=tuple(columns),
        rows=tuple(cells(group) for group in names),
    )


def _label_rates(
    data: Population, attribute: str, names: Mapping[str, str], least: int
) -> tuple[tuple[Sentence, ...], tuple[Evidence, ...]]:
    import polars as pl

    from audits.data.columns import LABEL, group_column
    from audits.engine.decisions import ACTUAL, CORRECT, SELECTED
    from audits.statistics.profiles import label_counts

    labels = data.classes or tuple(label for label in label_counts(data, None)["label"].unique().sort() if label)
    named = data.plan.positive
    if named is not None and (absent := data.plan.classes.get(named, named)) not in labels:
        return (say("No {item} is labelled {positive}.", item=data.words.item, positive=absent),), ()
    positive = data.positive(labels)
    if positive is None:
        return (), ()
    several = isinstance(data.frame.collect_schema()[LABEL], pl.List)
    labelled = pl.col(LABEL).list.contains(positive) if several else pl.col(LABEL) == positive
    # Labels stand where decisions stand elsewhere, so that base rates are counted as selection rates are.
    nothing = pl.lit(None, pl.Boolean)
    column = group_column(attribute)
    frame = data.frame.with_columns(**{SELECTED: labelled, ACTUAL: nothing, CORRECT: nothing})
    counted = rates(tally(frame, [column]), column, "selection-rate")
    recorded = np.array([group != MISSING for group in counted.groups])
    groups = group_rates(counted, names, np.flatnonzero(recorded & (counted.n >= least)))
    words: dict[str, Quantity] = {"plural": Name(text=data.words.plural), "label": Name(text=positive)}
    evidence = rates_evidence(groups, counted, LABEL_RATE, words, None, name="label-rates")
    shown = [(group.rate, group.label) for group in groups if group.tested and group.rate is not None]
    if len(shown) < 2 or evidence.omnibus is None:
        return (), (evidence,)
    (low, low_name), (high, high_name) = min(shown), max(shown)
    note = say(
        "Of the {plural} {relation} {high}, {high_rate} are labelled {label}; of those {relation} {low}, {low_rate} "
        "(difference {gap}; {p} that all groups' rates are equal).",
        plural=data.words.plural,
        relation=data.words.relation,
        high=high_name,
        low=low_name,
        high_rate=Share(value=high),
        low_rate=Share(value=low),
        label=positive,
        gap=Points(value=high - low),
        p=Probability(value=evidence.omnibus.p),
    )
    return (note,), (evidence,)


def _lengths(data: Population, attribute: str, names: Mapping[str, str]) -> Spreads:
    from audits.statistics.profiles import lengths

    found = lengths(data, attribute)
    return Spreads(
        name="lengths",
        title=say("Length of the {plural} by {attribute}", plural=data.words.plural, attribute=attribute),
        axis=say("Characters"),
        hint=say("Box: the middle half; line in it: the median; whiskers: from 5 % to 95 %."),
        groups=tuple(
            Spread(group=group, label=label, n=found[group][0], quantiles=found[group][1])
            if group in found
            else Spread(group=group, label=label, n=0, quantiles=None)
            for group, label in names.items()
        ),
    )


def _text(heading: Sentence) -> Column:
    return Column(heading=heading)


def _number(heading: Sentence) -> Column:
    return Column(heading=heading, numeric=True)

"""What a disparity's verdict rests on, as evidence: rates with intervals, all pairs, and the counts as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.evidence import Column, GroupRate, GroupRates, PairTest, PairTests, Table, Test
from audits.statistics.gap_sentences import MetricSentences, spoken
from audits.statistics.omnibus import equality
from probes.speech import Count, Interval, Name, Number, Phrase, Quantity, Range, Sentence, Share, say

if TYPE_CHECKING:
    from jaxtyping import Bool, Int
    from numpy import ndarray

    from audits.statistics.disparity import PairBounds
    from audits.statistics.metrics import Rates
    from audits.statistics.pairs import Pairs


_HINT: Final = "Dot: the group's rate; bar: its 95 % interval; dashed: everybody's rate."
_HINT_WITH_TOLERANCE: Final = (
    "Dot: the group's rate; bar: its 95 % interval; dashed: everybody's rate; shaded: within the tolerance."
)


def group_rates(rates: Rates, labels: Mapping[str, str], compared: Int[ndarray, "compared"]) -> tuple[GroupRate, ...]:
    """Every group with its interval, also those too small to compare; no rate where nobody counts."""
    bounds, value, there = rates.bounds(), rates.rate, rates.fewest > 0
    tested = set(compared.tolist())
    return tuple(
        GroupRate(
            group=group,
            label=labels[group],
            events=float(rates.events[i]),
            n=float(rates.n[i]),
            rate=float(value[i]) if there[i] else None,
            interval=bounds.at(i) if there[i] else None,
            tested=i in tested,
        )
        for i, group in enumerate(rates.groups)
    )


def rates_evidence(
    groups: tuple[GroupRate, ...],
    rates: Rates,
    sentences: MetricSentences,
    words: Mapping[str, Quantity],
    tolerance: float | None,
    name: str = "rates",
    direction: str = "",
) -> GroupRates:
    """The drawing's record: rates, everybody's rate, the tolerance around it, the omnibus test of those compared.

    `direction` says in plain words what a higher value means.
    """
    compared = np.array([group.tested for group in groups], bool)
    hint = _HINT if tolerance is None else _HINT_WITH_TOLERANCE
    return GroupRates(
        name=name,
        title=spoken(sentences.title, words),
        axis=spoken(sentences.axis, words),
        hint=spoken(f"{hint} {direction}".rstrip(), words),
        reference=rates.everybody,
        tolerance=tolerance,
        groups=groups,
        omnibus=_omnibus(rates, compared),
    )


def _omnibus(rates: Rates, compared: Bool[ndarray, "group"]) -> Test | None:
    """Of plain rates and what is one-to-one with them; the mean of two rates has none."""
    from audits.statistics.metrics import BalancedRates

    return None if isinstance(rates, BalancedRates) else equality(rates.events[compared], rates.n[compared])


def pairs_evidence(
    pairs: Pairs, bounds: PairBounds, labels: Sequence[str], tests: Sequence[Test], title: Sentence
) -> PairTests:
    """All pairs with their three intervals; `labels` are the compared groups' names for readers."""
    return PairTests(
        name="pairs",
        title=title,
        pairs=tuple(
            PairTest(
                first=labels[pairs.first[i]],
                second=labels[pairs.second[i]],
                difference=float(pairs.difference[i]),
                interval=bounds.alone.at(i),
                simultaneous=bounds.simultaneous.at(i),
                equivalence=bounds.equivalence.at(i),
                test=test,
            )
            for i, test in enumerate(tests)
        ),
    )


def counts_table(
    groups: Sequence[GroupRate],
    rows: Int[ndarray, "group"],
    event: Sentence,
    words: Mapping[str, Quantity],
    weighted: bool,
) -> Table:
    """Every group with its rows, events, rate and interval; effective numbers beside the rows of weighted data."""
    weighted = weighted and any(abs(group.n - float(n)) > 1e-9 * n for group, n in zip(groups, rows, strict=True))
    columns = [
        Column(heading=say("Group")),
        Column(heading=spoken("{plural} that count", words), numeric=True),
        *([Column(heading=say("Effective number"), numeric=True)] if weighted else []),
        Column(heading=event, numeric=True),
        Column(heading=say("Rate"), numeric=True),
        Column(heading=say("95 % interval, in %"), numeric=True),
        Column(heading=say("Compared")),
    ]
    return Table(
        name="counts",
        title=say("Counts behind the rates"),
        columns=tuple(columns),
        rows=tuple(_cells(group, int(n), weighted) for group, n in zip(groups, rows, strict=True)),
    )


def _cells(group: GroupRate, rows: int, weighted: bool) -> tuple[Quantity | None, ...]:
    return (
        Name(text=group.label),
        Count(value=rows),
        *([_effective(group.n)] if weighted else []),
        _effective(group.events) if weighted else Count(value=round(group.events)),
        Share(value=group.rate),
        _range(group.interval),
        Phrase(text="yes") if group.tested else Phrase(text="no"),
    )


def _effective(number: float) -> Number:
    return Number(value=number, digits=3)


def _range(interval: Interval | None) -> Range | None:
    return None if interval is None else Range(low=interval.low, high=interval.high)

"""What the verdict on crossed attributes rests on, as evidence: every cell, and the largest differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from audits.cell_evidence import Cell, Cells
from audits.evidence import Column, Table, Test
from audits.statistics import shrinkage
from audits.statistics.contrasts import REST
from audits.statistics.intervals import wilson
from audits.statistics.metrics import in_order
from probes.speech import Names, Phrase, Points, Probability, Quantity, Range, Sentence, reader, say

if TYPE_CHECKING:
    from jaxtyping import Bool, Int
    from numpy import ndarray

    from audits.statistics.disparity import PairBounds
    from audits.statistics.gap_sentences import MetricSentences
    from audits.statistics.metrics import Rates
    from audits.statistics.pairs import Pairs

MOST_DIFFERENCES: Final = 10
"""Of hundreds of comparisons only the largest are listed; every cell with its interval is."""


def together(labels: Sequence[str]) -> str:
    """A cell's values as one name: "women and black"."""
    return Names(texts=tuple(labels)).show(reader().gettext)


def cells_of(
    rates: Rates,
    groups: Sequence[tuple[str, ...]],
    labels: Sequence[tuple[str, ...]],
    recorded: Bool[ndarray, "cell"],
    compared: Int[ndarray, "compared"],
) -> tuple[Cell, ...]:
    """Every cell with its Wilson interval and its empirical Bayes value, whose prior is fitted over recorded cells."""
    bounds, tested = wilson(rates.events, rates.n), set(compared.tolist())
    prior = shrinkage.fit(rates.events[recorded], rates.n[recorded])
    drawn = prior.rate(rates.events, rates.n) if prior else None
    around = prior.bounds(rates.events, rates.n) if prior else None
    return tuple(
        Cell(
            groups=groups[i],
            labels=labels[i],
            events=float(rates.events[i]),
            n=float(rates.n[i]),
            rate=min(1.0, float(rates.events[i] / rates.n[i])) if rates.n[i] > 0 else None,
            interval=bounds.at(i) if rates.n[i] > 0 else None,
            shrunk=float(drawn[i]) if drawn is not None and recorded[i] else None,
            shrunk_interval=around.at(i) if around is not None and recorded[i] else None,
            tested=i in tested,
        )
        for i in range(len(groups))
    )


def cells_evidence(
    spoken: Callable[[str], Sentence],
    sentences: MetricSentences,
    attributes: tuple[str, ...],
    rates: Rates,
    cells: tuple[Cell, ...],
) -> Cells:
    """The drawing's record."""
    return Cells(
        name="cells",
        title=spoken(sentences.title + " by {attributes}"),
        axis=spoken(sentences.axis),
        hint=say(
            "Stronger colour: a higher rate. Hatched: too few to be tested, or not recorded. Below each rate: how many "
            "it is a share of."
        ),
        attributes=attributes,
        values=tuple(tuple(in_order({cell.groups[at] for cell in cells})) for at in range(len(attributes))),
        reference=rates.everybody,
        cells=cells,
    )


def differences_table(pairs: Pairs, limits: PairBounds, tests: Sequence[Test], names: Sequence[Names]) -> Table:
    """The largest differences, each with the higher rate first; `names` are the compared cells'."""
    largest = np.argsort(-np.abs(pairs.difference), kind="stable")[:MOST_DIFFERENCES]

    def cells(at: int) -> tuple[Quantity | None, ...]:
        second = int(pairs.second[at])
        one, two = names[pairs.first[at]], Phrase(text="all others") if second == REST else names[second]
        alone, every = limits.alone.at(at), limits.simultaneous.at(at)
        turned = pairs.difference[at] < 0
        spans = [(-each.high, -each.low) if turned else (each.low, each.high) for each in (alone, every)]
        return (
            *((two, one) if turned else (one, two)),
            Points(value=float(abs(pairs.difference[at]))),
            *(Range(low=low, high=high) for low, high in spans),
            Probability(value=tests[at].adjusted),
        )

    numeric = (
        say("Difference"),
        say("95 % interval, in points"),
        say("The same for all comparisons at once"),
        say("Corrected p"),
    )
    return Table(
        name="differences",
        title=say("The largest of {n} differences", n=len(pairs.first)),
        columns=(
            Column(heading=say("More often")),
            Column(heading=say("Less often")),
            *(Column(heading=heading, numeric=True) for heading in numeric),
        ),
        rows=tuple(cells(int(at)) for at in largest),
    )

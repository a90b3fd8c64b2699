"""Pairs of groups as a forest plot of differences, widest first."""

from __future__ import annotations

from audits.evidence import Column, PairTest, PairTests, Table
from probes.speech import Count, Interval, Names, Phrase, Points, Probability, Quantity, Range, say
from reports.figures.drawing import Drawing, draws
from reports.figures.strip import Strip, StripRow, Whisker, scale
from reports.look.palette import GroupColours
from reports.look.wording import fragment, plain, shown


@draws(PairTests)
def pair_tests(evidence: PairTests, colours: GroupColours) -> Drawing:
    """Each pair's difference with its interval that holds for all pairs at once; zero is labelled."""
    pairs = sorted(evidence.pairs, key=lambda pair: -abs(pair.difference))
    rows = tuple(_row(pair) for pair in pairs)
    inside = [0.0, *(place for row in rows if row.mark for place in row.mark.places)]
    strip = Strip(
        heads=(plain(say("Pair")), plain(say("Points (interval)"))),
        axis=say("Difference of the rates, first minus second, in percentage points"),
        rows=rows,
        scale=scale(inside, least_step=0.01),
        tick=lambda value: f"{100 * value:.0f}",
        line=0.0,
        line_label=fragment("no difference"),
    )
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=strip.still(colours),
        hint=say(
            "Right of the line: the first group's rate is higher. "
            "The intervals hold for all pairs at once; one that crosses the line leaves open which group is ahead."
        ),
        chart=strip.chart(colours),
        numbers=_numbers(evidence, pairs),
    )


def _row(pair: PairTest) -> StripRow:
    bounds = pair.simultaneous
    return StripRow(
        label=fragment("{first} – {second}", first=pair.first, second=pair.second),
        aside=shown(Probability(value=_p(pair))),
        value=fragment(
            "{points} ({range})",
            points=Points(value=pair.difference),
            range=Range(low=bounds.low, high=bounds.high),
        ),
        mark=Whisker(bounds.low, pair.difference, bounds.high),
    )


def _p(pair: PairTest) -> float | None:
    """The corrected p-value where the run's closing step has set it."""
    return pair.test.p if pair.test.adjusted is None else pair.test.adjusted


def _numbers(evidence: PairTests, pairs: list[PairTest]) -> Table:
    def between(interval: Interval) -> Quantity:
        return Range(low=interval.low, high=interval.high)

    def cells(pair: PairTest) -> tuple[Quantity | None, ...]:
        return (
            Names(texts=(pair.first, pair.second)),
            Points(value=pair.difference),
            between(pair.interval),
            between(pair.simultaneous),
            between(pair.equivalence),
            Phrase(text=pair.test.name),
            Probability(value=pair.test.p),
            Probability(value=pair.test.adjusted) if pair.test.adjusted is not None else None,
            Count(value=pair.test.family) if pair.test.family is not None else None,
        )

    headings = (
        (say("Pair (first minus second)"), False),
        (say("Difference"), True),
        (say("Interval, this pair alone"), True),
        (say("Interval, all pairs at once"), True),
        (say("Interval for evenness (90 %)"), True),
        (say("Test"), False),
        (say("Uncorrected"), True),
        (say("Corrected"), True),
        (say("Tests corrected over"), True),
    )
    return Table(
        name=evidence.name,
        title=evidence.title,
        columns=tuple(Column(heading=heading, numeric=numeric) for heading, numeric in headings),
        rows=tuple(cells(pair) for pair in pairs),
    )

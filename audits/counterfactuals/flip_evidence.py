"""The evidence of a flip audit: the rate, every pair of groups, the words that stayed, and the texts themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from audits.counterfactuals.answers import Answered
from audits.counterfactuals.contrasts import Version
from audits.counterfactuals.flip_sentences import REASONS
from audits.counterfactuals.lexicon import Unswapped
from audits.evidence import Column, PairTest, PairTests, Table, Test
from audits.statistics.flips import PairFlips, paired_difference
from audits.statistics.intervals import wilson
from audits.text_pairs import TextPair, TextPairs, TextPart, TextVersion
from probes.speech import Count, Interval, Name, Phrase, Points, Quantity, Range, Sentence, Share, say

if TYPE_CHECKING:
    import numpy as np

STRONGEST: Final = 12
AT_RANDOM: Final = 8
"""Pairs of texts that are shown: those with the largest change, and some of the others."""

MOST_WORDS: Final = 40


def rate_interval(events: int, n: int, level: float = 0.95) -> Interval | None:
    """Wilson's interval of one rate."""
    if n == 0:
        return None
    bounds = wilson([events], [n], level)
    return Interval(low=float(bounds.low[0]), high=float(bounds.high[0]), level=level)


def pair_tests(name: str, title: Sentence, pairs: Sequence[PairFlips], tests: Sequence[Test]) -> PairTests | None:
    """Selection rates as the one group minus as the other, over the same texts; None where no pair was tested."""
    size = next((test.family for test in tests if test.family is not None), 1) or 1
    tested = []
    for pair, test in zip(pairs, tests, strict=True):
        if test.p is None or pair.difference is None or pair.only_first is None or pair.only_second is None:
            continue
        counts = pair.only_first, pair.only_second, pair.sided
        tested.append(
            PairTest(
                first=pair.first,
                second=pair.second,
                difference=pair.difference,
                interval=paired_difference(*counts, 0.95),
                simultaneous=paired_difference(*counts, 1 - 0.05 / size).model_copy(update={"level": 0.95}),
                equivalence=paired_difference(*counts, 0.9),
                test=test,
            )
        )
    return PairTests(name=name, title=title, pairs=tuple(tested)) if tested else None


def pairs_table(name: str, title: Sentence, pairs: Sequence[PairFlips], selected: Quantity) -> Table:
    """Every pair of groups: how many texts, how many flips, which way, and the change of the score."""

    def cells(pair: PairFlips) -> tuple[Quantity | None, ...]:
        bounds = rate_interval(pair.flipped, pair.n)
        return (
            Name(text=pair.first),
            Name(text=pair.second),
            Count(value=pair.n),
            Count(value=pair.flipped),
            Share(value=pair.flipped / pair.n) if pair.n else None,
            Range(low=bounds.low, high=bounds.high) if bounds else None,
            None if pair.only_first is None else Count(value=pair.only_first),
            None if pair.only_second is None else Count(value=pair.only_second),
            None if pair.change is None else Points(value=pair.change),
            None if pair.interval is None else Range(low=pair.interval.low, high=pair.interval.high),
            Points(value=pair.largest),
        )

    headings = (
        (say("First"), False),
        (say("Second"), False),
        (say("Texts"), True),
        (say("Other answer"), True),
        (say("Share"), True),
        (say("95 % interval"), True),
        (say("{selected} only as the first", selected=selected), True),
        (say("{selected} only as the second", selected=selected), True),
        (say("Score, first minus second"), True),
        (say("95 % interval"), True),
        (say("Largest change of the score"), True),
    )
    ordered = sorted(pairs, key=lambda pair: (-(pair.flipped / max(1, pair.n)), pair.first, pair.second))
    return Table(
        name=name,
        title=title,
        columns=tuple(Column(heading=heading, numeric=numeric) for heading, numeric in headings),
        rows=tuple(cells(pair) for pair in ordered),
    )


def unswapped_table(name: str, attribute: str, unswapped: Counter[Unswapped]) -> Table:
    """Words that stayed as they are, the most frequent first, and why."""
    ordered = sorted(unswapped.items(), key=lambda item: (-item[1], item[0].word, item[0].reason))
    return Table(
        name=name,
        title=say("Words of the list of {attribute} that were not swapped", attribute=attribute),
        columns=(
            Column(heading=say("Word")),
            Column(heading=say("Why")),
            Column(heading=say("Times"), numeric=True),
        ),
        rows=tuple(
            (Name(text=one.word), Phrase(text=REASONS[one.reason]), Count(value=times))
            for one, times in ordered[:MOST_WORDS]
        ),
    )


def text_pairs(name: str, title: Sentence, score: Sentence, answered: Answered, order: np.ndarray) -> TextPairs:
    """The strongest changes, and some of the others in an order drawn beforehand; each text stands once."""
    import numpy as np

    size = np.abs(answered.after - answered.before)
    by_size = np.lexsort((order, -size))
    shown: dict[int, Sentence] = {}
    seen: set[str] = set()
    for rule, candidates, most in (
        (say("Among the {n} texts with the largest change.", n=STRONGEST), by_size, STRONGEST),
        (say("Drawn at random from the others."), np.argsort(order, kind="stable"), STRONGEST + AT_RANDOM),
    ):
        for at in candidates:
            unit = answered.contrasts[at].unit
            if len(shown) < most and unit not in seen:
                seen.add(unit)
                shown[int(at)] = rule
    return TextPairs(
        name=name,
        title=title,
        hint=say(
            "Marked words were swapped; nothing else differs but an article before them. The largest change first."
        ),
        score=score,
        pairs=tuple(_pair(answered, at, shown[at]) for at in sorted(shown, key=lambda at: (-size[at], order[at]))),
    )


def _pair(answered: Answered, at: int, chosen: Sentence) -> TextPair:
    contrast = answered.contrasts[at]
    before, after = answered.answers[at]
    return TextPair(
        key=contrast.unit,
        before=_version(contrast.before, contrast.first, before, float(answered.before[at])),
        after=_version(contrast.after, contrast.second, after, float(answered.after[at])),
        flipped=bool(answered.flipped[at]),
        chosen=chosen,
    )


def _version(version: Version, group: str, answer: str, score: float) -> TextVersion:
    return TextVersion(
        group=group,
        parts=tuple(TextPart(text=part.text, swapped=part.swapped) for part in version.parts),
        answer=answer,
        score=min(1.0, max(0.0, score)),
    )

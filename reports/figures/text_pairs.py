"""Texts side by side with the same text after a swap: the swapped words marked, both answers, the change."""

from __future__ import annotations

from audits.evidence import TextPairs
from audits.text_pairs import TextPair
from probes.speech import Points, Sentence, Share, say
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.look.palette import GroupColours


@draws(TextPairs)
def text_pairs(evidence: TextPairs, _: GroupColours) -> Drawing:
    """Every pair of the sample, the largest change first."""
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=piece(
            "text_pairs.html",
            score=evidence.score,
            pairs=[
                (pair, _change(pair), Share(value=pair.before.score), Share(value=pair.after.score))
                for pair in evidence.pairs
            ],
        ),
        hint=evidence.hint,
        has_texts=True,
    )


def _change(pair: TextPair) -> Sentence:
    size = Points(value=abs(pair.change))
    if pair.flipped:
        way = "up by {size}: another answer." if pair.change > 0 else "down by {size}: another answer."
    else:
        way = "up by {size}." if pair.change > 0 else "down by {size}." if pair.change < 0 else "no change."
    return say(way, size=size) if pair.change else say(way)

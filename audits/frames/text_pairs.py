"""Texts before and after a swap, as rows."""

from __future__ import annotations

from collections.abc import Iterator

from audits.evidence import TextPairs
from audits.frames.rows import Row, rows


@rows.register
def _text_pairs(evidence: TextPairs) -> Iterator[Row]:
    for pair in evidence.pairs:
        before, after = pair.before, pair.after
        yield {
            "key": pair.key,
            "group": before.group,
            "text": "".join(part.text for part in before.parts),
            "answer": before.answer,
            "score": before.score,
            "swapped_group": after.group,
            "swapped_text": "".join(part.text for part in after.parts),
            "swapped_answer": after.answer,
            "swapped_score": after.score,
            "change": pair.change,
            "flipped": pair.flipped,
        }

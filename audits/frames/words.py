"""What single words did and were looked at, as rows."""

from __future__ import annotations

from collections.abc import Iterator

from audits.evidence import Attention, TokenScores
from audits.frames.rows import Row, rows


@rows.register
def _token_scores(evidence: TokenScores) -> Iterator[Row]:
    for text in evidence.texts:
        for place, (word, score) in enumerate(zip(text.example.words, text.scores, strict=True)):
            yield {
                "key": text.example.key,
                "target": text.target,
                "place": place,
                "word": word,
                "score": score,
                "error": text.error,
                "change": text.change,
                "adds_up": text.adds_up,
            }


@rows.register
def _attention(evidence: Attention) -> Iterator[Row]:
    for view in evidence.texts:
        for i, query in enumerate(view.tokens):
            for j, key in enumerate(view.tokens):
                yield {
                    "key": view.example.key,
                    "layer": view.layer,
                    "head": view.head,
                    "query_place": i,
                    "query": query,
                    "key_place": j,
                    "looked_at": key,
                    "weight": view.weights[i][j],
                    "rollout": view.rollout[j],
                }

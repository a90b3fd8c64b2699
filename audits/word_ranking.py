"""Words ranked by what they did to the answers over a sample of texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from audits.evidence import Column, Table, WordScores
from probes.speech import Count, Name, Number, Range, say

LEAST_TEXTS: Final = 5
"""A word's mean over fewer texts says more about the texts than about the word."""


def rank_words(texts: Sequence[WordScores], most: int = 20) -> Table:
    """Words by the size of their mean score, for each explained answer, with n and a 95 % t interval over texts.

    A word that comes twice in a text counts once, with the sum of its scores.
    """
    from scipy.special import stdtrit

    sums: dict[tuple[str, str], list[float]] = defaultdict(list)
    for text in texts:
        of_text: dict[str, float] = defaultdict(float)
        for word, score in zip(text.example.words, text.scores, strict=True):
            of_text[word.casefold()] += score
        for word, score in of_text.items():
            if any(map(str.isalnum, word)):
                sums[text.target, word].append(score)
    ranked = sorted(
        ((target, word, np.array(scores)) for (target, word), scores in sums.items() if len(scores) >= LEAST_TEXTS),
        key=lambda entry: (-abs(float(entry[2].mean())), entry[0], entry[1]),
    )[:most]
    rows = []
    for target, word, scores in ranked:
        mean, n = float(scores.mean()), len(scores)
        half = float(stdtrit(n - 1, 0.975)) * float(scores.std(ddof=1)) / n**0.5
        interval = Range(low=mean - half, high=mean + half, percent=False)
        rows.append((Name(text=word), Name(text=target), Count(value=n), Number(value=mean, digits=2), interval))
    return Table(
        name="attribution.words",
        title=say("Words that moved the answer most, on average over the texts that hold them"),
        columns=(
            Column(heading=say("Word")),
            Column(heading=say("Explained answer")),
            Column(heading=say("Texts"), numeric=True),
            Column(heading=say("Mean change of the logit"), numeric=True),
            Column(heading=say("95 % interval"), numeric=True),
        ),
        rows=tuple(rows),
    )

"""Texts before and after a swap, as the audit would hand them over."""

from __future__ import annotations

from collections.abc import Callable

from audits.text_pairs import TextPair, TextPairs, TextPart, TextVersion
from probes.speech import say

Rewrite = Callable[[str], str]


def sample_text_pairs(data: Rewrite) -> TextPairs:
    def version(group: str, *parts: str, score: float) -> TextVersion:
        return TextVersion(
            group=data(group),
            parts=tuple(TextPart(text=data(part), swapped=at % 2 == 1) for at, part in enumerate(parts)),
            answer=data("biased" if score >= 0.5 else "neutral"),
            score=score,
        )

    return TextPairs(
        name="counterfactual-flip.religion.texts",
        title=say("Texts before and after the swap"),
        hint=say("Marked words were swapped; nothing else differs but an article before them."),
        score=say("Probability of {label}", label=data("biased")),
        pairs=(
            TextPair(
                key=data("a1"),
                before=version("Muslims", "My neighbour is a ", "Muslim", " and waters the plants.", score=0.61),
                after=version("Christians", "My neighbour is a ", "Christian", " and waters the plants.", score=0.32),
                flipped=True,
                chosen=say("Among the {n} texts with the largest change.", n=12),
            ),
            TextPair(
                key=data("a2"),
                before=version("Jews", "The ", "rabbi", " spoke first.", score=0.1),
                after=version("Muslims", "The ", "imam", " spoke first.", score=0.14),
                flipped=False,
                chosen=say("Drawn at random from the others."),
            ),
            TextPair(
                key=data("a3"),
                before=version("Hindus", "Some ", "Hindus", " came to the meeting.", score=0.07),
                after=version("Buddhists", "Some ", "Buddhists", " came to the meeting.", score=0.07),
                flipped=False,
                chosen=say("Drawn at random from the others."),
            ),
        ),
    )

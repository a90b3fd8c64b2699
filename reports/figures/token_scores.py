"""Texts whose words are coloured by what they did to the answer: blue against, orange for, near-white no effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from audits.evidence import Example, TokenScores, WordScores
from probes.speech import Number, Phrase, Sentence, Share, say
from reports.figures.drawing import Drawing, draws
from reports.figures.pieces import piece
from reports.look.palette import GroupColours
from reports.look.wording import shown

RANKED = 8
"""So many words are ranked beneath a text."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as drawn: how strong (0 to 1), on which side, and its score in words."""

    text: str
    strength: float
    side: str
    score: str


@draws(TokenScores)
def token_scores(evidence: TokenScores, _: GroupColours) -> Drawing:
    """Each text with coloured words, whether the scores add up, and its strongest words ranked."""
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=Markup("").join(text_html(text) for text in evidence.texts),
        hint=evidence.hint,
        has_texts=True,
    )


def text_html(text: WordScores, editable: bool = False) -> Markup:
    """One text on its own, as the dashboard's Explain page shows it; there its words can be edited."""
    most = max((abs(score) for score in text.scores), default=0.0)
    words = [_word(word, score, most) for word, score in zip(text.example.words, text.scores, strict=True)]
    ranked = sorted((word for word in words if word.strength > 0), key=lambda word: -word.strength)[:RANKED]
    return piece(
        "token_scores.html",
        text=text,
        about=about(text.example),
        words=words,
        ranked=ranked,
        most=shown(Number(value=most)),
        adds_up=_adds_up(text),
        editable=editable,
    )


def about(example: Example) -> Sequence[Sentence]:
    """What a reader must know of an example before reading it."""
    sentences = [
        say(
            "Predicted: {answer} ({probability}).",
            answer=example.predicted,
            probability=Share(value=example.probability),
        )
    ]
    if example.actual is not None:
        sentences.append(say("In the data: {answer}.", answer=example.actual))
    sentences += [say("{attribute}: {group}.", attribute=name, group=group) for name, group in example.groups.items()]
    sentences.append(example.chosen)
    if example.truncated:
        sentences.append(say("The text was cut to what the model can read."))
    return sentences


def _word(text: str, score: float, most: float) -> Word:
    strength = round(abs(score) / most, 3) if most else 0.0
    side = "towards" if score > 0 else "against" if score < 0 else "neither"
    sign = "+" if score > 0 else "-" if score < 0 else ""
    return Word(text, strength, side, f"{sign}{shown(Number(value=abs(score)))}")


def _adds_up(text: WordScores) -> Sentence | None:
    if text.change is None or text.error is None:
        return None
    verdict = {True: "the scores add up", False: "the scores do not add up", None: "not judged"}[text.adds_up]
    return say(
        "The words change the answer by {change} in all; {error} of it is unaccounted for ({verdict}).",
        change=Number(value=text.change, unit="logits"),
        error=Number(value=text.error),
        verdict=Phrase(text=verdict),
    )

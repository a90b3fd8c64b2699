"""One text explained by one method, as a panel; two stand side by side to be compared."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from audits.browse.reader import Answer, Reader
from dashboard.explain.texts import Inputs, Texts
from probes.speech import Points, Sentence, Share, say
from reports.figures.token_scores import text_html
from reports.look.wording import shown


@dataclass(frozen=True, slots=True)
class Bar:
    """A class's probability, and how it changed."""

    name: str
    share: float
    words: str
    change: str


@dataclass(frozen=True, slots=True)
class Panel:
    """What is drawn of one text by one method."""

    title: Sentence
    labels: tuple[Bar, ...]
    method: Sentence
    words: Markup
    """The words and their scores, or why they are not shown."""


def panels(
    reader: Reader, texts: Texts, methods: list[str], target: str | None, covered: Markup | None
) -> tuple[Panel, ...]:
    """Before beside now after an edit, else one method beside another where two are asked for."""
    now = reader.answer(texts.now)
    # One class on both sides: scores for different answers cannot be compared.
    explained = target or now.predicted if not reader.multilabel else target
    if texts.before is not None:
        before = reader.answer(texts.before)
        return (
            _panel(reader, texts, texts.before, say("Before"), methods[0], explained, before, None, covered, False),
            _panel(reader, texts, texts.now, say("Now"), methods[0], explained, now, before, covered, True),
        )
    names = {key: name for key, name, _ in reader.methods}
    return tuple(
        _panel(reader, texts, texts.now, names[method], method, explained, now, None, covered, True)
        for method in methods
    )


def _panel(
    reader: Reader,
    texts: Texts,
    inputs: Inputs,
    title: Sentence,
    method: str,
    target: str | None,
    answer: Answer,
    before: Answer | None,
    covered: Markup | None,
    editable: bool,
) -> Panel:
    words = covered or text_html(reader.attribution(inputs, method, target, texts.origin), editable=editable)
    return Panel(title, bars(answer, before), _catch(reader, method), words)


def _catch(reader: Reader, method: str) -> Sentence:
    return next(catch for key, _, catch in reader.methods if key == method)


def bars(answer: Answer, before: Answer | None) -> tuple[Bar, ...]:
    """The likeliest classes, at most twelve, and how an edit changed them."""
    old = {} if before is None else {label.label: label.probability for label in before.labels}
    ordered = sorted(answer.labels, key=lambda label: -label.probability) if len(answer.labels) > 2 else answer.labels
    return tuple(
        Bar(
            label.label,
            round(label.probability, 4),
            shown(Share(value=label.probability)),
            _change(label.probability - old[label.label]) if label.label in old else "",
        )
        for label in ordered[:12]
    )


def _change(difference: float) -> str:
    words = shown(Points(value=abs(difference)))
    return f"+{words}" if difference > 0 else f"-{words}" if difference < 0 else words

"""What a verdict looks like: an icon, a word and a colour, never colour alone."""

from __future__ import annotations

from markupsafe import Markup

from audits.findings import Verdict
from probes.speech import Count, Phrase, Sentence, say, say_counted

WORST_FIRST = (
    Verdict.FAIL,
    Verdict.CONCERN,
    Verdict.INSUFFICIENT,
    Verdict.PASS,
    Verdict.ERROR,
    Verdict.NOT_APPLICABLE,
)
"""The order in which a reader wants them: what was found, then what could not be asked."""

_WORDS = {
    Verdict.PASS: "pass",
    Verdict.CONCERN: "concern",
    Verdict.FAIL: "fail",
    Verdict.INSUFFICIENT: "not enough evidence",
    Verdict.NOT_APPLICABLE: "not applicable",
    Verdict.ERROR: "error",
}

_CIRCLE = '<circle cx="10" cy="10" r="8"/>'
_STROKES = {
    Verdict.PASS: f'{_CIRCLE}<path d="m6.2 10.4 2.6 2.6 5-5.6"/>',
    Verdict.CONCERN: '<path d="M10 2.6 18.2 17H1.8zM10 8v4.4M10 14.5v.3"/>',
    Verdict.FAIL: '<path d="M6.7 2h6.6L18 6.7v6.6L13.3 18H6.7L2 13.3V6.7zM7 7l6 6M13 7l-6 6"/>',
    Verdict.INSUFFICIENT: f'{_CIRCLE}<path d="M7.5 8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.7M10 14.2v.3"/>',
    Verdict.NOT_APPLICABLE: f'{_CIRCLE}<path d="M6.4 10h7.2"/>',
    Verdict.ERROR: '<path d="M2.5 2.5h15v15h-15zM10 6v5M10 13.7v.3"/>',
}


def rank(verdict: Verdict) -> int:
    """Its place when the worst comes first."""
    return WORST_FIRST.index(verdict)


def word(verdict: Verdict) -> Sentence:
    """The verdict as a reader is told."""
    return say("{verdict}", verdict=Phrase(text=_WORDS[verdict]))


def counted(verdict: Verdict, count: int) -> Sentence:
    """How many findings ended in it: "2 fail"."""
    return say_counted(
        "count",
        "{count} {verdict}",
        "{count} {verdict}",
        count=Count(value=count),
        verdict=Phrase(text=_WORDS[verdict]),
    )


def icon(verdict: Verdict) -> Markup:
    """Its icon as inline SVG in its colour; the word always stands beside it."""
    return Markup(  # noqa: S704 - fixed strokes of ours
        f'<svg class="verdict-icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false" fill="none" '
        f'stroke="var(--{verdict.value})" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">'
        f"{_STROKES[verdict]}</svg>"
    )

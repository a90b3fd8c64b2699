"""Headings and errors between the widgets of the page."""

from __future__ import annotations

from markupsafe import Markup

from dashboard import stage
from probes.speech import Sentence
from reports.look.wording import prose


def heading(words: Sentence, key: str, hint: Sentence | None = None, level: int = 2) -> None:
    """The heading of a section, and what it is for."""
    below = Markup('<p class="note">{}</p>').format(prose(hint)) if hint is not None else Markup("")
    rank = "h3" if level == 3 else "h2"
    stage.show(Markup("<{0}>{1}</{0}>{2}").format(rank, prose(words), below), key=f"heading-{key}")


def told(problem: Sentence, key: str) -> None:
    """What is wrong, in one line, where it is wrong."""
    stage.show(Markup('<p class="problem" role="alert">{}</p>').format(prose(problem)), key=f"problem-{key}")


def hint(words: Sentence, key: str) -> None:
    """What is still to be done."""
    stage.show(Markup('<p class="note">{}</p>').format(prose(words)), key=f"hint-{key}")

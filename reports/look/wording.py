"""Words on a page: sentences of ours as markup, and text from data and models made harmless and visible."""

from __future__ import annotations

import re
import textwrap
from itertools import count

from markupsafe import Markup, escape

from probes.speech import Name, Names, Quantity, Sentence, reader, say

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
"""Controls that would hide text or turn the reading direction of what follows."""
_OPEN, _CLOSE = "\ue000", "\ue001"
_TOGETHER = re.compile(r"(?<=\d) (?=%)|(?<=\bp) (?=[=<])|(?<=\b[np] [=<]) (?=\d)")
"""Blanks at which a line must not break: 36 %, p = 0.03."""
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


def visible(text: str) -> str:
    """The text with its hidden controls written out, as in ⟨U+202E⟩: an auditor must see what a model sees."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def untrusted(text: str) -> Markup:
    """Text from data, plan or model: escaped, isolated from our reading direction, never interpreted."""
    return Markup("<bdi>{}</bdi>").format(visible(text))


def prose(sentence: Sentence) -> Markup:
    """A sentence as markup; the names in it are untrusted and isolated."""
    names: list[str] = []

    def marked(value: Quantity) -> Quantity:
        if isinstance(value, Name):
            names.append(value.text)
            return Name(text=f"{_OPEN}{len(names) - 1}{_CLOSE}")
        if isinstance(value, Names):
            start = count(len(names))
            names.extend(value.texts)
            return value.model_copy(update={"texts": tuple(f"{_OPEN}{next(start)}{_CLOSE}" for _ in value.texts)})
        return value

    words = sentence.model_copy(
        update={"values": {key: marked(value) for key, value in sentence.values.items()}}
    ).text()

    def name(found: re.Match[str]) -> str:
        place = int(found[1])
        text = names[place] if place < len(names) else ""
        return untrusted(text[:1].upper() + text[1:] if found.start() == 0 else text)

    words = _TOGETHER.sub("\u00a0", visible(words))
    return Markup(_MARK.sub(name, str(escape(words))))  # noqa: S704 - escaped first, then our own marks filled


def plain(sentence: Sentence) -> str:
    """A sentence as text with its hidden controls written out."""
    return visible(sentence.text())


def fragment(template: str, **values: Quantity | str | int) -> str:
    """A part of a sentence, such as "n = 61": worded like `say`, but its first letter stays as it is."""
    sentence = say(template, **values)
    start = reader().gettext(template)
    gap = re.match(r"\{(\w+)\}", start)
    first = visible(sentence.values[gap[1]].show(reader().gettext)) if gap else start
    return first[:1] + plain(sentence)[1:]


def shown(value: Quantity | None) -> str:
    """A typed value on its own, as in a table's cell; what is missing is a dash."""
    return "–" if value is None else visible(value.show(reader().gettext))


def chart_label(text: str, width: int | None = None) -> str:
    """Text for plotly, which reads tags, entities and $LaTeX$ in labels: none is left; long text is wrapped."""
    lines = textwrap.wrap(visible(text), width) if width else [" ".join(visible(text).split())]
    return "<br>".join(_inert(line) for line in lines)


def _inert(text: str) -> str:
    # plotly decodes entities only after it has split off its tags, and looks for $...$ before it decodes.
    entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"}
    return "".join(entities.get(letter, letter) for letter in text)

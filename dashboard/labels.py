"""Text for the places where Streamlit reads Markdown: labels, help, captions. What goes in is what is seen."""

from __future__ import annotations

import re
from typing import Final

from probes.speech import Sentence
from reports.look.wording import plain, visible

_MARK: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@^=])")

_JOINED: Final = re.compile(r"(?<=[:@])|(?<=\bwww)(?=\.)|(?<=[<-])(?=[->])", re.IGNORECASE)
"""Where Streamlit still finds icons, addresses and arrows after backslashes are read."""

_JOINER: Final = "\u2060"
"""Takes no room and no line breaks at it."""


def inert(said: Sentence | str) -> str:
    """The text with every mark escaped; hidden controls are written out and it stands in one line."""
    text = visible(said) if isinstance(said, str) else plain(said)
    return _MARK.sub(r"\\\1", _JOINED.sub(_JOINER, " ".join(text.split())))

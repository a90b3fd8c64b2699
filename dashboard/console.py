"""The terminal's console, on which nothing of the data's is markup; imports only rich and the words of probes."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.text import Text

from probes.errors import EvenlightError
from probes.speech import Sentence

WIDTH_WITHOUT_TERMINAL = 120


def console(stderr: bool = False) -> Console:
    """Standard output, or standard error; as wide as the terminal where there is one."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(stderr=stderr, width=width, highlight=False, markup=False)


def inert(sentence: Sentence | str) -> Text:
    """Text in one line without control characters: data must not move the cursor or colour the terminal."""
    return Text("".join(c if c.isprintable() else " " if c.isspace() else "�" for c in str(sentence)))


def show_error(problem: EvenlightError) -> None:
    """One line on standard error."""
    console(stderr=True).print(Text("evenlight: ") + inert(problem.sentence), soft_wrap=True)

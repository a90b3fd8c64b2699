"""The reader's language: a gettext catalogue, English where there is none."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class Language(Protocol):
    """A catalogue of sentences, as the standard library's gettext has it."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


ENGLISH: Language = gettext.NullTranslations()

_reader: ContextVar[Language] = ContextVar("reader", default=ENGLISH)


def reader() -> Language:
    """The language of whoever reads now."""
    return _reader.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Everything shown inside the block is in this language."""
    token = _reader.set(language)
    try:
        yield
    finally:
        _reader.reset(token)

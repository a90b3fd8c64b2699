"""Every sentence a reader sees: a template of ours with typed values."""

from __future__ import annotations

import re

from pydantic import model_validator

from probes.record import Record
from probes.speech.language import Language, reader
from probes.speech.quantities import Count, Name, Quantity

_GAP = re.compile(r"\{(\w+)\}")


class Sentence(Record):
    """A template and the values of its gaps; the plural form is chosen by the count named `counted`."""

    template: str
    values: dict[str, Quantity] = {}
    plural: str | None = None
    counted: str | None = None

    @model_validator(mode="after")
    def _gaps_are_filled(self) -> Sentence:
        gaps = set(_GAP.findall(self.template)) | set(_GAP.findall(self.plural or ""))
        missing = gaps - set(self.values)
        if missing:
            raise ValueError(f"no value for {sorted(missing)} in {self.template!r}")
        return self

    def text(self, language: Language | None = None) -> str:
        """The sentence in a reader's language (default: the current one). Values are never interpreted."""
        language = language or reader()
        template = language.gettext(self.template)
        if self.plural is not None and self.counted is not None:
            count = self.values[self.counted]
            assert isinstance(count, Count)
            template = language.ngettext(self.template, self.plural, count.value)
        shown = {name: value.show(language.gettext) for name, value in self.values.items()}
        words = _GAP.sub(lambda gap: shown[gap[1]], template)
        # A sentence begins with a capital; a path, a URI or an identifier stays as it is.
        first = words.split(maxsplit=1)[0] if words.strip() else ""
        return words[:1].upper() + words[1:] if first.rstrip(",.:;").isalpha() else words

    def __str__(self) -> str:
        return self.text()


def say(template: str, **values: Quantity | str | int) -> Sentence:
    """A sentence: `say("{n} rows of {source}.", n=3, source="a.csv")`; text is taken for a Name, int for a Count."""
    return Sentence(template=template, values=_typed(values))


def say_counted(counted: str, one: str, many: str, **values: Quantity | str | int) -> Sentence:
    """A sentence with a singular and a plural form, chosen by the count in the value named `counted`."""
    return Sentence(template=one, plural=many, counted=counted, values=_typed(values))


def _typed(values: dict[str, Quantity | str | int]) -> dict[str, Quantity]:
    return {name: _quantity(value) for name, value in values.items()}


def _quantity(value: Quantity | str | int) -> Quantity:
    if isinstance(value, str):
        return Name(text=value)
    if isinstance(value, int):
        return Count(value=value)
    return value

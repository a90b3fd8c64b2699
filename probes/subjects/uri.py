"""Subject URIs: a scheme, a target and options, such as hf:models/moderation?device=cuda:0&dtype=bfloat16."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from probes.errors import BadSubject
from probes.nearest import nearest


@dataclass(frozen=True, slots=True)
class SubjectURI:
    """A parsed URI."""

    text: str
    scheme: str
    target: str
    options: dict[str, str]

    @classmethod
    def parse(cls, text: str) -> SubjectURI:
        """Raises BadSubject where there is no scheme or an option has no value or comes twice."""
        scheme, colon, rest = text.partition(":")
        if not colon or not scheme.isidentifier():
            raise BadSubject(
                "subject {uri} has no scheme; write hf:FOLDER-OR-NAME for a model or table:?prediction=COLUMN", uri=text
            )
        target, _, query = rest.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        options = dict(pairs)
        if len(options) != len(pairs) or "" in options.values() or (query and not pairs):
            raise BadSubject(
                "the options of subject {uri} cannot be read; write each once as name=value, joined by &", uri=text
            )
        return cls(text, scheme, target, options)

    def only(self, *allowed: str) -> None:
        """Raises BadSubject for an option that the scheme does not know, with the nearest one it does."""
        for name in self.options:
            if name not in allowed:
                raise BadSubject(
                    "subject {uri} has an unknown option {name}; did you mean {near}?",
                    uri=self.text,
                    name=name,
                    near=nearest(name, allowed) or ", ".join(allowed),
                )

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """An option with a fixed set of values."""
        value = self.options.get(name, default)
        if value not in allowed:
            raise BadSubject(
                "subject option {name} is {value}; it can be {allowed}",
                name=name,
                value=value,
                allowed=" or ".join(allowed),
            )
        return value

    def number(self, name: str, default: float) -> float:
        """A finite number."""
        value = self.options.get(name)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not abs(number) < float("inf"):
            raise BadSubject("subject option {name} is {value}; it must be a number", name=name, value=value)
        return number

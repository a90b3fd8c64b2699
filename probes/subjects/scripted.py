"""A subject without weights that ships with Evenlight: for tests, docs and plans that must run anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from math import isfinite, nan
from urllib.parse import quote, unquote

import numpy as np

from probes.errors import BadSubject
from probes.example import Example, Tokens
from probes.requests import (
    Answer,
    Embed,
    Embedded,
    Forward,
    Gradient,
    LastLayer,
    Request,
    Scores,
    Slope,
    States,
    Without,
)
from probes.subjects.capabilities import Description
from probes.subjects.uri import SubjectURI
from probes.words import Place, words_of

SIZES = ("layers", "heads", "most_tokens")
"""Options of the URI that are whole numbers."""


@dataclass(frozen=True)
class Scripted:
    """`scripted:?labels=neutral,flagged&words=awful:2,kind:-1&bias=-0.5`: the last class's logit is a sum over words.

    Embeddings are one number a word, so gradients, attributions and attention are known exactly: the gradient
    is 1, the attribution of a word is its weight, and every head looks at all tokens alike. Words are in lower case.
    """

    labels: tuple[str, ...] = ("neutral", "flagged")
    words: Mapping[str, float] = field(default_factory=dict)
    bias: float = 0.0
    multilabel: bool = False
    layers: int = 2
    heads: int = 3
    most_tokens: int = 512
    policy: str = "exact"

    @property
    def uri(self) -> str:
        """What opens the same subject again."""
        options = {
            "labels": ",".join(map(_escaped, self.labels)),
            "bias": _plain(self.bias) if self.bias else "",
            "problem": "multilabel" if self.multilabel else "",
            **{name: str(getattr(self, name)) for name in SIZES if getattr(self, name) != getattr(Scripted, name)},
            "words": ",".join(f"{_escaped(word)}:{_plain(weight)}" for word, weight in sorted(self.words.items())),
        }
        return "scripted:?" + "&".join(f"{name}={value}" for name, value in options.items() if value)

    @cached_property
    def fingerprint(self) -> str:
        """Digest of the script."""
        return "scripted-" + blake2b(self.uri.encode(), digest_size=16).hexdigest()

    def embedding_size(self) -> int:
        """One number a word."""
        return 1

    def describe(self) -> Description:
        """A script has no device and no precision."""
        return Description(name="scripted", architecture="bag of words", parameters=len(self.words) + 1)

    def check_attention(self) -> None:
        """Attention is always there."""

    def blank(self) -> str:
        """Nothing stands for an absent word."""
        return ""

    def mask(self) -> str:
        """A word that has no weight, unless the script gives it one."""
        return "[mask]"

    def state_size(self) -> int:
        """A word's state is its weight."""
        return 1

    def encode(self, inputs: Sequence[tuple[str, ...]]) -> list[Example]:
        """Words between white space, in lower case, between a start and an end token."""
        return [self._example(texts) for texts in inputs]

    def _example(self, inputs: tuple[str, ...]) -> Example:
        places: list[Place] = [None]
        texts = ["[start]"]
        for segment, text in enumerate(inputs):
            at = 0
            for word in text.split():
                at = text.index(word, at)
                places.append((segment, at, at + len(word)))
                texts.append(word)
                at += len(word)
        truncated = len(places) + 1 > self.most_tokens
        places, texts = [*places[: self.most_tokens - 1], None], [*texts[: self.most_tokens - 1], "[end]"]
        ids = [
            int.from_bytes(blake2b(t.lower().encode("utf-8", "replace"), digest_size=4).digest(), "little")
            for t in texts
        ]
        tokens = Tokens(
            ids=np.array(ids, dtype=np.int64),
            types=np.zeros(len(ids), dtype=np.int64),
            special=np.array([place is None for place in places]),
            texts=tuple(texts),
            words=words_of(inputs, places),
            truncated=truncated,
        )
        return Example(inputs, tokens)

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        """Answers exactly."""
        return [self._answer(request) for request in batch]

    def _answer(self, request: Request) -> Answer:
        tokens = request.example.encoded
        embeddings = np.array(
            [[0.0 if s else self.words.get(t.lower(), 0.0)] for s, t in zip(tokens.special, tokens.texts, strict=True)]
        )
        embeddings = embeddings.astype(np.float32)
        if isinstance(request, Embed):
            return Embedded(embeddings, np.zeros_like(embeddings))
        if isinstance(request, Gradient):
            slope = np.full_like(request.embeddings, 1.0 if request.target == len(self.labels) - 1 else 0.0)
            return Slope(self._logits(request.embeddings), slope)
        if isinstance(request, LastLayer):
            return States(embeddings)
        if isinstance(request, Without):
            return Scores(self._logits(np.where(request.absent[:, None], np.float32(0), embeddings)))
        looks = np.full((self.layers, self.heads, len(tokens), len(tokens)), 1 / len(tokens), dtype=np.float32)
        return Scores(self._logits(embeddings), looks if isinstance(request, Forward) and request.attention else None)

    def _logits(self, embeddings: np.ndarray) -> np.ndarray:
        logits = np.zeros(len(self.labels), dtype=np.float32)
        logits[-1] = embeddings.sum() + self.bias
        return logits


def open_scripted(uri: SubjectURI, trust: bool) -> Scripted:
    """Opens a scripted: URI. Raises BadSubject where a word has no number."""
    del trust  # there is no code to trust
    uri.only("labels", "words", "bias", "problem", *SIZES)
    labels = tuple(unquote(label) for label in uri.options.get("labels", "neutral,flagged").split(","))
    if len(set(labels)) < max(2, len(labels)) or "" in labels:
        raise BadSubject("subject {uri} needs at least two labels, each of another name: labels=A,B", uri=uri.text)
    words: dict[str, float] = {}
    for pair in filter(None, uri.options.get("words", "").split(",")):
        word, _, weight = pair.rpartition(":")
        try:
            words[unquote(word).lower()] = number = float(weight)
        except ValueError:
            number = nan
        if not word or not isfinite(number):
            raise BadSubject(
                "the words of subject {uri} hold {pair}, which is not word:number", pair=pair, uri=uri.text
            )
    multilabel = uri.choice("problem", ("single", "multilabel"), "single") == "multilabel"
    return Scripted(
        labels,
        words,
        uri.number("bias", 0.0),
        multilabel,
        layers=_size(uri, "layers", Scripted.layers),
        heads=_size(uri, "heads", Scripted.heads),
        most_tokens=_size(uri, "most_tokens", Scripted.most_tokens),
    )


def _size(uri: SubjectURI, name: str, default: int) -> int:
    size = uri.number(name, default)
    if size < 1 or size != int(size):
        raise BadSubject(
            "subject option {name} is {value}; it must be a whole number from 1", name=name, value=uri.options[name]
        )
    return int(size)


def _plain(number: float) -> str:
    """Every digit, and no plus sign, which stands for a blank in a URI; there is one zero."""
    return repr(float(number)).replace("+", "") if number else "0"


def _escaped(text: str) -> str:
    """Commas separate words and labels, so one inside is escaped twice."""
    return quote(text.replace("%", "%25").replace(",", "%2C"), safe="")

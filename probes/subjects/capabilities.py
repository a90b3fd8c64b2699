"""What a subject can do. Audits and probes ask for these; nobody asks what class a subject is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from probes.example import Example
from probes.requests import Answer, Request


@dataclass(frozen=True, slots=True)
class Description:
    """What a subject tells about itself for the manifest."""

    name: str
    architecture: str | None = None
    parameters: int | None = None
    device: str | None = None
    dtype: str | None = None
    attention: str | None = None


@runtime_checkable
class Subject(Protocol):
    """A model under audit, or predictions that stand in for it."""

    @property
    def uri(self) -> str:
        """What opens it again, on this machine or another."""

    @property
    def fingerprint(self) -> str:
        """Digest over everything that its answers depend on: weights, configuration, tokenizer."""

    @property
    def policy(self) -> str:
        """The numeric policy its answers are computed under: dtype and attention kernel."""

    def describe(self) -> Description:
        """What stands in the manifest."""


@runtime_checkable
class Classifies(Subject, Protocol):
    """Assigns classes to examples, or labels that do not exclude each other."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes in the order of the outputs."""

    @property
    def multilabel(self) -> bool:
        """Whether an example may have several labels, or none."""


@runtime_checkable
class Answers(Subject, Protocol):
    """Runs requests on examples."""

    def encode(self, inputs: Sequence[tuple[str, ...]]) -> list[Example]:
        """Examples as the model reads them, with their tokens where it shows them."""

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        """Answers a batch of one kind, in order. Raises OutOfMemory where it does not fit."""


@runtime_checkable
class Attends(Answers, Protocol):
    """Answers Forward(attention=True)."""

    def check_attention(self) -> None:
        """Raises NotApplicable where the way the model was loaded keeps no weights."""


@runtime_checkable
class Differentiates(Answers, Protocol):
    """Answers Embed and Gradient."""

    def embedding_size(self) -> int:
        """Width of the input embeddings: what a gradient weighs in memory.

        A method, since Python looks properties up to tell whether they are there, and this one loads the model.
        """


@runtime_checkable
class Omits(Answers, Protocol):
    """Answers Without."""

    def blank(self) -> str:
        """The token that stands for an absent one, as the tokenizer spells it."""


@runtime_checkable
class Masks(Answers, Protocol):
    """Has a way to write that a word is hidden."""

    def mask(self) -> str:
        """What is written in place of a hidden word: the mask token, or the token of what is unknown."""


@runtime_checkable
class Represents(Answers, Protocol):
    """Answers LastLayer."""

    def state_size(self) -> int:
        """Width of the hidden states."""


@runtime_checkable
class Recorded(Subject, Protocol):
    """Decisions that already stand in columns of the data; there is no model to ask."""

    @property
    def prediction(self) -> str | None:
        """Column of the predicted class."""

    @property
    def score(self) -> str | None:
        """Column of the positive class's score."""

    @property
    def threshold(self) -> float:
        """From this score on the decision is positive."""

    def with_labels(self, labels: tuple[str, ...]) -> Classifies:
        """The same decisions, once the data has told which classes there are."""


@dataclass(frozen=True, slots=True)
class Explaining:
    """How a subject answers Shapley: the way its values are computed, and what they add up to."""

    method: Literal["tree", "linear", "exact", "permutation"]
    scale: Literal["log-odds", "probability"]


@runtime_checkable
class Tabular(Answers, Protocol):
    """Reads rows of named columns, and answers Shapley."""

    @property
    def features(self) -> tuple[str, ...]:
        """The columns in the order in which it reads them; none where only the plan knows their names."""

    def with_columns(self, numeric: Mapping[str, bool]) -> Tabular:
        """The same model over these columns, in their order; the flag says whether the data holds numbers there."""

    def explaining(self) -> Explaining:
        """How it would answer Shapley."""

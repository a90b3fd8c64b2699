"""Predictions that already stand in the data: no model and no input column needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b

from probes.errors import BadSubject
from probes.subjects.capabilities import Description
from probes.subjects.uri import SubjectURI


@dataclass(frozen=True)
class TableSubject:
    """`table:?prediction=COLUMN`, or `table:?score=COLUMN&threshold=0.5`."""

    uri: str
    prediction: str | None
    score: str | None
    threshold: float
    labels: tuple[str, ...] = ()
    multilabel: bool = False
    policy: str = "recorded"

    @cached_property
    def fingerprint(self) -> str:
        """The columns decide; the data has a digest of its own."""
        parts = f"{self.prediction}\0{self.score}\0{self.threshold}"
        return "table-" + blake2b(parts.encode(), digest_size=16).hexdigest()

    def with_labels(self, labels: tuple[str, ...]) -> TableSubject:
        """The same columns, with the classes that were found in the data."""
        return replace(self, labels=labels)

    def describe(self) -> Description:
        """Predictions have no architecture, device or precision."""
        column = self.prediction or self.score or ""
        return Description(name=column)


def open_table(uri: SubjectURI, trust: bool) -> TableSubject:
    """Opens a table: URI. Raises BadSubject unless exactly one of prediction and score is named."""
    del trust  # there is no code in a column
    uri.only("prediction", "score", "threshold")
    prediction, score = uri.options.get("prediction"), uri.options.get("score")
    if uri.target or (prediction is None) == (score is None):
        raise BadSubject(
            "subject {uri} must name one column: table:?prediction=COLUMN or table:?score=COLUMN&threshold=0.5",
            uri=uri.text,
        )
    if prediction is not None and "threshold" in uri.options:
        raise BadSubject("subject {uri} has a threshold but no score; name score=COLUMN", uri=uri.text)
    return TableSubject(uri.text, prediction, score, uri.number("threshold", 0.5))

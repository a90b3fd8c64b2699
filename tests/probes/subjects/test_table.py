"""Predictions that stand in the data: columns instead of a model."""

from __future__ import annotations

import pytest

from probes.errors import BadSubject
from probes.subjects import open_subject
from probes.subjects.capabilities import Answers, Attends, Classifies, Differentiates, Recorded, Subject
from probes.subjects.table import TableSubject
from tests.probes.asking import one_line


def table(text: str) -> TableSubject:
    subject = open_subject(text)
    assert isinstance(subject, TableSubject)
    return subject


@pytest.mark.parametrize("text", ["table:?prediction=decision", "table:?score=s&threshold=0.3"])
def test_it_is_recorded_and_answers_nothing(text: str) -> None:
    subject: object = table(text)
    for capability in (Subject, Recorded, Classifies):
        assert isinstance(subject, capability)
    for capability in (Answers, Attends, Differentiates):
        assert not isinstance(subject, capability)


def test_columns_are_what_the_uri_says() -> None:
    decided, scored = table("table:?prediction=a%26b+c"), table("table:?score=s&threshold=0.3")
    assert (decided.prediction, decided.score) == ("a&b c", None)
    assert (scored.prediction, scored.score, scored.threshold) == (None, "s", 0.3)
    assert table("table:?score=s").threshold == 0.5
    assert (decided.describe().name, scored.describe().name) == ("a&b c", "s")


def test_labels_come_from_the_data() -> None:
    subject = table("table:?prediction=decision")
    assert subject.labels == ()
    named = subject.with_labels(("no", "yes"))
    assert (named.labels, named.fingerprint, named.uri) == (("no", "yes"), subject.fingerprint, subject.uri)


def test_other_columns_and_thresholds_are_other_subjects() -> None:
    texts = ["prediction=a", "prediction=b", "score=a", "score=a&threshold=0.4", "score=b"]
    assert len({table(f"table:?{text}").fingerprint for text in texts}) == len(texts)
    assert table("table:?score=a").fingerprint == table("table:?score=a&threshold=0.5").fingerprint


@pytest.mark.parametrize("text", ["table:", "table:?prediction=a&score=b", "table:?threshold=0.5", "table:a"])
def test_exactly_one_column_is_named(text: str) -> None:
    with pytest.raises(BadSubject) as caught:
        open_subject(text)
    one_line(caught.value, text, "prediction=COLUMN", "score=COLUMN")


def test_a_threshold_needs_a_score() -> None:
    with pytest.raises(BadSubject) as caught:
        open_subject("table:?prediction=a&threshold=0.5")
    one_line(caught.value, "threshold", "score=COLUMN")

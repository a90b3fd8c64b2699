"""The score of a row is the probability of the positive class, or what stands in the column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from audits.engine.decisions import SELECTED, classifier
from audits.engine.pairing import matched
from audits.engine.scores import SCORE, scores, threshold
from probes.errors import NotApplicable
from probes.subjects import open_subject
from tests.audits.catalog.populations import population
from tests.audits.engine.worlds import SUBJECT, WEIGHTS, bench_of, comments


def scored(uri: str, rows: pl.DataFrame, folder: Path, positive: str | None = None) -> pl.DataFrame:
    data = population(rows.to_dict(as_series=False), input=("text",) if "text" in rows.columns else ())
    subject, data = matched(open_subject(uri), data)
    return scores(bench_of(subject, folder), data, positive or data.positive(classifier(subject).labels)).collect()


def test_a_two_class_models_score_is_the_logistic_of_its_words(tmp_path: Path) -> None:
    rows = comments(60)
    logits = np.array([sum(WEIGHTS.get(word, 0.0) for word in text.split()) - 0.5 for text in rows["text"]])
    assert np.allclose(scored(SUBJECT, rows, tmp_path)[SCORE], 1 / (1 + np.exp(-logits)))


def test_a_row_is_selected_exactly_above_the_threshold(tmp_path: Path) -> None:
    frame = scored(SUBJECT, comments(200), tmp_path).filter(pl.col(SCORE) != 0.5)
    at = threshold(open_subject(SUBJECT))
    assert (frame[SELECTED] == (frame[SCORE] > at)).all()


def test_the_two_classes_scores_add_up_to_one(tmp_path: Path) -> None:
    rows = comments(40)
    one, other = (scored(SUBJECT, rows, tmp_path, name)[SCORE] for name in ("flagged", "neutral"))
    assert np.allclose(one + other, 1)


def test_a_column_of_scores_is_taken_as_it_stands_and_what_is_no_number_is_unknown(tmp_path: Path) -> None:
    rows = pl.DataFrame({"label": ["a", "b"] * 3, "group": ["x", "y"] * 3, "s": ["0.5", "7", "", "nan", "inf", "-2"]})
    frame = scored("table:?score=s&threshold=3", rows, tmp_path)
    assert frame[SCORE].to_list() == [0.5, 7.0, None, None, None, -2.0]
    assert frame[SELECTED].to_list() == [False, True, None, None, True, False]


def test_predictions_without_scores_say_which_option_would_help(tmp_path: Path) -> None:
    rows = pl.DataFrame({"label": ["a", "b"] * 3, "group": ["x", "y"] * 3, "p": ["a", "b"] * 3})
    with pytest.raises(NotApplicable, match="table:\\?score=COLUMN"):
        scored("table:?prediction=p", rows, tmp_path)


def test_a_model_of_three_classes_has_no_one_threshold() -> None:
    assert threshold(open_subject("scripted:?labels=a,b,c")) is None
    assert threshold(open_subject("scripted:?labels=a,b,c&problem=multilabel")) == 0.5

"""Logits become probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit, softmax

from probes.predictions import Predictions, probabilities
from probes.subjects.hf_classifier import HFClassifier
from tests.probes.asking import encoded, measured, scores
from tests.probes.tiny_models import SENTENCES

logits = arrays(np.float32, (3, 4), elements=st.floats(-1e4, 1e4, width=32))


@given(logits)
@pytest.mark.filterwarnings("error")
def test_classes_that_exclude_each_other_share_one(rows: np.ndarray) -> None:
    shares = probabilities(rows, multilabel=False)
    np.testing.assert_allclose(shares.sum(axis=-1), 1)
    np.testing.assert_allclose(shares, softmax(rows.astype(np.float64), axis=-1), atol=1e-12)


@given(logits)
@pytest.mark.filterwarnings("error")
def test_labels_that_do_not_exclude_each_other_have_each_their_own(rows: np.ndarray) -> None:
    np.testing.assert_allclose(probabilities(rows, multilabel=True), expit(rows.astype(np.float64)), atol=1e-12)


def test_a_prediction_is_the_model_s_logits(subject: HFClassifier) -> None:
    for text in SENTENCES[:-1]:
        prediction = measured(Predictions(), subject, text)
        (alone,) = scores(subject, encoded(subject, text))
        np.testing.assert_array_equal(prediction.logits, alone.logits)
        assert not prediction.truncated


def test_a_text_that_was_cut_is_marked(subject: HFClassifier) -> None:
    assert measured(Predictions(), subject, "the boss is rude " * 5000).truncated

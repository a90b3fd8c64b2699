"""The scripted subject is exactly what it says, and its URI opens it again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.errors import BadSubject
from probes.subjects import open_subject
from probes.subjects.capabilities import Answers, Attends, Classifies, Differentiates, Recorded, Subject
from probes.subjects.scripted import Scripted
from tests.probes.asking import encoded, one_line, scores

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).map(str.lower)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
numbers = st.floats(allow_nan=False, allow_infinity=False)

scripts = st.builds(
    Scripted,
    labels=st.lists(names, min_size=2, max_size=4, unique=True).map(tuple),
    words=st.dictionaries(words.filter(lambda word: word == word.lower()), numbers, max_size=4),
    bias=numbers,
    multilabel=st.booleans(),
    layers=st.integers(1, 4),
    heads=st.integers(1, 4),
    most_tokens=st.integers(3, 600),
)


@given(scripts)
def test_its_uri_opens_the_same_subject(script: Scripted) -> None:
    again = open_subject(script.uri)
    assert again == script
    assert again.fingerprint == script.fingerprint


@given(scripts, scripts)
def test_its_fingerprint_tells_every_other_script_apart(one: Scripted, other: Scripted) -> None:
    assert (one == other) == (one.fingerprint == other.fingerprint)


def test_weights_that_differ_little_differ() -> None:
    assert Scripted(words={"a": 0.1}).fingerprint != Scripted(words={"a": 0.1 + 1e-12}).fingerprint


def test_it_can_do_what_probes_ask_for() -> None:
    script = Scripted()
    for capability in (Subject, Classifies, Answers, Attends, Differentiates):
        assert isinstance(script, capability)
    assert not isinstance(script, Recorded)
    script.check_attention()


@given(st.dictionaries(st.sampled_from(["good", "bad", "ugly"]), st.integers(-8, 8)), st.integers(-3, 3))
def test_the_last_class_s_logit_is_a_sum_over_words(weights: dict[str, float], bias: int) -> None:
    script = Scripted(("no", "perhaps", "yes"), weights, bias)
    for text in ("", "good", "Good bad GOOD ugly", "nothing known here"):
        (answer,) = scores(script, encoded(script, text))
        assert answer.logits.tolist() == [0, 0, bias + sum(weights.get(word.lower(), 0) for word in text.split())]
        assert answer.attention is None


def test_words_that_look_like_its_own_tokens_weigh_what_they_weigh() -> None:
    script = Scripted(words={"[start]": 3.0, "[end]": 5.0})
    assert scores(script, encoded(script, "[start] [end]"))[0].logits.tolist() == [0.0, 8.0]
    assert scores(script, encoded(script, ""))[0].logits.tolist() == [0.0, 0.0]


def test_a_long_text_is_cut_and_marked() -> None:
    script = Scripted(words={"last": 9.0}, most_tokens=8)
    whole, cut = encoded(script, "a b c d e f"), encoded(script, "a b c d e f last")
    assert (len(whole.encoded), whole.encoded.truncated) == (8, False)
    assert (len(cut.encoded), cut.encoded.truncated) == (8, True)
    np.testing.assert_array_equal(scores(script, cut)[0].logits, [0, 0])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("scripted:?words=awful", "awful"),
        ("scripted:?words=awful:", "awful:"),
        ("scripted:?words=good:1,awful:much", "awful:much"),
        ("scripted:?words=awful:nan", "awful:nan"),
        ("scripted:?words=awful:inf", "awful:inf"),
        ("scripted:?words=:2", ":2"),
    ],
)
def test_a_word_needs_a_number(text: str, named: str) -> None:
    with pytest.raises(BadSubject) as caught:
        open_subject(text)
    one_line(caught.value, named, "word:number")


@pytest.mark.parametrize("labels", ["one", "a,a", "a,", ",b"])
def test_labels_are_two_or_more_of_different_names(labels: str) -> None:
    with pytest.raises(BadSubject) as caught:
        open_subject(f"scripted:?labels={labels}")
    one_line(caught.value, "two labels")


@pytest.mark.parametrize("option", ["problem=maybe", "layers=0", "heads=1.5", "most_tokens=many", "bias=nan"])
def test_other_values_are_refused_by_name(option: str) -> None:
    with pytest.raises(BadSubject) as caught:
        open_subject(f"scripted:?{option}")
    one_line(caught.value, *option.split("="))

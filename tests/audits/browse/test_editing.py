"""Editing one word: its characters change, and no others."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audits.browse.editing import without, written
from probes.example import Word
from probes.subjects.hf_classifier import HFClassifier
from probes.subjects.scripted import Scripted
from tests.probes.asking import encoded

texts = st.lists(
    st.sampled_from([*"the boss isn't rude naïve 你好 😀 , . ( ) “ ”".split(), " ", "  ", "\n"]), max_size=8
)


def removed(text: str, word: str) -> str:
    begin = text.index(word)
    (changed,) = without((text,), Word(word, 0, 1, 0, begin, begin + len(word)))
    return changed


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [
        ("the rude boss", "rude", "the boss"),
        ("rude boss", "rude", "boss"),
        ("the rude", "rude", "the"),
        ("the rude, old boss", "rude", "the, old boss"),
        ("so rude!", "rude", "so!"),
        ("the  rude  boss", "rude", "the   boss"),
        ("(rude) boss", "rude", "() boss"),
        ("rude", "rude", ""),
        ("un-rude-ly", "rude", "un--ly"),
        ("你好吗", "好", "你吗"),
    ],
)
def test_a_removed_word_takes_one_blank_along(text: str, word: str, left: str) -> None:
    assert removed(text, word) == left


@given(texts.map("".join))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_word_can_be_edited_where_it_stands(tiny: HFClassifier, text: str) -> None:
    for subject in (tiny, Scripted()):
        for word in encoded(subject, text).encoded.words:
            (other,) = written((text,), word, "[X]")
            assert other == text[: word.begin] + "[X]" + text[word.end :]
            assert written((text,), word, text[word.begin : word.end]) == (text,)
            (less,) = without((text,), word)
            assert len(text) - len(less) - (word.end - word.begin) in (0, 1)


def test_of_a_pair_only_the_words_own_text_changes() -> None:
    words = encoded(Scripted(), "the rude boss", "is rude").encoded.words
    assert without(("the rude boss", "is rude"), words[4]) == ("the rude boss", "is")
    assert written(("the rude boss", "is rude"), words[1], "kind") == ("the kind boss", "is rude")

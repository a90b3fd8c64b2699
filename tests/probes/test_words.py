"""Words as readers see them: every token that stands for text is in exactly one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probes.example import Example
from probes.subjects.hf_classifier import HFClassifier
from probes.subjects.scripted import Scripted
from probes.words import words_of
from tests.probes.asking import encoded, opened, raw
from tests.probes.tiny_models import masking

PARTS = [
    *"the awful isn't well-known snake_case ЁЛКА naïve Straße नमस्ते สวัสดี こんにちは 你好 שלום مرحبا 1,000.50".split(),
    *("👍🏽", "👩‍👩‍👧", "🇪🇸", "e\u0301", "\u200f", "\u200b", "…", "—", "“", "<b>", "$x^2$", "[CLS]", "[SEP]", "</s>"),
    *(" ", "  ", "\n", "\t", "\u00a0", "\u3000", "'", "-", ".", "!", "\x00", "\ufeff"),
]
"""What texts are made of, including what looks like a tokenizer's own tokens."""

texts = st.one_of(
    st.lists(st.sampled_from(PARTS), max_size=8).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)


def spelt(subject: HFClassifier | Scripted, *texts: str) -> list[str]:
    return [word.text for word in encoded(subject, *texts).encoded.words]


def check_whole(example: Example) -> None:
    tokens = example.encoded
    covered = [position for word in tokens.words for position in range(word.start, word.stop)]
    assert covered == np.flatnonzero(~tokens.special).tolist()
    assert all(word.text for word in tokens.words)
    for word in tokens.words:
        written = example.inputs[word.segment][word.begin : word.end]
        assert written == word.text or (word.text == "␣" and not written.strip()), word
        assert word.text == "␣" or any(word.text in text for text in example.inputs), word


@given(text=texts)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_token_is_in_exactly_one_word(subjects: dict[str, HFClassifier], text: str) -> None:
    for subject in subjects.values():
        check_whole(encoded(subject, text))
    check_whole(encoded(Scripted(), text))


@given(first=texts, second=texts)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_of_a_pair_are_each_from_one_text(bert: HFClassifier, first: str, second: str) -> None:
    example = encoded(bert, first, second)
    check_whole(example)
    for word in example.encoded.words:
        segments = set(example.encoded.types[word.start : word.stop].tolist())
        assert len(segments) == 1
        assert word.text == "␣" or word.text in (first, second)[segments.pop()]


def test_a_pair_is_read_as_two_segments(bert: HFClassifier) -> None:
    tokens = encoded(bert, "the boss", "is rude").encoded
    assert tokens.texts == ("[CLS]", "the", "boss", "[SEP]", "is", "rude", "[SEP]")
    assert tokens.types.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert [word.text for word in tokens.words] == ["the", "boss", "is", "rude"]


def test_the_last_word_of_one_text_does_not_join_the_first_of_the_next(subjects: dict[str, HFClassifier]) -> None:
    for subject in subjects.values():
        assert spelt(subject, "un", "fair") == ["un", "fair"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She isn't unfair.", ["She", "isn't", "unfair", "."]),
        ("a well-known nurse", ["a", "well-known", "nurse"]),
        ("rude,never kind!", ["rude", ",", "never", "kind", "!"]),
        ("“rude”…", ["“", "rude", "”", "…"]),
        ("你好 world", ["你", "好", "world"]),
        ("سلام عليكم", ["سلام", "عليكم"]),
        ("naïve Straße", ["naïve", "Straße"]),
        ("  two   blanks  between ", ["two", "blanks", "between"]),
    ],
)
def test_words_are_what_readers_call_words(subjects: dict[str, HFClassifier], text: str, words: list[str]) -> None:
    for subject in subjects.values():
        assert [word for word in spelt(subject, text) if word != "␣"] == words


def test_white_space_alone_belongs_to_the_word_after_it() -> None:
    places = [(0, 0, 1), (0, 1, 2), (0, 2, 5), (0, 5, 6), (0, 6, 9), (0, 9, 10)]
    words = words_of(("  one two ",), places)
    assert [(word.text, word.start, word.stop) for word in words] == [("one", 0, 3), ("two", 3, 5), ("␣", 5, 6)]


def test_the_tokens_of_an_emoji_are_one_word(subjects: dict[str, HFClassifier]) -> None:
    tokens = encoded(subjects["gpt2"], "🤖").encoded
    assert len(tokens) == 4
    assert [(word.text, word.start, word.stop) for word in tokens.words] == [("🤖", 0, 4)]


@pytest.mark.parametrize("word", ["nurse", "man", "isn't", "rude"])
def test_what_a_tokenizer_masks_is_shown_as_it_was_written(
    checkpoints: dict[str, Path], tmp_path: Path, word: str
) -> None:
    folder = masking(tmp_path / "masked", checkpoints["bert"], word)
    text = "The Nurse isn't a Rude man, nurse or Woman"
    example = encoded(opened(folder), text)
    _, tokenizer = raw(folder)
    read = [example.encoded.words[i].text.lower() for i in masked_words(example, tokenizer.mask_token_id)]
    assert read == [written for written in text.replace(",", " ,").lower().split() if word in written]
    assert spelt(opened(folder), text) == ["The", "Nurse", "isn't", "a", "Rude", "man", ",", "nurse", "or", "Woman"]
    check_whole(example)


def masked_words(example: Example, mask: int) -> list[int]:
    tokens = example.encoded
    return [i for i, word in enumerate(tokens.words) if mask in tokens.ids[word.start : word.stop]]


def test_a_text_may_spell_out_special_tokens(bert: HFClassifier) -> None:
    tokens = encoded(bert, "[CLS] the [SEP] boss").encoded
    assert tokens.special.tolist() == [True, False, False, False, False, True]
    check_whole(encoded(bert, "[CLS] the [SEP] boss"))

"""Live answers: what an audit would have found on the same text, and kept in the same place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audits.browse.models import Models
from audits.browse.reader import Reader
from audits.data.population import Row
from audits.engine.bench import Bench
from audits.store.home import store_url
from audits.store.measurements import Measurements
from probes.errors import BadData, NotApplicable
from probes.integrated_gradients import IntegratedGradients
from probes.predictions import Predictions
from probes.subjects.hf_classifier import HFClassifier
from probes.subjects.scripted import Scripted
from tests.audits.engine.worlds import WEIGHTS, Counting, rows_of
from tests.probes.asking import encoded, one_line, opened, scores
from tests.probes.tiny_models import SENTENCES


def reader_of(subject: object) -> Reader:
    return Reader(subject, Measurements(store_url()))  # type: ignore[arg-type]


@pytest.fixture
def counting() -> Counting:
    return Counting()


def test_an_answer_is_what_the_model_says(tiny: HFClassifier) -> None:
    reader = reader_of(tiny)
    for text in SENTENCES:
        answer = reader.answer((text,))
        example = encoded(tiny, text)
        (found,) = scores(tiny, example)
        shares = np.exp(found.logits) / np.exp(found.logits).sum()
        assert [share.label for share in answer.labels] == ["neutral", "flagged"]
        np.testing.assert_allclose([share.probability for share in answer.labels], shares, rtol=1e-5)
        assert answer.predicted == ("neutral", "flagged")[int(shares.argmax())]
        assert answer.words == tuple(word.text for word in example.encoded.words)
        assert answer.tokens == example.encoded.texts
        assert not answer.truncated


def test_what_was_answered_once_is_not_asked_again(counting: Counting) -> None:
    reader = reader_of(counting)
    assert not reader.answer(("the rude boss",)).stored
    asked = counting.tally.rows
    again = reader.answer(("the rude boss",))
    assert again.stored
    assert counting.tally.rows == asked
    assert reader_of(counting).answer(("the rude boss",)).labels == again.labels


def test_what_an_audit_has_measured_is_at_hand(counting: Counting) -> None:
    rows: list[Row] = rows_of(["the rude boss", "a kind man"])
    bench = Bench(counting, Measurements(store_url()))
    bench.measure_together([Predictions(), IntegratedGradients()], rows)
    asked, reader = counting.tally.rows, reader_of(counting)
    for row in rows:
        assert reader.answer(row.inputs).stored
        reader.attribution(row.inputs, "integrated-gradients")
        reader.attribution(row.inputs, "integrated-gradients", reader.answer(row.inputs).predicted)
    assert counting.tally.rows == asked


@pytest.mark.parametrize("method", ["integrated-gradients", "occlusion"])
def test_every_method_finds_the_weights_of_the_words(method: str) -> None:
    found = reader_of(Scripted(words=WEIGHTS)).attribution(("The Awful kind boss awful",), method, "flagged")
    assert found.target == "flagged"
    assert found.example.words == ("The", "Awful", "kind", "boss", "awful")
    np.testing.assert_allclose(found.scores, [0.0, 2.0, -1.0, 0.0, 2.0], atol=1e-5)


def test_methods_are_those_that_the_subject_can_be_asked_by(tiny: HFClassifier) -> None:
    assert [key for key, _, _ in reader_of(tiny).methods] == ["integrated-gradients", "occlusion"]

    class Plain:
        labels, multilabel, uri, fingerprint, policy = ("a", "b"), False, "plain:", "plain", "none"

        def describe(self) -> None: ...
        def encode(self, inputs: object) -> list[object]:
            return []

        def answer(self, batch: object) -> list[object]:
            return []

    plain = reader_of(Plain())
    assert plain.methods == ()
    assert plain.inattentive is not None
    assert plain.mask == "[MASK]"
    with pytest.raises(NotApplicable, match="cannot be explained"):
        plain.attribution(("x",), "occlusion")
    with pytest.raises(NotApplicable, match="hidden states"):
        plain.embed([])


def test_word_scores_can_be_asked_for_any_class(tiny: HFClassifier) -> None:
    reader = reader_of(tiny)
    for method in ("integrated-gradients", "occlusion"):
        one, other = (reader.attribution((SENTENCES[0],), method, label) for label in reader.labels)
        assert (one.target, other.target) == reader.labels
        assert one.scores != other.scores
    with pytest.raises(NotApplicable) as caught:
        reader.attribution((SENTENCES[0],), "occlusion", "spam")
    one_line(caught.value, "spam", "flagged")
    with pytest.raises(NotApplicable) as caught:
        reader.attribution((SENTENCES[0],), "oclusion")
    one_line(caught.value, "occlusion")


def test_attention_is_of_the_head_that_was_asked_for(tiny: HFClassifier) -> None:
    reader = reader_of(tiny)
    (weights,) = scores(tiny, encoded(tiny, SENTENCES[0]), attention=True)
    hardest = reader.attention((SENTENCES[0],))
    assert (len(hardest.entropy), len(hardest.entropy[0])) == (3, 4)
    for layer in range(3):
        of_layer = reader.attention((SENTENCES[0],), layer)
        assert of_layer.layer == layer
        for head in range(4):
            view = reader.attention((SENTENCES[0],), layer, head)
            assert (view.layer, view.head) == (layer, head)
            assert weights.attention is not None
            np.testing.assert_allclose(view.weights, weights.attention[layer, head], atol=1e-3)
    assert reader.attention((SENTENCES[0],), hardest.layer).head == hardest.head
    with pytest.raises(NotApplicable) as caught:
        reader.attention((SENTENCES[0],), 3)
    one_line(caught.value, "3 layers of 4 heads")


def test_a_model_opened_without_attention_says_why(tiny_bert: Path) -> None:
    reader = reader_of(opened(tiny_bert, attention="sdpa"))
    assert "attention=eager" in str(reader.inattentive)
    with pytest.raises(NotApplicable, match="attention=eager"):
        reader.attention(("rude",))


def test_edits_are_of_the_words_that_an_answer_shows(tiny: HFClassifier) -> None:
    reader = reader_of(tiny)
    text = ("They are RUDE, and isn't that unfair?",)
    words = reader.answer(text).words
    at = words.index("RUDE")
    assert reader.edited(text, at, "remove") == ("They are, and isn't that unfair?",)
    assert reader.edited(text, at, "mask") == ("They are [MASK], and isn't that unfair?",)
    assert reader.edited(text, at, "replace", "kind") == ("They are kind, and isn't that unfair?",)
    assert reader.edited(text, words.index("isn't"), "remove") == ("They are RUDE, and that unfair?",)
    assert "[MASK]" in reader.answer(reader.edited(text, at, "mask")).tokens
    for wrong in (-1, len(words)):
        with pytest.raises(BadData) as caught:
            reader.edited(text, wrong, "remove")
        one_line(caught.value, str(wrong))


def test_a_tokenizer_without_a_mask_hides_words_by_its_unknown_token(tmp_path: Path) -> None:
    from tests.probes.tiny_models import gpt2, roberta

    assert reader_of(opened(roberta(tmp_path / "roberta"))).mask == "[MASK]"
    folder = gpt2(tmp_path / "gpt2")
    settings = (folder / "tokenizer_config.json").read_text("utf-8")
    (folder / "tokenizer_config.json").write_text(settings.replace("{", '{"unk_token": "</s>",', 1), "utf-8")
    assert reader_of(opened(folder)).mask == "</s>"


def test_rows_are_embedded_in_their_order(tiny: HFClassifier) -> None:
    reader, rows = reader_of(tiny), rows_of(SENTENCES)
    vectors = reader.embed(rows)
    assert vectors.shape == (len(SENTENCES), 32)
    assert reader.embed([]).shape == (0, 32)
    np.testing.assert_array_equal(reader.embed(rows[::-1]), vectors[::-1])


def test_a_model_with_several_labels_names_all_that_are_likely() -> None:
    reader = reader_of(Scripted(labels=("kind", "rude"), words=WEIGHTS, multilabel=True))
    assert reader.answer(("awful",)).predicted == "kind, rude"
    assert reader.answer(("lovely",)).predicted == "kind"
    assert reader.attribution(("awful",), "occlusion").target == "rude"


def test_hostile_texts_are_answered_like_any_other(tiny: HFClassifier) -> None:
    reader = reader_of(tiny)
    for text in (
        "",
        " ",
        "<script>alert(1)</script>",
        "\x00",
        "🤖" * 300,
        "[CLS] [SEP]",
        "\ud800".encode("utf-8", "replace").decode(),
    ):
        answer = reader.answer((text,))
        assert sum(share.probability for share in answer.labels) == pytest.approx(1)
        for key, _, _ in reader.methods:
            found = reader.attribution((text,), key)
            assert len(found.scores) == len(answer.words)
        reader.attention((text,))
    assert reader.answer(("🤖 rude " * 300,)).truncated


def test_one_store_serves_every_model() -> None:
    models = Models()
    with models.lend("scripted:?words=awful:2") as one, models.lend("scripted:?words=awful:-2") as other:
        assert one.answer(("awful",)).predicted != other.answer(("awful",)).predicted
    models.release()

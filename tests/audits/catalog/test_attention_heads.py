"""attention.heads: flat attention is told apart from attention that singles words out; and where there is none."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import audits
from audits.catalog.attention_heads import LEAST_WORDS, AttentionHeadsAudit
from audits.data.opening import population_of
from audits.engine.pairing import matched as paired
from audits.evidence import Attention, AttentionView, Heatmap
from audits.findings import Finding, Verdict
from audits.plan import DataPlan
from probes.requests import Answer, Forward, Request, Scores
from probes.subjects.scripted import Scripted
from tests.audits.engine.worlds import WEIGHTS, bench_of, comments, sentences, write_plan

Look = Callable[[int], np.ndarray]


@dataclass(frozen=True)
class Looking(Scripted):
    """Every head looks as it is told: tokens -> [query, key]."""

    look: Look = lambda tokens: np.full((tokens, tokens), 1 / tokens)

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        return [
            Scores(answer.logits, self._weights(request)) if isinstance(answer, Scores) else answer
            for request, answer in zip(batch, super().answer(batch), strict=True)
        ]

    def _weights(self, request: Request) -> np.ndarray | None:
        if not (isinstance(request, Forward) and request.attention):
            return None
        one = self.look(request.example.length).astype(np.float32)
        return np.broadcast_to(one, (self.layers, self.heads, *one.shape)).copy()


def at_the_second_word(tokens: int) -> np.ndarray:
    """Every token looks at the second word alone."""
    weights = np.zeros((tokens, tokens))
    weights[:, min(2, tokens - 1)] = 1
    return weights


def at_the_start(tokens: int) -> np.ndarray:
    """Every token looks at the start token, which is no word."""
    weights = np.zeros((tokens, tokens))
    weights[:, 0] = 1
    return weights


def audited(folder: Path, texts: Sequence[str], subject: Any, **options: Any) -> Finding:
    matched, rows = paired(subject, population_of(pl.DataFrame({"text": texts}), DataPlan(source="x", input=("text",))))
    (finding,) = AttentionHeadsAudit(**options).run(bench_of(matched, folder), rows)
    assert isinstance(finding, Finding)
    assert Finding.model_validate_json(finding.model_dump_json()) == finding
    return finding


def views(finding: Finding) -> tuple[AttentionView, ...]:
    return next(one for one in finding.evidence if isinstance(one, Attention)).texts


def entropies(finding: Finding) -> Heatmap:
    return next(one for one in finding.evidence if isinstance(one, Heatmap))


LONG = [text for text in sentences(80) if len(text.split()) >= LEAST_WORDS]


def test_attention_that_looks_at_all_words_alike_is_a_concern(tmp_path: Path) -> None:
    finding = audited(tmp_path, LONG, Scripted(words=WEIGHTS))
    assert finding.verdict is Verdict.CONCERN
    assert finding.summary.values["share"].value == 1  # type: ignore[union-attr]


def test_attention_that_singles_a_word_out_passes(tmp_path: Path) -> None:
    finding = audited(tmp_path, LONG, Looking(look=at_the_second_word))
    assert finding.verdict is Verdict.PASS
    assert finding.summary.values["share"].value == 0  # type: ignore[union-attr]
    for view in views(finding):
        assert int(np.argmax(view.rollout[1:])) + 1 == 2
        assert sum(view.rollout) == pytest.approx(1, abs=1e-3)


def test_attention_that_looks_at_no_word_at_all_singles_none_out(tmp_path: Path) -> None:
    finding = audited(tmp_path, LONG, Looking(look=at_the_start))
    assert finding.verdict is Verdict.CONCERN


def test_entropy_of_a_head_is_that_of_where_it_looks(tmp_path: Path) -> None:
    texts = ["one two three", "one two three four five six"]
    flat = entropies(audited(tmp_path / "flat", texts, Scripted()))
    expected = (math.log2(5) + math.log2(8)) / 2
    assert np.array(flat.values).shape == (2, 3)
    np.testing.assert_allclose(np.array(flat.values, dtype=float), expected, atol=1e-3)
    peaked = entropies(audited(tmp_path / "peaked", texts, Looking(look=at_the_second_word)))
    np.testing.assert_allclose(np.array(peaked.values, dtype=float), 0, atol=1e-6)


def test_texts_of_too_few_words_say_nothing_about_where_the_model_looks(tmp_path: Path) -> None:
    finding = audited(tmp_path, ["", "one", "one two"], Scripted())
    assert finding.verdict is Verdict.INSUFFICIENT


def test_only_short_texts_are_drawn_and_no_more_than_asked_for(tmp_path: Path) -> None:
    texts = [*sentences(20), *("boss " * 60 + str(at) for at in range(20))]
    finding = audited(tmp_path, texts, Scripted(), shown=4, longest=20)
    assert 0 < len(views(finding)) <= 4
    assert all(len(view.tokens) <= 20 for view in views(finding))
    assert "More than 20 tokens".casefold() in " ".join(map(str, finding.details)).casefold()
    assert views(audited(tmp_path, texts, Scripted(), shown=0)) == ()


def test_a_cut_text_is_told(tmp_path: Path) -> None:
    finding = audited(tmp_path, [*LONG[:5], "boss " * 600], Scripted())
    assert "1 text is longer than the model can read" in " ".join(map(str, finding.details))


def test_attention_of_drawn_texts_is_where_the_head_looks(tmp_path: Path) -> None:
    for view in views(audited(tmp_path, LONG, Looking(look=at_the_second_word))):
        weights = np.array(view.weights)
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-3)
        assert (weights.argmax(axis=1) == min(2, len(view.tokens) - 1)).all()


def test_a_model_that_keeps_no_attention_weights_is_told_how_to_keep_them(tmp_path: Path) -> None:
    """Settled from the files alone: neither weights nor torch are needed to know it."""
    from safetensors.numpy import save_file

    folder = tmp_path / "model"
    folder.mkdir()
    names = {"0": "neutral", "1": "flagged"}
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "id2label": names}))
    (folder / "vocab.txt").write_text("[PAD]")
    save_file({"weight": np.zeros((2, 2), dtype=np.float32)}, folder / "model.safetensors")
    uri = f"hf:{folder}?device=cpu&attention=sdpa"
    run = audits.run(write_plan(tmp_path, comments(10), ["attention.heads", "data.profile"], subject=uri))
    finding = run.finding("heads")
    assert finding.verdict is Verdict.NOT_APPLICABLE
    assert "attention=eager" in str(finding.summary)
    assert "sdpa" in str(finding.summary)
    assert Verdict.ERROR not in run.verdicts

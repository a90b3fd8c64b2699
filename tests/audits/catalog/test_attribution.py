"""explain.attribution: the words that decide are found, and scores that do not add up are not trusted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.adding_up import ENOUGH
from audits.catalog.attribution import AttributionAudit
from audits.data.opening import population_of
from audits.data.population import Population
from audits.engine.pairing import matched as paired
from audits.evidence import Example, Scalar, Table, TokenScores, WordScores
from audits.findings import Finding, Verdict
from audits.plan import DataPlan, Words
from audits.samples import sample
from audits.word_ranking import LEAST_TEXTS, rank_words
from probes.requests import Answer, Request, Slope
from probes.speech import Name, Number, Range, Share, say
from probes.subjects.scripted import Scripted
from tests.audits.engine.worlds import WEIGHTS, bench_of, comments, sentences

SUBJECT = Scripted(words=WEIGHTS, bias=-0.5)


def data(texts: Sequence[str], **columns: Any) -> Population:
    frame = pl.DataFrame({"text": list(texts), **columns})
    plan = DataPlan(
        source="rows",
        input=("text",),
        label="label" if "label" in columns else None,
        protected=tuple(name for name in columns if name != "label"),
    )
    return population_of(frame, plan, Words(item="comment"))


def audited(folder: Path, texts: Sequence[str], subject: Any = SUBJECT, **options: Any) -> Finding:
    matched, rows = paired(subject, data(texts))
    (finding,) = AttributionAudit(**options).run(bench_of(matched, folder), rows)
    assert isinstance(finding, Finding)
    assert Finding.model_validate_json(finding.model_dump_json()) == finding
    return finding


def table(finding: Finding, name: str) -> Table:
    return next(one for one in finding.evidence if isinstance(one, Table) and one.name == name)


def drawn(finding: Finding) -> tuple[WordScores, ...]:
    return next(one for one in finding.evidence if isinstance(one, TokenScores)).texts


def test_a_planted_word_ranks_first_and_every_score_is_the_words_weight(tmp_path: Path) -> None:
    planted = Scripted(words={**WEIGHTS, "xylophone": 5.0}, bias=-0.5)
    draw = random.Random(1)
    texts = [f"{text} xylophone" if draw.random() < 0.3 else text for text in sentences(120)]
    finding = audited(tmp_path, texts, planted, shown=120)
    assert finding.verdict is Verdict.PASS
    first = table(finding, "attribution.words").rows[0]
    assert first[0] == Name(text="xylophone")
    assert isinstance(first[3], Number)
    assert first[3].value == pytest.approx(5.0)
    explained = [text for text in drawn(finding) if text.target == "flagged"]
    assert len(explained) > 20
    for text in explained:
        expected = [planted.words.get(word, 0.0) for word in text.example.words]
        assert text.scores == pytest.approx(expected, abs=1e-5)
        assert text.change == pytest.approx(sum(expected), abs=1e-5)


def test_a_class_without_words_has_no_scores_and_they_add_up(tmp_path: Path) -> None:
    finding = audited(tmp_path, [f"kind {at}" for at in range(120)], shown=120)
    assert finding.verdict is Verdict.PASS
    assert {score for text in drawn(finding) for score in text.scores} == {0.0}


@pytest.mark.parametrize(("n", "verdict"), [(ENOUGH - 1, "insufficient-evidence"), (ENOUGH, "pass")])
def test_a_method_is_judged_from_a_hundred_texts_on(tmp_path: Path, n: int, verdict: str) -> None:
    finding = audited(tmp_path, sentences(n))
    assert finding.verdict == verdict
    assert finding.summary.values["n"].value == n  # type: ignore[union-attr]


@dataclass(frozen=True)
class Liar(Scripted):
    """Its gradients are wrong for texts that hold the word "trap"."""

    def answer(self, batch: Sequence[Request]) -> list[Answer]:
        answers = super().answer(batch)
        return [
            Slope(answer.logits, 3 * answer.gradient) if isinstance(answer, Slope) and _trapped(request) else answer
            for request, answer in zip(batch, answers, strict=True)
        ]


def _trapped(request: Request) -> bool:
    return "trap" in request.example.inputs[0]


@pytest.mark.parametrize(("trapped", "verdict"), [(2, "pass"), (8, "concern"), (40, "fail"), (120, "fail")])
def test_gradients_that_lie_are_found_out(tmp_path: Path, trapped: int, verdict: str) -> None:
    texts = [f"awful rude {at} {'trap' if at < trapped else 'plain'}" for at in range(120)]
    finding = audited(tmp_path, texts, Liar(words=WEIGHTS))
    assert finding.verdict == verdict
    scalar = next(one for one in finding.evidence if isinstance(one, Scalar))
    assert scalar.value == Share(value=(120 - trapped) / 120)
    assert scalar.interval is not None
    assert scalar.interval.low <= 1 - trapped / 120 <= scalar.interval.high
    said_no = [row for row in table(finding, "attribution.completeness").rows if getattr(row[-1], "text", "") == "no"]
    assert len(said_no) == trapped


def test_the_largest_error_stands_first(tmp_path: Path) -> None:
    texts = [f"awful rude {at} {'trap' if at % 7 == 0 else 'plain'}" for at in range(30)]
    rows = table(audited(tmp_path, texts, Liar(words=WEIGHTS)), "attribution.completeness").rows
    errors = [row[4].value or 0.0 for row in rows if isinstance(row[4], Number)]
    assert len(errors) == 30
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 1


def test_cut_and_empty_texts_are_explained_as_far_as_they_go_and_told(tmp_path: Path) -> None:
    texts = ["", "  ", "awful " * 20, *sentences(30, most=4)]
    finding = audited(tmp_path, texts, Scripted(words=WEIGHTS, most_tokens=12), shown=50)
    told = " ".join(map(str, finding.details))
    assert "1 text is longer than the model can read" in told
    assert "2 texts are empty" in told
    assert sum(text.example.truncated for text in drawn(finding)) == 1
    assert max(len(text.scores) for text in drawn(finding)) == 10
    assert finding.verdict is not Verdict.ERROR


def test_a_text_of_twenty_thousand_words_is_no_trouble(tmp_path: Path) -> None:
    finding = audited(tmp_path, ["awful " * 20_000], shown=1)
    assert drawn(finding)[0].example.truncated
    assert len(drawn(finding)[0].scores) == SUBJECT.most_tokens - 2


def test_no_more_is_drawn_than_was_asked_for_and_all_are_counted(tmp_path: Path) -> None:
    for shown in (0, 1, 5):
        finding = audited(tmp_path, sentences(60), shown=shown)
        assert len(drawn(finding)) == shown
        assert len(table(finding, "attribution.completeness").rows) == 60


def test_the_sample_is_as_large_as_asked_although_groups_overlap_and_differ_in_size(tmp_path: Path) -> None:
    rows = comments(400)
    small = ["tiny" if at < 3 else "large" for at in range(400)]
    found = data(rows["text"].to_list(), label=rows["label"], group=rows["group"], size=small)
    subject, found = paired(SUBJECT, found)
    chosen = sample(bench_of(subject, tmp_path), found, 120)
    keys = [one.key for one in chosen.decided]
    assert 120 <= len(keys) == len(set(keys)) <= 130
    assert sum(one.values["size"] == "tiny" for one in chosen.decided) == 3
    assert all(sum(one.values["group"] == name for one in chosen.decided) > 20 for name in ("women", "men", "others"))


def test_the_rule_of_the_sample_is_told_and_each_text_says_why_it_is_there(tmp_path: Path) -> None:
    rows = comments(200)
    subject, found = paired(SUBJECT, data(rows["text"].to_list(), label=rows["label"], group=rows["group"]))
    (finding,) = AttributionAudit(shown=120).run(bench_of(subject, tmp_path), found)
    assert isinstance(finding, Finding)
    assert "misclassified" in str(finding.details[0])
    reasons = [str(text.example.chosen) for text in drawn(finding)]
    assert any(reason.startswith("Misclassified") for reason in reasons)
    for text in drawn(finding):
        if str(text.example.chosen).startswith("Misclassified"):
            assert text.example.predicted != text.example.actual


def scored(words: Sequence[str], scores: Sequence[float], target: str = "flagged") -> WordScores:
    example = Example(key="k", words=tuple(words), predicted=target, probability=0.5, chosen=say("Random"))
    return WordScores(example=example, target=target, scores=tuple(scores))


@given(st.lists(st.lists(st.tuples(st.sampled_from("abcd"), st.floats(-9, 9)), max_size=6), max_size=30))
def test_the_ranking_is_by_the_mean_over_texts_of_the_sum_in_each(texts: list[list[tuple[str, float]]]) -> None:
    """A slow twin: for each word, the texts that hold it and the sum of its scores there."""
    given_texts = [scored([word for word, _ in text], [score for _, score in text]) for text in texts]
    means = {}
    for word in "abcd":
        sums = [sum(score for one, score in text if one == word) for text in texts if word in [w for w, _ in text]]
        if len(sums) >= LEAST_TEXTS:
            means[word] = (len(sums), float(np.mean(sums)))
    rows = rank_words(given_texts).rows
    assert {row[0].text: (row[2].value, row[3].value) for row in rows} == {  # type: ignore[union-attr]
        word: (n, pytest.approx(mean, abs=1e-9)) for word, (n, mean) in means.items()
    }
    sizes = [abs(row[3].value) for row in rows]  # type: ignore[union-attr, arg-type]
    assert sizes == pytest.approx(sorted(sizes, reverse=True))
    for row in rows:
        assert isinstance(row[4], Range)
        assert isinstance(row[3], Number)
        assert row[3].value is not None
        assert row[4].low - 1e-9 <= row[3].value <= row[4].high + 1e-9


def test_punctuation_is_no_word_and_capitals_do_not_matter() -> None:
    texts = [scored(["Awful", "awful", "!", "--"], [1.0, 2.0, 9.0, 9.0]) for _ in range(LEAST_TEXTS)]
    (row,) = rank_words(texts).rows
    assert row[0] == Name(text="awful")
    assert row[3] == Number(value=3.0, digits=2)

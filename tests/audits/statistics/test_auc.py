"""AUCs from counts are those from rows: scikit-learn's value, DeLong's variance by placements, Borkan's settings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.statistics.auc import aucs, generalised_mean
from audits.statistics.score_counts import NEGATIVE, POSITIVE
from tests.audits.catalog.scoring import counted

MADLIBS = Path(__file__).parents[4] / "shared/data/madlibs/bias_madlibs_77k.parquet"

ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()),
    min_size=1,
    max_size=60,
)


def twin(up: list[float], down: list[float]) -> tuple[float, float]:
    """AUC and DeLong's variance, pair by pair."""
    wins = np.array([[(x > y) + (x == y) / 2 for y in down] for x in up], float)
    value = wins.mean()
    v10, v01 = wins.mean(1), wins.mean(0)
    s10 = ((v10 - value) ** 2).sum() / (len(up) - 1) if len(up) > 1 else np.nan
    s01 = ((v01 - value) ** 2).sum() / (len(down) - 1) if len(down) > 1 else np.nan
    return value, s10 / len(up) + s01 / len(down)


def sides(rows: list[tuple[str, float, bool]], group: str, setting: str) -> tuple[list[float], list[float]]:
    """The scores that a setting compares, as Borkan et al. define it."""
    inside = {"subgroup": (True, True), "bpsn": (False, True), "bnsp": (True, False)}[setting]
    up = [s for g, s, y in rows if y and (g == group) == inside[0]]
    down = [s for g, s, y in rows if not y and (g == group) == inside[1]]
    return up, down


@given(ROWS, st.sampled_from(["subgroup", "bpsn", "bnsp"]))
def test_every_setting_is_its_slow_twin_and_scikit_learns(rows: list[tuple[str, float, bool]], setting: str) -> None:
    from sklearn.metrics import roc_auc_score

    counts = counted(*zip(*rows, strict=True))
    found = aucs(counts.effective[:, POSITIVE], counts.effective[:, NEGATIVE], setting)  # type: ignore[arg-type]
    for at, group in enumerate(counts.groups):
        up, down = sides(rows, group, setting)
        if not up or not down:
            assert np.isnan(found.value[at])
            continue
        value, variance = twin(up, down)
        assert found.value[at] == pytest.approx(value)
        assert found.value[at] == pytest.approx(roc_auc_score([1] * len(up) + [0] * len(down), up + down))
        assert found.covariance[at, at] == pytest.approx(variance, nan_ok=True)


@given(ROWS)
def test_classes_exchanged_the_auc_is_turned_round(rows: list[tuple[str, float, bool]]) -> None:
    one = counted(*zip(*rows, strict=True)).effective
    value, turned = aucs(one[:, POSITIVE], one[:, NEGATIVE]).value, aucs(one[:, NEGATIVE], one[:, POSITIVE]).value
    assert turned == pytest.approx(1 - value, nan_ok=True)


def test_the_covariance_of_shared_backgrounds_is_what_repeated_draws_show() -> None:
    draw = np.random.default_rng(1)
    bins = np.arange(12)
    shape = np.exp(-((bins - np.array([7, 6, 8])[:, None]) ** 2) / 8)
    lower = np.exp(-((bins - np.array([4, 5, 3])[:, None]) ** 2) / 8)

    def sample() -> tuple[np.ndarray, np.ndarray]:
        # The background is one population: how many of each group are drawn varies too.
        up = draw.multinomial(240, (shape / shape.sum()).ravel()).reshape(shape.shape)
        down = draw.multinomial(240, (lower / lower.sum()).ravel()).reshape(lower.shape)
        return up.astype(float), down.astype(float)

    found = [aucs(*sample(), "bpsn") for _ in range(1500)]
    seen = np.cov(np.array([one.value for one in found]).T)
    said = np.mean([one.covariance for one in found], axis=0)
    assert said == pytest.approx(seen, abs=6e-5)


def test_intervals_of_the_auc_cover_the_truth() -> None:
    draw = np.random.default_rng(2)
    edges = np.linspace(-4, 6, 41)
    truth = 0.7601  # Phi(1 / sqrt 2)
    hits = 0
    for _ in range(400):
        up = np.histogram(np.clip(draw.normal(1, 1, 40), -4, 6), edges)[0][None].astype(float)
        down = np.histogram(np.clip(draw.normal(0, 1, 60), -4, 6), edges)[0][None].astype(float)
        bounds = aucs(up, down).bounds()
        hits += bool(bounds.low[0] <= truth <= bounds.high[0])
    assert 0.92 <= hits / 400 <= 0.98


def test_perfect_and_flat_rankings_keep_an_interval() -> None:
    perfect = aucs(np.array([[0.0, 20.0]]), np.array([[20.0, 0.0]]))
    assert perfect.value[0] == 1
    assert 0.8 < perfect.bounds().low[0] < 1
    flat = aucs(np.array([[20.0]]), np.array([[20.0]]))
    assert flat.bounds().low[0] < 0.5 < flat.bounds().high[0]


@given(st.lists(st.floats(0.05, 1), min_size=1, max_size=8))
def test_the_generalised_mean_lies_between_the_worst_and_the_mean(values: list[float]) -> None:
    found = generalised_mean(np.array(values))
    assert found is not None
    assert min(values) - 1e-9 <= found <= np.mean(values) + 1e-9


@pytest.mark.shared
def test_a_word_list_confuses_the_identity_it_knows_on_the_madlibs() -> None:
    if not MADLIBS.is_file():
        pytest.skip("the madlibs of Dixon et al. are not beside the checkout")
    rows = pl.read_parquet(MADLIBS)
    groups = ("american", "gay", "muslim", "straight")
    rows = rows.with_columns(
        pl.coalesce(pl.when(pl.col("Text").str.contains(rf"\b{name}\b")).then(pl.lit(name)) for name in groups)
        .fill_null("nobody of these")
        .alias("group"),
        score=0.2
        + 0.4 * pl.col("Text").str.contains("hate|murder|kill|disgusting|awful").cast(pl.Float64)
        + 0.3 * pl.col("Text").str.contains(r"\bgay\b").cast(pl.Float64),
    )
    counts = counted(rows["group"].to_list(), rows["score"].to_list(), (rows["Label"] == "BAD").to_list())
    found = aucs(counts.effective[:, POSITIVE], counts.effective[:, NEGATIVE], "bpsn")
    values = dict(zip(counts.groups, found.value, strict=True))
    assert min(values, key=lambda group: values[group]) == "gay"
    up = rows.filter((pl.col("Label") == "BAD") & (pl.col("group") != "gay"))["score"].to_numpy()
    down = rows.filter((pl.col("Label") != "BAD") & (pl.col("group") == "gay"))["score"].to_numpy()
    slow = np.mean([((up > y) + (up == y) / 2).mean() for y in down])
    assert values["gay"] == pytest.approx(slow)

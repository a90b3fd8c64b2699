"""Fairness: the threshold that is moved by hand shows the rates that the rows themselves have there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import audits
from audits.runs import Run
from dashboard import shelf
from tests.audits.engine.worlds import WEIGHTS, comments, write_plan
from tests.dashboard.staged import Stages, staged

AUDITS = ["bias.group-rates", "bias.threshold-sweep", "bias.calibration"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    folder = tmp_path_factory.mktemp("slider")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENLIGHT_HOME", str(folder / "home"))
        return folder / "home", audits.run(write_plan(folder, comments(200), AUDITS))


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch, finished: tuple[Path, Run]) -> Stages:
    monkeypatch.setenv("EVENLIGHT_HOME", str(finished[0]))
    shelf.run.clear()
    shelf.arranged.clear()
    return staged(monkeypatch)


def page() -> None:
    from dashboard.views.fairness import render

    render()


def opened(run: Run, **query: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params.update({"run": run.id, **query})
    app.run()
    assert not app.exception
    return app


def rates(stages: Stages) -> dict[str, list[str]]:
    """Each group's row of the table, as it reads."""
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\"><bdi>(\w+)</bdi>.*?</tr>", stages.shown["fairness-threshold"], re.S):
        body = re.search(rf"<bdi>{row}</bdi>.*?</tr>", stages.shown["fairness-threshold"], re.S)
        assert body is not None
        found[row] = re.findall(r'class="rate">([^<]*)<', body[0])
    return found


def test_the_table_shows_what_the_rows_have_at_the_address_threshold(
    finished: tuple[Path, Run], stages: Stages
) -> None:
    app = opened(finished[1], threshold="0.9")
    assert app.slider[0].value == 0.9
    rows = comments(200)
    for group, cells in rates(stages).items():
        mine = rows.filter(rows["group"] == group)
        chosen = [sum(WEIGHTS.get(word, 0.0) for word in text.split()) - 0.5 > 2.1972 for text in mine["text"]]
        share = 100 * sum(chosen) / len(chosen)
        assert abs(float(cells[0].removesuffix(" %").strip()) - share) <= 0.5


def test_moving_the_slider_moves_the_address_and_the_rates(finished: tuple[Path, Run], stages: Stages) -> None:
    app = opened(finished[1])
    before = rates(stages)
    assert "at the threshold in use" not in stages.shown["fairness-threshold"]
    app.slider[0].set_value(0.8).run()
    assert "0.8" in app.query_params["threshold"]
    assert rates(stages) != before
    assert "at the threshold in use" in stages.shown["fairness-threshold"]
    app.slider[0].set_value(0.5).run()
    assert "threshold" not in app.query_params
    assert rates(stages) == before


@pytest.mark.parametrize("wrong", ["nonsense", "nan", "inf", "-7", "1e300"])
def test_an_address_that_is_no_threshold_breaks_nothing(wrong: str, finished: tuple[Path, Run], stages: Stages) -> None:
    app = opened(finished[1], threshold=wrong)
    assert 0 <= float(str(app.slider[0].value)) <= 1


def test_what_scores_mean_is_drawn_below(finished: tuple[Path, Run], stages: Stages) -> None:
    opened(finished[1])
    assert stages.shown["fairness-calibration"].count("<polygon") == 3

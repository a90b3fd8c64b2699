"""Progress on standard error: rate and time left for what is measured, silence for what is stored."""

from __future__ import annotations

import pytest

from audits.engine.progress import Meter
from dashboard.terminal import progress_bars


def test_a_measurement_has_a_bar_with_its_rate_and_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = iter(range(1000))
    with progress_bars() as bars:
        meter = Meter(bars, "Predictions", 100, 20, clock=lambda: float(next(seconds)))
        meter.advance(40)
    err = capsys.readouterr().err
    assert "Predictions" in err
    assert "60/100" in err
    assert "rows/s" in err
    assert "left" in err


def test_what_is_all_in_the_store_is_not_mentioned(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bars() as bars:
        Meter(bars, "Predictions", 7, 7)
    assert capsys.readouterr().err == ""


def test_two_measurements_have_two_bars(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bars() as bars:
        for what in ("Predictions", "AttentionHeads"):
            Meter(bars, what, 5, 0).advance(5)
    err = capsys.readouterr().err
    assert err.index("Predictions") < err.index("AttentionHeads")
    assert err.count("5/5") == 2

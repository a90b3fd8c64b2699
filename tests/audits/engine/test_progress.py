"""The meter: rate and time left follow from a clock."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from audits.engine.progress import Meter, Step


@dataclass
class Clock:
    now: float = 100.0
    told: list[Step] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def meter(self, total: int, found: int = 0) -> Meter:
        return Meter(self.told.append, "Predictions", total, found, clock=self)


def test_rate_is_of_rows_measured_now_and_time_left_is_of_rows_missing() -> None:
    clock = Clock()
    meter = clock.meter(total=100, found=40)
    clock.now += 5
    meter.advance(10)
    last = clock.told[-1]
    assert (last.done, last.total) == (50, 100)
    assert last.rate == pytest.approx(2)
    assert last.left_seconds == pytest.approx(25)


def test_nothing_is_foretold_before_the_first_row() -> None:
    clock = Clock()
    clock.meter(total=10)
    assert clock.told == [Step("Predictions", 0, 10, None, None)]


def test_a_clock_that_stands_still_gives_no_rate() -> None:
    clock = Clock()
    clock.meter(total=1).advance(1)
    assert (clock.told[-1].done, clock.told[-1].rate) == (1, None)


def test_listeners_are_told_ten_times_a_second_and_of_the_end() -> None:
    clock = Clock()
    meter = clock.meter(total=1000)
    for _ in range(1000):
        clock.now += 0.001
        meter.advance(1)
    assert 10 <= len(clock.told) <= 13
    assert clock.told[-1].done == 1000
    assert clock.told[-1].left_seconds == 0


def test_what_was_all_found_is_told_once() -> None:
    clock = Clock()
    clock.meter(total=7, found=7)
    assert [(step.done, step.total) for step in clock.told] == [(7, 7)]

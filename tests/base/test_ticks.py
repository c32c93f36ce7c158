"""Ticks: when they are due, and what an error in one of them does to the others."""

from __future__ import annotations

import logging

import pytest

from carnet.base.ticks import Tick, every, run_due_ticks


class Watch:
    """A watch that the test sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_tick_is_due_at_once_and_then_after_its_rest() -> None:
    ran: list[float] = []
    watch = Watch()
    ticks = [Tick("ten", 10, lambda: ran.append(watch.seconds))]
    for watch.seconds in (100, 105, 109.9, 110, 111, 120):
        run_due_ticks(ticks, watch)
    assert ran == [100, 110, 120]


def test_a_tick_that_takes_longer_than_its_rest_leaves_time_for_the_tasks() -> None:
    watch = Watch()

    def take_a_minute() -> None:
        watch.seconds += 60

    tick = Tick("slow", 10, take_a_minute)
    run_due_ticks([tick], watch)
    assert tick.due_at == 170


def test_a_failing_tick_is_logged_hinders_no_other_and_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    ran: list[str] = []
    watch = Watch()

    def fail() -> None:
        ran.append("failing")
        raise RuntimeError("as asked")

    ticks = [Tick("failing", 5, fail), Tick("sound", 5, lambda: ran.append("sound"))]
    with caplog.at_level(logging.ERROR):
        run_due_ticks(ticks, watch)
        watch.seconds += 5
        run_due_ticks(ticks, watch)
    assert ran == ["failing", "sound", "failing", "sound"]
    assert "The tick failing failed" in caplog.text
    assert "as asked" in caplog.text


def test_no_further_tick_begins_once_the_worker_is_asked_to_stop() -> None:
    ran: list[str] = []
    ticks = [Tick("first", 5, lambda: ran.append("first")), Tick("second", 5, lambda: ran.append("second"))]
    run_due_ticks(ticks, Watch(), lambda: bool(ran))
    assert ran == ["first"]


@pytest.mark.parametrize("seconds", [0, -1])
def test_a_tick_without_rest_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        every(seconds=seconds)

"""Ticks: what the background worker does every so many seconds.

Declared in a room's `background.py`. A tick takes no argument, opens the organisations it works for itself, and
must bear being run by two workers at once: it takes its rows by lock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

logger = logging.getLogger("carnet.ticks")


@dataclass
class Tick:
    """A function that is due every `seconds` seconds; `due_at` is on the clock of `run_due_ticks`."""

    name: str
    seconds: float
    function: Callable[[], object]
    due_at: float = field(default=float("-inf"))


_ticks: dict[str, Tick] = {}


def every(*, seconds: float) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Declare a function that the worker calls at its start and then every `seconds` seconds."""
    if seconds <= 0:
        raise ValueError("a tick needs a positive number of seconds")

    def declare(function: Callable[[], object]) -> Callable[[], object]:
        name = f"{function.__module__}.{function.__qualname__}"
        _ticks[name] = Tick(name, seconds, function)
        return function

    return declare


def declared_ticks() -> list[Tick]:
    """Return all ticks; each worker makes its own list and keeps in it when they are due."""
    return [Tick(tick.name, tick.seconds, tick.function) for tick in _ticks.values()]


def run_due_ticks(
    ticks: list[Tick], clock: Callable[[], float], asked_to_stop: Callable[[], bool] = lambda: False
) -> None:
    """Run those of `ticks` that are due by `clock` (seconds that never jump); an error is logged and delays nothing."""
    for tick in ticks:
        if asked_to_stop() or tick.due_at > clock():
            continue
        try:
            tick.function()
        except Exception:
            logger.exception("The tick %s failed; it is tried again in %s s", tick.name, tick.seconds)
        # From its end, not its beginning: a tick that takes longer than its rest must not starve the tasks.
        tick.due_at = clock() + tick.seconds

"""The background worker: ticks and tasks, one at a time, until asked to stop."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from pathlib import Path

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils.module_loading import autodiscover_modules

from carnet.base import clock
from carnet.base.tasks import interrupts_tasks
from carnet.base.ticks import Tick, declared_ticks, run_due_ticks
from carnet.running.bell import Bell
from carnet.running.presence import Presence
from carnet.running.task_queue import forget_old_tasks, run_next_task, take_back_abandoned_tasks

logger = logging.getLogger("carnet.worker")

#: How long an idle worker rests before it looks again, in seconds; and how long when the database is away.
REST = 0.5
LONG_REST = 5.0


def work_until_stopped(folder: Path) -> None:
    """Work until SIGTERM or SIGINT; the running transaction, or the running step of a task, is finished first."""
    bell = Bell(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    asked_to_stop = lambda: bell.rang(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # noqa: E731
    interrupts_tasks(asked_to_stop)
    autodiscover_modules("background")
    presence = Presence(folder / "workers")
    try:
        work(presence, asked_to_stop, bell.wait)
    finally:
        presence.leave()
        connections.close_all()


def work(presence: Presence, asked_to_stop: Callable[[], bool], rest: Callable[[float], None]) -> None:
    """Turn the wheel: due ticks, one task, and a rest if there was none."""
    ticks = [*own_ticks(presence), *declared_ticks()]
    while not asked_to_stop():
        close_old_connections()
        try:
            run_due_ticks(ticks, time.monotonic, asked_to_stop)
            busy = not asked_to_stop() and run_next_task(presence.name)
        except (DatabaseError, InterfaceError):
            # A database that restarts or fails over comes back; the worker waits for it.
            logger.exception("The database does not answer; trying again in %s s", LONG_REST)
            rest(LONG_REST)
            continue
        if not busy:
            rest(REST)


def own_ticks(presence: Presence) -> list[Tick]:
    """Return the ticks of the queue itself."""
    return [
        Tick("take back abandoned tasks", 10, lambda: take_back_abandoned_tasks(presence)),
        Tick("forget old tasks", 3600, lambda: forget_old_tasks(clock.now())),
    ]

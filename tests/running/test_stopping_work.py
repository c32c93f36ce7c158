"""The background worker as a process: its ticks, and what becomes of the task it is stopped or killed in."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.running.background import STEPS
from tests.running.conftest import ROOT, Run, wait_until

Carnet = Callable[..., Run]


def enqueue_climb(run: Run) -> None:
    done = "import django; django.setup(); from tests.running.background import climb; climb.enqueue()"
    subprocess.run([sys.executable, "-c", done], cwd=ROOT, env=run.environment, check=True)


def tasks(run: Run) -> list[tuple[str, str]]:
    """Return state and workers of each task, as they stand in the database."""
    database = sqlite3.connect(run.data / "carnet.sqlite3")
    try:
        return database.execute("SELECT status, worker_ids FROM django_tasks_database_dbtaskresult").fetchall()
    finally:
        database.close()


def steps(run: Run) -> list[int]:
    path = run.data / "steps"
    return [int(word) for word in path.read_text().split()] if path.exists() else []


@pytest.fixture
def ready(carnet: Carnet) -> Run:
    run = carnet("migrate")
    assert run.exit_code() == 0
    enqueue_climb(run)
    return run


def test_a_worker_ticks_until_it_is_asked_to_stop(carnet: Carnet) -> None:
    assert carnet("migrate").exit_code() == 0
    worker = carnet("worker")
    ticks = worker.data / "ticks"
    wait_until(lambda: ticks.exists() and ticks.read_text().count("tick") > 3, "some ticks")
    assert worker.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_task_stopped_between_two_steps_is_resumed_by_the_next_worker(
    carnet: Carnet, ready: Run, number: int
) -> None:
    first = carnet("worker")
    wait_until(lambda: len(steps(first)) > 2, "some steps")
    assert first.end(number) == 0
    assert 2 < len(steps(first)) < STEPS
    assert tasks(first) == [("READY", "[]")]

    second = carnet("worker")
    wait_until(lambda: tasks(second)[0][0] == "SUCCESSFUL", "the top")
    assert steps(second) == list(range(STEPS))
    assert second.end() == 0


def test_the_task_of_a_killed_worker_is_taken_back_at_once(carnet: Carnet, ready: Run) -> None:
    first = carnet("worker")
    wait_until(lambda: len(steps(first)) > 2, "some steps")
    first.end(signal.SIGKILL)
    assert tasks(first)[0][0] == "RUNNING"

    second = carnet("worker")
    wait_until(lambda: tasks(second)[0][0] == "READY", "the task's return to the queue")
    assert "The worker of task" in second.err.read_text()
    assert second.end() == 0

"""Work of the small project: a line at each start, a tick that leaves a trace, a task in steps."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django_tasks import task

from carnet.base.starting import before_serving
from carnet.base.tasks import give_way
from carnet.base.ticks import every

STEPS = 30


def trace(name: str) -> Path:
    return Path(settings.DATA) / name


@before_serving
def greet() -> list[str]:
    return ["Good morning."]


@every(seconds=0.1)
def leave_a_trace() -> None:
    with trace("ticks").open("a") as file:
        file.write("tick\n")


@task()
def climb() -> None:
    """Take the steps that are not taken yet, each a short while."""
    done = len(trace("steps").read_text().split()) if trace("steps").exists() else 0
    for step in range(done, STEPS):
        give_way()
        time.sleep(0.1)
        with trace("steps").open("a") as file:
            file.write(f"{step}\n")

"""Carnet as a person starts it: a process of its own, on a small project, in a folder of the test's own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    """Return the first true answer of `condition`; a minute without one fails the test."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"still waiting: {what}")


def lives(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> dict[int, str]:
    """Return the living processes below `pid`, with their command lines."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        above = waiting.pop()
        for child, parent in parents.items():
            if parent == above and lives(child):
                with suppress(OSError):
                    found[child] = (Path("/proc") / str(child) / "cmdline").read_text().replace("\0", " ")
                    waiting.append(child)
    return found


class Run:
    """One `carnet` process, what it printed, and what it answers."""

    def __init__(self, *arguments: str, data: Path, prints: Path, port: int = 0, **environment: str) -> None:
        self.out, self.err = prints.with_suffix(".out"), prints.with_suffix(".err")
        self.data = data
        self.port = port
        place = ["--port", str(port)] if port else []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CARNET_")}
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tests.running.project",
            "CARNET_DATA": str(data),
            **environment,
        }
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "carnet.cli", *arguments, *place, "--data", str(data)],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def exit_code(self) -> int:
        return self.process.wait(60)

    def served(self) -> Run:
        wait_until(lambda: "Stop it" in self.out.read_text() or self.process.poll() is not None, "the first answer")
        assert self.process.poll() is None, self.err.read_text()
        return self

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return json.load(answer)

    def child(self, words: str) -> int:
        """Return the process id of the child whose command line has `words`, once there is one."""
        return int(
            wait_until(
                lambda: next((pid for pid, line in descendants(self.pid).items() if words in line), 0), f"child {words}"
            )
        )


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def carnet(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    """Start `carnet ARGUMENTS` on the small project; whatever the test leaves running is ended after it."""
    runs: list[Run] = []

    def start(*arguments: str, data: Path | None = None, port: int = 0, **environment: str) -> Run:
        prints = tmp_path / f"run-{len(runs)}"
        run = Run(*arguments, data=data or tmp_path / "data", prints=prints, port=port, **environment)
        runs.append(run)
        return run

    yield start
    for run in runs:
        left = [run.pid, *descendants(run.pid)]
        for pid in left:
            if lives(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        run.process.wait(60)

"""The launcher: prepares, starts the web server and the background worker, and ends them together.

It imports neither Django nor granian: for as long as Carnet runs, it only waits.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from carnet.running import lineage, places
from carnet.running.bell import Bell
from carnet.running.prepare import LINES

STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: How long the server may take to answer for the first time, and the children to end, in seconds.
PATIENCE_AT_START = 60.0
PATIENCE_AT_END = 20.0
#: A worker that ran for so long was well: the next rest is short again.
GOOD_RUN = 60.0
LONGEST_REST = 30.0


@dataclass(frozen=True)
class Plan:
    """What to run, where."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    workers: int = 2
    threads: int = 4


def launch(plan: Plan) -> int:
    """Run Carnet until SIGINT, SIGTERM or SIGHUP; return the exit code: 0 when stopped so, 1 when the server failed.

    Raises Refused for an unusable folder, host or port; returns 2 when preparing refused (a newer database).
    """
    folder = places.usable_folder(plan.data)
    with places.reserved_port(plan.host, plan.port) as reserved:
        return Launch(plan, folder, ip=reserved.getsockname()[0]).run()


class Launch:
    """One run: its children and what is to become of them."""

    def __init__(self, plan: Plan, folder: Path, ip: str) -> None:
        self.plan = plan
        self.ip = ip
        self.environment = environment(plan, folder)
        self.bell = Bell(*STOP, signal.SIGCHLD)
        self.children: list[subprocess.Popen[bytes]] = []

    def run(self) -> int:
        try:
            code, lines = self.prepare()
            if code:
                return code
            web = self.start_web()
            if not self.answers(web):
                return 0 if self.stopped else 1
            print(
                "\n".join([f"Carnet is at {self.environment['CARNET_BASE_ADDRESS']}", *lines, "Stop it with Ctrl+C."])
            )
            sys.stdout.flush()
            return self.watch(web)
        finally:
            self.end()

    @property
    def stopped(self) -> bool:
        return self.bell.rang(*STOP)

    def prepare(self) -> tuple[int, list[str]]:
        """Run the step before serving; return its exit code and the lines it hands over."""
        read, write = os.pipe()
        child = self.start("carnet.running.prepare", keep=write, **{LINES: str(write)})
        os.close(write)
        with os.fdopen(read) as pipe:
            while child.poll() is None and not self.stopped:
                self.bell.wait(5)
            if self.stopped:
                self.end()
                return 130, []
            return child.returncode, json.loads(pipe.read() or "[]") if child.returncode == 0 else []

    def start_web(self) -> subprocess.Popen[bytes]:
        plan = self.plan
        return self.start(
            "carnet.running.web",
            f"--ip={self.ip}",
            f"--port={plan.port}",
            f"--workers={plan.workers}",
            f"--threads={plan.threads}",
        )

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self.start("carnet.cli", "worker", f"--data={self.environment['CARNET_DATA']}")

    def start(self, module: str, *arguments: str, keep: int | None = None, **more: str) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env={**self.environment, **more},
            pass_fds=() if keep is None else (keep,),
            stdin=subprocess.DEVNULL,
        )
        self.children.append(child)
        return child

    def answers(self, web: subprocess.Popen[bytes]) -> bool:
        """Wait for the first answer; return False if the server ended, was stopped, or stayed silent too long."""
        deadline = time.monotonic() + PATIENCE_AT_START
        while time.monotonic() < deadline and web.poll() is None and not self.stopped:
            if is_healthy(self.ip, self.plan.port):
                return True
            self.bell.wait(0.05)
        if not self.stopped:
            how = "ended" if web.poll() is not None else f"did not answer within {PATIENCE_AT_START:.0f} s"
            print(f"The web server {how}; what it said is above.", file=sys.stderr)
        return False

    def watch(self, web: subprocess.Popen[bytes]) -> int:
        """Keep a worker running beside the server; return when told to stop, or when the server is gone."""
        worker = self.start_worker()
        started, rest = time.monotonic(), 1.0
        while not self.stopped:
            if web.poll() is not None:
                print("The web server ended by itself; stopping.", file=sys.stderr)
                return 1
            if worker.poll() is None:
                self.bell.wait(60)
                continue
            if time.monotonic() - started > GOOD_RUN:
                rest = 1.0
            print(f"The background worker ended; starting it again in {rest:.0f} s.", file=sys.stderr)
            self.rest(rest, web)
            if not self.stopped and web.poll() is None:
                self.children.remove(worker)
                worker, started, rest = self.start_worker(), time.monotonic(), min(rest * 2, LONGEST_REST)
        return 0

    def rest(self, seconds: float, web: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.stopped and web.poll() is None:
            self.bell.wait(left)

    def end(self) -> None:
        """End all children: asked first, forced when their time is over."""
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + PATIENCE_AT_END
        for child in self.children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            if child.poll() is None:
                child.kill()
                child.wait()


def environment(plan: Plan, folder: Path) -> dict[str, str]:
    """Return what the children are told through their environment."""
    return {
        **os.environ,
        "CARNET_DATA": str(folder),
        "CARNET_DEMO": "1" if plan.demo else "",
        "CARNET_BASE_ADDRESS": places.base_address(plan.host, plan.port),
        "CARNET_HOSTS": places.allowed_hosts(plan.host),
        lineage.LAUNCHER: str(os.getpid()),
    }


def is_healthy(ip: str, port: int) -> bool:
    """Return whether the server on this machine answers 200 to /healthz."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(ip, ip)
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((here, port), timeout=5) as connection:
            connection.sendall(request)
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False

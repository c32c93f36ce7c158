"""`bin/carnet test`: every test on SQLite and on a real PostgreSQL, then the browser's; ends with one line of totals.

Usage: bin/carnet test [--long] [--only sqlite|postgresql|browser] [arguments for pytest…]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Started as a file, Python would look for modules among the tests.
sys.path[0] = str(ROOT)

from tests.browser import chromium_path  # noqa: E402
from tests.postgresql import running_postgresql  # noqa: E402

WHAT = ("sqlite", "postgresql", "browser")
NO_TESTS = 5
_printing = threading.Lock()


def say(text: str = "") -> None:
    with _printing:
        print(text, flush=True)


@dataclass
class Run:
    """One run of pytest on one database, and what came of it."""

    name: str
    marks: str
    address: str = ""
    workers: int = 1
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    code: int = 0
    seconds: float = 0
    names: list[str] = field(default_factory=list)

    @property
    def broken(self) -> bool:
        """Whether pytest itself came to grief, beyond failing tests."""
        return self.code not in (0, 1, NO_TESTS)

    def environment(self, folder: Path) -> dict[str, str]:
        environment = dict(os.environ, CARNET_DATA=str(folder), CARNET_DATABASE_URL=self.address)
        environment["CARNET_TEST_DATABASE"] = "postgresql" if self.address else "sqlite"
        environment["PYTHONUNBUFFERED"] = "1"
        return environment

    def go(self, arguments: list[str], running: list[subprocess.Popen[str]]) -> None:
        """Run to the end, line by line on the terminal; `running` knows the process meanwhile."""
        started = time.monotonic()
        folder = Path(tempfile.mkdtemp(prefix="carnet-tests-"))
        report = folder / "report.xml"
        command = [sys.executable, "-m", "pytest", "-m", self.marks, f"--junit-xml={report}"]
        if self.workers > 1:
            command += ["-n", str(self.workers)]
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env=self.environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            say(f"{self.name:<22} {line.rstrip()}")
        self.code = process.wait()
        self.seconds = time.monotonic() - started
        if report.exists():
            self.read(report)
        elif self.code == 0:
            self.code = NO_TESTS
        shutil.rmtree(folder, ignore_errors=True)

    def read(self, report: Path) -> None:
        for case in ET.parse(report).getroot().iter("testcase"):
            # A test whose teardown fails too counts once.
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed += 1
                self.names.append(f"{case.get('classname')}::{case.get('name')}")
            elif case.find("skipped") is not None:
                self.skipped += 1
            else:
                self.passed += 1

    def summary(self) -> str:
        end = f", and pytest ended with code {self.code}" if self.broken else ""
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"{self.name}: {counts} in {self.seconds:.0f} s{end}"


def go_together(runs: list[Run], arguments: list[str]) -> None:
    """Run them at the same time; when this is interrupted, end what was started and wait for it."""
    processes: list[subprocess.Popen[str]] = []
    threads = [threading.Thread(target=run.go, args=(arguments, processes)) for run in runs]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        for process in processes:
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
        for thread in threads:
            thread.join()


def number_collected(marks: str, arguments: list[str]) -> int:
    """Return how many tests carry the marks."""
    folder = Path(tempfile.mkdtemp(prefix="carnet-tests-"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-m", marks, *arguments],
        cwd=ROOT,
        env=Run("", "").environment(folder),
        capture_output=True,
        text=True,
    )
    shutil.rmtree(folder, ignore_errors=True)
    return sum("::" in line for line in done.stdout.splitlines())


@contextlib.contextmanager
def postgresql_if(wanted: bool) -> Iterator[str]:
    if not wanted:
        yield ""
        return
    with running_postgresql() as address:
        yield address


def stop(*_: Any) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/carnet test", description="Run the tests on both databases.")
    parser.add_argument("--long", action="store_true", help="also the tests that take minutes, with more examples")
    parser.add_argument("--only", choices=WHAT, help="one part: the tests without browser on one database, or browser")
    options, arguments = parser.parse_known_args()
    signal.signal(signal.SIGTERM, stop)
    if options.long:
        os.environ["CARNET_TEST_LONG"] = "1"
    also = "" if options.long else " and not long"
    wanted = {options.only} if options.only else set(WHAT)
    browser, main_job = f"browser{also}", f"browser and main_job{also}"
    chromium = chromium_path()
    not_run: list[str] = [f"{part}: left out by --only" for part in WHAT if part not in wanted]
    missing = 0

    runs: list[Run] = []
    interrupted = False
    with postgresql_if("postgresql" in wanted or ("browser" in wanted and chromium is not None)) as address:
        try:
            units = [
                Run(name, f"not browser{also}", url)
                for name, url in (("sqlite", ""), ("postgresql", address))
                if name in wanted
            ]
            for run in units:
                run.workers = max(1, (os.cpu_count() or 2) // len(units))
            runs += units
            go_together(units, arguments)
            if "browser" in wanted and chromium is not None:
                # One after the other: two browsers on two cores are slower than one.
                for run in (Run("browser, sqlite", browser), Run("browser, postgresql", main_job, address)):
                    runs.append(run)
                    go_together([run], arguments)
            elif "browser" in wanted:
                missing = number_collected(browser, arguments) + number_collected(main_job, arguments)
        except KeyboardInterrupt:
            interrupted = True
            not_run.append("the rest: interrupted")

    required = os.environ.get("CARNET_REQUIRE_BROWSER") == "1"
    say("\n" + "─" * 60)
    for run in runs:
        say(run.summary())
        for name in run.names:
            say(f"    FAILED {name}")
    for line in not_run:
        say(f"NOT RUN – {line}")
    if missing:
        say(f"NOT RUN – {missing} BROWSER TESTS: no Chromium (apt install chromium, or set CARNET_CHROMIUM).")
        if required:
            say("CARNET_REQUIRE_BROWSER=1 makes that a failure.")
    failed = sum(run.failed for run in runs) + (missing if required else 0)
    skipped = sum(run.skipped for run in runs) + (0 if required else missing)
    passed = sum(run.passed for run in runs)
    if not passed and not failed:
        say("NOT RUN – anything: no test was found.")
    # Always the last line, for people and for scripts.
    say(f"{passed} passed, {failed} failed, {skipped} skipped")
    return int(interrupted or failed > 0 or passed == 0 or any(run.broken or run.code == 1 for run in runs))


if __name__ == "__main__":
    sys.exit(main())

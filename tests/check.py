"""`bin/carnet check`: everything a change must pass, step by step; ends with the totals of the tests.

Usage: bin/carnet check                   all steps, then every test
       bin/carnet check --without GUARD   only the negative control of one guard: its tests must fail without it
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Started as a file, Python would look for modules among the tests.
sys.path[0] = str(ROOT)

from tests.guards import GUARDS, POSTGRESQL  # noqa: E402
from tests.postgresql import running_postgresql  # noqa: E402
from tests.run import stop  # noqa: E402

BIN = Path(sys.executable).parent
TOTALS = re.compile(r"\d+ passed, \d+ failed, \d+ skipped")
#: What pytest says when an expectation was not met; anything else (an import, a name, a fixture) is no proof.
EXPECTATION = re.compile(r"AssertionError|assert |Failed: DID NOT RAISE")


def say(text: str = "") -> None:
    print(text, flush=True)


def run(*command: str | Path, **environment: str) -> int:
    """Run one command of a step with its output on the terminal; return its exit code."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **environment}).returncode


def in_product(*arguments: str) -> int:
    """Run `python …` on the product with a data folder that vanishes."""
    folder = tempfile.mkdtemp(prefix="carnet-check-")
    try:
        return run(
            sys.executable,
            *arguments,
            CARNET_DATA=folder,
            CARNET_SECRET_KEY="a key for checks only",
            CARNET_DATABASE_URL="",
            DJANGO_SETTINGS_MODULE="carnet.settings",
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def python_format() -> int:
    return run(BIN / "ruff", "format", "--check", ".")


def template_format() -> int:
    templates = sorted(ROOT.glob("carnet/**/templates/**/*.html"))
    return run(BIN / "djade", "--target-version", "5.2", "--check", *templates) if templates else 0


def lint() -> int:
    return run(BIN / "ruff", "check", ".")


def types() -> int:
    return run(BIN / "mypy")


def import_contracts() -> int:
    return run(BIN / "lint-imports", "--no-logo", "--no-cache")


def translations() -> int:
    return in_product("-m", "carnet.base.translations", "--check")


def migrations() -> int:
    return in_product("-m", "django", "makemigrations", "--check", "--dry-run")


def openapi() -> int:
    return in_product("-m", "carnet.api", "--check")


def negative_controls() -> int:
    return control(*GUARDS)


def control(*names: str) -> int:
    """Take away each guard and run its tests; return 0 only if some of them fail on each of its databases."""
    with ExitStack() as running:
        needed = any(POSTGRESQL in GUARDS[name].databases for name in names)
        address = running.enter_context(running_postgresql()) if needed else ""
        # As many at a time as there are processors: each takes its guard away in a process of its own.
        pool = running.enter_context(ThreadPoolExecutor(os.cpu_count() or 1))
        proofs = {
            name: [pool.submit(_without, name, database, address) for database in GUARDS[name].databases]
            for name in names
        }
        return max(_told(name, [proof.result() for proof in found]) for name, found in proofs.items())


def _told(name: str, proofs: list[tuple[bool, str]]) -> int:
    guard = GUARDS[name]
    say(f"Without {name} ({guard.protects}):")
    if guard.remark:
        say(f"  On {' and '.join(guard.databases)} only. {guard.remark}")
    for _proved, text in proofs:
        say(text)
    return int(not all(proved for proved, _text in proofs))


def _without(name: str, database: str, postgresql: str) -> tuple[bool, str]:
    """Return whether the guard's tests fail without it, and what to say of it."""
    # A database of its own for each, or one would take down what another has put up.
    address = postgresql.replace("/carnet?", f"/carnet_without_{name}?") if database == POSTGRESQL else ""
    folder = Path(tempfile.mkdtemp(prefix="carnet-check-"))
    report = folder / "report.xml"
    try:
        done = subprocess.run(
            # Browsers are left to the run with the guard in place.
            [sys.executable, "-m", "pytest", "-m", "guard and not browser", "--tb=line", f"--junit-xml={report}"],
            cwd=ROOT,
            env={**os.environ, "CARNET_WITHOUT": name, "CARNET_DATA": str(folder), "CARNET_DATABASE_URL": address},
            capture_output=True,
            text=True,
        )
        cases = list(ET.parse(report).getroot().iter("testcase")) if report.exists() else []
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    failures = [case for case in cases if case.find("failure") is not None]
    proofs = [case for case in failures if EXPECTATION.match(case.find("failure").get("message", ""))]  # type: ignore[union-attr]
    # 1 is "tests failed"; 2 to 5 are an interruption, a wrong call, a broken pytest, and no test at all.
    proved = done.returncode == 1 and bool(proofs) and not any(case.find("error") is not None for case in cases)
    verdict = "ok" if proved else "NOT PROVED"
    said = [f"  {database}: {len(failures)} of {len(cases)} tests fail, {len(proofs)} on their expectation – {verdict}"]
    if not proved:
        said.append(f"  pytest ended with code {done.returncode}:")
        said += ["    " + line for line in done.stdout.splitlines()[-25:] + done.stderr.splitlines()[-25:]]
    return proved, "\n".join(said)


def tests() -> int:
    """Run the tests, and remember their last line."""
    process = subprocess.Popen([sys.executable, ROOT / "tests" / "run.py"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            say(line.rstrip())
            if TOTALS.fullmatch(line.strip()):
                totals[:] = [line.strip()]
        return process.wait()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait()


totals = ["0 passed, 0 failed, 0 skipped"]
STEPS: tuple[Callable[[], int], ...] = (
    python_format,
    template_format,
    lint,
    types,
    import_contracts,
    translations,
    migrations,
    openapi,
    negative_controls,
    tests,
)


def check() -> int:
    results: list[tuple[str, int, float]] = []
    for step in STEPS:
        title = step.__name__.replace("_", " ")
        say(f"\n━━ {title} " + "━" * (56 - len(title)))
        started = time.monotonic()
        code = step()
        seconds = time.monotonic() - started
        say(f"{'ok' if code == 0 else 'FAILED'} ({seconds:.1f} s)")
        results.append((title, code, seconds))
    say("\n━━ summary " + "━" * 49)
    for title, code, seconds in results:
        say(f"{'ok    ' if code == 0 else 'FAILED'} {title} ({seconds:.1f} s)")
    say(totals[0])
    return int(any(code for _, code, _ in results))


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/carnet check", description="Check everything that a change must pass.")
    parser.add_argument("--without", choices=sorted(GUARDS), help="see that a guard's tests fail when it is taken away")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    try:
        return control(options.without) if options.without else check()
    except KeyboardInterrupt:
        say("interrupted")
        return 1


if __name__ == "__main__":
    sys.exit(main())

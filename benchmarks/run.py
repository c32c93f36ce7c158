"""`bin/carnet bench`: how fast the product is as it is served, beside what the bare server and database can do.

Usage: bin/carnet bench [--json FILE] [--only NAME …] [--database sqlite|postgresql|both] [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
# Started as a file, Python would look for modules among the benchmarks.
sys.path[0] = str(ROOT)

from benchmarks.figures import Figure, document, table  # noqa: E402
from benchmarks.measures import MEASURES  # noqa: E402
from benchmarks.memory import memory  # noqa: E402
from benchmarks.serving import stage  # noqa: E402
from benchmarks.workload import FULL, QUICK, ZONE, Sizes  # noqa: E402

DATABASES = ("sqlite", "postgresql")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/carnet bench", description="Measure speed and memory.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures here")
    parser.add_argument("--only", nargs="+", choices=[*MEASURES, "memory"], metavar="NAME", help="only these measures")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--quick", action="store_true", help="less of everything, for a first look")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    names = asked.only or [*MEASURES, "memory"]
    databases = DATABASES if asked.database == "both" else (asked.database,)
    sizes = QUICK if asked.quick else FULL
    begun = time.monotonic()
    figures: list[Figure] = []
    broken: list[str] = []
    with tempfile.TemporaryDirectory(prefix="carnet-bench-") as folder:
        # A database server that is not root's must be able to look into it.
        Path(folder).chmod(0o755)
        for database in databases:
            figures += measured(database, names, sizes, Path(folder), broken)
        if "memory" in names:
            figures += attempted("memory", broken, memory, Path(folder) / "demo")
    print("\n" + table(figures))
    seconds = time.monotonic() - begun
    missed = sum(figure.kept is False for figure in figures)
    for line in broken:
        print(f"NOT MEASURED – {line}")
    print(f"{len(figures)} figures in {seconds:.0f} s; {missed} targets missed, {len(broken)} measures broken")
    if asked.json:
        about = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "quick": asked.quick,
            "processors": os.cpu_count(),
            "load": os.getloadavg()[0],
            "seconds": round(seconds),
        }
        asked.json.write_text(json.dumps(document(figures, **about), indent=2) + "\n")
    return int(bool(missed or broken))


def measured(database: str, names: list[str], sizes: Sizes, folder: Path, broken: list[str]) -> list[Figure]:
    """Return the figures of one database, each printed as soon as it is known."""
    found: list[Figure] = []
    chosen = [name for name in MEASURES if name in names]
    if not chosen:
        return found
    say(f"{database}: filling in {sizes.customers:,} customers and {sizes.days} days of visits…")
    first = datetime.now(ZoneInfo(ZONE)).date() + timedelta(days=1)
    with stage(database, sizes, first, folder) as on_stage:
        for name in chosen:
            found += attempted(f"{database}, {name}", broken, MEASURES[name], on_stage)
    return found


def attempted(name: str, broken: list[str], measure: Any, subject: Any) -> list[Figure]:
    """Measure; what goes wrong with one measure spoils no other."""
    begun = time.monotonic()
    try:
        found: list[Figure] = measure(subject)
    except Exception as error:
        broken.append(f"{name}: {type(error).__name__}: {error}")
        say(f"    {broken[-1]}")
        return []
    for figure in found:
        say(f"    {figure.name}: {figure.measured}{' – MISS' if figure.kept is False else ''}")
    say(f"  {name}: {time.monotonic() - begun:.0f} s")
    return found


def say(text: str) -> None:
    print(text, flush=True)


def stop(*_: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

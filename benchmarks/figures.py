"""Figures: what was measured beside what was asked for, as a table and as JSON."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One line of the table. `kept` is None where nothing is asked."""

    database: str
    name: str
    measured: str
    target: str = ""
    kept: bool | None = None
    #: The bare numbers, in the unit that the name says.
    values: dict[str, float] | None = None


def at_most(
    database: str, name: str, value: float, limit: float, measured: str, target: str, **values: float
) -> Figure:
    return Figure(database, name, measured, target, value <= limit, {"value": value, "limit": limit, **values})


def at_least(
    database: str, name: str, value: float, limit: float, measured: str, target: str, **values: float
) -> Figure:
    return Figure(database, name, measured, target, value >= limit, {"value": value, "limit": limit, **values})


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def typical_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the median of the ratios of neighbours in time: what disturbs the machine disturbs both."""
    return median(a / b for a, b in zip(above, below, strict=True))


def table(figures: Sequence[Figure]) -> str:
    verdicts = {True: "ok", False: "MISS", None: ""}
    rows = [("database", "what", "measured", "target", "")]
    rows += [(one.database, one.name, one.measured, one.target, verdicts[one.kept]) for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    ]
    lines.insert(1, "─" * max(map(len, lines)))
    return "\n".join(line.rstrip() for line in lines)


def document(figures: Sequence[Figure], **about: Any) -> dict[str, Any]:
    machine = {"system": platform.platform(), "python": sys.version.split()[0]}
    return {"about": {**machine, **about}, "figures": [asdict(one) for one in figures]}

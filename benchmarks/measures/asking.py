"""What every measure asks with: requests, clients in turns, and how two rates are compared."""

from __future__ import annotations

from datetime import date
from statistics import median

from benchmarks.figures import Figure, at_least, typical_ratio
from benchmarks.filling import SLUG
from benchmarks.load import Connection, Volley
from benchmarks.serving import Stage
from benchmarks.workload import working_days

API = f"/api/v1/o/{SLUG}"
#: How the page's script asks for a sheet.
SHEET = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "sheet"}
CROWD = 8
ROUND = 50


class Failed(Exception):
    """The product, or the bare code, answered something that is not right."""


def credentials(stage: Stage) -> dict[str, str]:
    return {"Authorization": f"Bearer {stage.filled.token}"}


def day_asked(stage: Stage) -> date:
    """Return a full working day within the month that nothing is booked in."""
    return working_days(stage.first, 14)[8]


class Blocks:
    """Median times of several requests in blocks that take turns."""

    def __init__(self, blocks: int, size: int, **asked: tuple[int, bytes]) -> None:
        connections = {name: Connection(port) for name, (port, _request) in asked.items()}
        self.times: dict[str, list[list[float]]] = {name: [] for name in asked}
        try:
            for block in range(blocks + 1):
                for name, (_port, request) in asked.items():
                    answers = [connections[name].ask(request) for _ in range(size)]
                    if any(answer.status != 200 for answer in answers):
                        raise Failed(f"{name} answered {answers[-1].status}: {answers[-1].body[:300]!r}")
                    # The first block warms up.
                    if block:
                        self.times[name].append([answer.seconds for answer in answers])
        finally:
            for connection in connections.values():
                connection.close()

    def quickest(self, name: str) -> float:
        """Return what a request took at best: what it costs where nothing disturbs it."""
        return min(map(min, self.times[name]))

    def p50(self, name: str) -> float:
        return median(self._medians(name))

    def ratio(self, above: str, below: str) -> float:
        return typical_ratio(self._medians(above), self._medians(below))

    def _medians(self, name: str) -> list[float]:
        return [median(block) for block in self.times[name]]


def all_are(volley: Volley, status: int) -> Volley:
    if set(volley.statuses) - {status}:
        raise Failed(f"answers that are not {status}: {dict(volley.statuses)}")
    return volley


def rates(name: str, what: str, ours: list[float], theirs: list[float], share: float) -> list[Figure]:
    return [
        Figure(name, f"limit, {what} at {CROWD}", f"{median(theirs):.0f} /s"),
        at_least(
            name,
            f"{what} at {CROWD}",
            share,
            0.25,
            f"{median(ours):.0f} /s = {share:.0%} of the limit",
            "≥ 25 %",
            per_second=median(ours),
            limit_per_second=median(theirs),
        ),
    ]

"""The benchmark itself, tiny: it fills, serves, asks and judges; how fast anything is, is no matter here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from benchmarks.figures import Figure, at_least, at_most, document, table
from benchmarks.measures import MEASURES
from benchmarks.measures.searching import bounded
from benchmarks.serving import stage
from benchmarks.workload import FULL, TINY, ZONE, Stretch, free_places, visits, working_days

FIRST = date(2026, 3, 4)


def test_workload_w_is_as_it_was_agreed() -> None:
    planned = visits(FULL, FIRST)
    hours = len(working_days(FIRST, FULL.days)) * FULL.members * 8 * 60
    assert len(planned) == 12_320
    assert round(sum(visit.length for visit in planned) / hours, 3) == 0.586
    assert planned == visits(FULL, FIRST)


def test_free_places_lie_in_the_hours_and_touch_no_visit() -> None:
    small = replace(FULL, days=7, members=3)
    taken: dict[tuple[int, date], list[Stretch]] = {}
    for stretch in [*visits(small, FIRST), *free_places(small, FIRST, FIRST)]:
        taken.setdefault((stretch.member, stretch.day), []).append(stretch)
    for stretches in taken.values():
        stretches.sort(key=lambda stretch: stretch.minute)
        assert all(one.end <= other.start for one, other in pairwise(stretches))
        assert all(one.minute >= 540 and one.minute + one.length <= 1080 for one in stretches)
        assert not any(one.minute < 840 and one.minute + one.length > 780 for one in stretches)


def test_a_target_missed_is_said_aloud() -> None:
    figures = [at_most("sqlite", "search", 9, 8, "9 ×", "≤ 8 ×"), at_least("sqlite", "rate", 1, 0.25, "1", "≥ 25 %")]
    told = table([*figures, Figure("sqlite", "F0", "0.2 ms")])
    assert [line.split()[-1] for line in told.splitlines()[2:4]] == ["MISS", "ok"]
    assert [one["kept"] for one in document(figures)["figures"]] == [False, True]


def test_a_plan_is_bounded_only_by_two_bounds_on_the_start() -> None:
    assert bounded("SEARCH claim USING INDEX claim_search (organisation_id=? AND starts_at>? AND starts_at<?)")
    assert bounded("Index Scan claim_search ((organisation_id = 1) AND (starts_at > 'x') AND (starts_at < 'y'))")
    assert not bounded("SEARCH claim USING INDEX claim_search (organisation_id=? AND starts_at<?)")


@pytest.mark.long
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_everything_is_measured_and_nothing_is_booked_twice(database: str, tmp_path: Path) -> None:
    """(A1) Real processes over real HTTP; the answers of product and limit are compared on the way."""
    tmp_path.chmod(0o755)
    first = datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1)
    with stage(database, TINY, first, tmp_path) as on_stage:
        figures = {figure.name: figure for measure in MEASURES.values() for figure in measure(on_stage)}
    for name in ("race, 50 clients, 1 rounds", "race, 2 clients, 2 rounds", "rows read, past × 10"):
        assert figures[name].kept, figures[name]
    assert json.dumps(document(list(figures.values())))

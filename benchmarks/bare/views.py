"""The floors (F0, F1) and the limit: search and booking by the barest code that is still right."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from functools import lru_cache, reduce
from operator import or_
from zoneinfo import ZoneInfo

import orjson
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.workload import GRID, HALVES, SERVICE_MINUTES, ZONE

TICK = GRID * 60
LONGEST = 48 * 3600
_local = threading.local()


def answer(data: object, status: int = 200) -> HttpResponse:
    body = orjson.dumps(data)
    headers = {"Content-Length": str(len(body))}
    return HttpResponse(body, status=status, content_type="application/json", headers=headers)


def constant(request: HttpRequest) -> HttpResponse:
    """F0: what server and framework cost."""
    return answer({"slots": []})


def one_row(request: HttpRequest) -> HttpResponse:
    """F1: the same, and one row by its key."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM resource WHERE id = %s", [request.GET["id"]])
        return answer({"told": cursor.fetchone()[0]})


@lru_cache
def hours(first: int, ticks: int) -> int:
    """Return the ticks at which a visit may start, hours and lunch considered."""
    zone = ZoneInfo(ZONE)
    need = SERVICE_MINUTES // GRID
    bits = 0
    for tick in range(ticks):
        wall = datetime.fromtimestamp(first + tick * TICK, zone)
        minute = wall.hour * 60 + wall.minute
        if wall.weekday() != 6 and any(opens <= minute <= closes - need * GRID for opens, closes in HALVES):
            bits |= 1 << tick
    return bits


@lru_cache
def told_starts(first: int, ticks: int) -> list[str]:
    zone = ZoneInfo(ZONE)
    return [datetime.fromtimestamp(first + tick * TICK, zone).isoformat() for tick in range(ticks)]


def members() -> list[str]:
    if not hasattr(_local, "members"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT told FROM resource ORDER BY id")
            _local.members = [told for (told,) in cursor.fetchall()]
    return _local.members  # type: ignore[no-any-return]


def search(request: HttpRequest) -> HttpResponse:
    """Every free start between two instants with who is free then: one statement, then integers as sets."""
    first, last = int(request.GET["from"]), int(request.GET["to"])
    ticks = (last - first) // TICK
    people = members()
    busy = [0] * len(people)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT resource, starts, ends FROM claim WHERE starts > %s AND starts < %s AND ends > %s",
            [first - LONGEST, last, first],
        )
        for resource, starts, ends in cursor.fetchall():
            busy[resource] |= ((1 << (ends - starts) // TICK) - 1) << (starts - first) // TICK
    possible = hours(first, ticks)
    free = [possible & ~taken & ~(taken >> 1) for taken in busy]
    rows = zip(*(f"{bits:0{ticks}b}"[::-1] for bits in free), strict=True)
    anyone = f"{reduce(or_, free):0{ticks}b}"[::-1]
    known: dict[tuple[str, ...], list[str]] = {}
    slots = []
    for start, some, row in zip(told_starts(first, ticks), anyone, rows, strict=True):
        if some == "1":
            if row not in known:
                known[row] = [who for who, is_free in zip(people, row, strict=True) if is_free == "1"]
            slots.append({"start": start, "members": known[row]})
    return answer({"slots": slots})


def book(request: HttpRequest) -> HttpResponse:
    """Lock, insert the visit and its claim; the database refuses what is taken."""
    data = orjson.loads(request.body)
    start, resource = data["start"], data["resource"]
    end = start + SERVICE_MINUTES * 60
    if start < (datetime.now(UTC) - timedelta(days=1)).timestamp():
        return answer({"code": "past"}, 409)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # Without it, racing clients deadlock on the exclusion constraint.
                cursor.execute("SELECT id FROM resource WHERE id = %s FOR NO KEY UPDATE", [resource])
            cursor.execute("INSERT INTO visit (customer, starts, ends) VALUES (1, %s, %s) RETURNING id", [start, end])
            (visit,) = cursor.fetchone()
            cursor.execute(
                "INSERT INTO claim (visit, resource, starts, ends) VALUES (%s, %s, %s, %s)",
                [visit, resource, start, end],
            )
    except IntegrityError:
        return answer({"code": "slot_taken"}, 409)
    return answer({"id": visit}, 201)


urlpatterns = [path("constant", constant), path("row", one_row), path("search", search), path("book", book)]

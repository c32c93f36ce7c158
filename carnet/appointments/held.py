"""What is held: the one statement of a search, which reads thousands of rows and is therefore told exactly how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Func, QuerySet, TextField

from carnet.appointments.models import Appointment, Claim
from carnet.base.periods import overlapping
from carnet.base.scopes import open_organisation_id
from carnet.scheduling.spans import Span

#: Resource id -> from and until when it is held, in epoch seconds.
Busy = dict[int, list[tuple[int, int]]]


def held_within(resources: Sequence[int], span: Span, ignoring: Appointment | None = None) -> Busy:
    """Return when these resources are held within `span`, but for the visit `ignoring`."""
    if not resources:
        return {}
    if ignoring is None:
        sql, parameters = _written(connection.vendor, open_organisation_id(), len(resources))
        bounds = _bounds(span)
        with connection.cursor() as cursor:
            cursor.execute(sql, [part(bounds, resources) for part in parameters])
            rows: Any = cursor.fetchall()
    else:
        rows = _claims(resources, span).exclude(segment__appointment=ignoring)
    seconds: Callable[[Any], int] = _seconds_of_text if connection.vendor == "sqlite" else int
    busy: Busy = {}
    for resource, starts, ends in rows:
        mine = busy.get(resource)
        if mine is None:
            mine = busy[resource] = []
        mine.append((seconds(starts), seconds(ends)))
    return busy


def held_by_visits(resources: Sequence[int], span: Span) -> list[tuple[int, int, int, int]]:
    """Return who or what is held within `span`, from and until when in epoch seconds, and by which visit (its id)."""
    if not resources:
        return []
    seconds: Callable[[Any], int] = _seconds_of_text if connection.vendor == "sqlite" else int
    claims = Claim.objects.filter(overlapping(span), active=True, resource__in=resources).order_by()
    rows = claims.values_list("resource_id", Seconds("starts_at"), Seconds("ends_at"), "segment__appointment_id")
    return [(resource, seconds(starts), seconds(ends), visit) for resource, starts, ends, visit in rows]


class Seconds(Func):
    """An instant as epoch seconds, read without building a datetime for each of thousands of rows."""

    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS bigint)"
    # Of no type that Django would convert row by row.
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # SQLite keeps instants as text; the texts repeat, so a cache here is cheaper than strftime there. Behind a
        # sign, the column is no longer one that the driver parses into a datetime.
        return self.as_sql(compiler, connection, template="(+%(expressions)s)", **context)


@lru_cache(maxsize=20_000)
def _seconds_of_text(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def _claims(resources: Sequence[int], span: Span) -> QuerySet[Claim, tuple[int, Any, Any]]:
    claims = Claim.objects.filter(overlapping(span), active=True, resource__in=resources)
    return claims.order_by().values_list("resource_id", Seconds("starts_at"), Seconds("ends_at"))


#: Puts one parameter into the statement, from the bounds and the resources asked for.
Part = Callable[[dict[str, Any], Sequence[int]], Any]
_A_SPAN = Span(datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC) + timedelta(hours=1))


def _bounds(span: Span) -> dict[str, Any]:
    """Return the bounds of `overlapping`, by name, as they are handed to the database."""
    adapt = connection.ops.adapt_datetimefield_value
    return {name: adapt(at) for name, at in overlapping(span).children}  # type: ignore[misc]


@lru_cache(maxsize=1_000)
def _written(vendor: str, organisation: int | None, count: int) -> tuple[str, tuple[Part, ...]]:
    """Return the statement for `count` resources of the open organisation: writing it takes longer than running it."""
    # Marks that no real value equals, in whose places real ones are put.
    marks = range(-count, 0)
    sql, given = _claims(marks, _A_SPAN).query.sql_with_params()
    bounds = {at: name for name, at in _bounds(_A_SPAN).items()}

    def part(value: Any) -> Part:
        if value in bounds:
            name = bounds[value]
            return lambda bounds, resources: bounds[name]
        if value in marks:
            place = marks.index(value)
            return lambda bounds, resources: resources[place]
        return lambda bounds, resources: value

    return sql, tuple(map(part, given))

"""What is held: the one statement of a search, which reads thousands of rows and is therefore told exactly how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Aggregate, Func, QuerySet, TextField

from carnet.appointments.models import Appointment, Claim
from carnet.base.periods import overlapping
from carnet.base.prepared import prepared_cursor
from carnet.base.scopes import open_organisation_id
from carnet.scheduling.seconds import ceil_seconds, floor_seconds
from carnet.scheduling.spans import Span

#: Resource id -> from and until when it is held, in epoch seconds.
Busy = dict[int, list[tuple[int, int]]]


def held_within(resources: Sequence[int], span: Span, ignoring: Appointment | None = None) -> Busy:
    """Return when these resources are held within `span`, but for the visit `ignoring`."""
    if not resources:
        return {}
    vendor = connection.vendor
    if ignoring is None:
        sql, parameters = _written(vendor, open_organisation_id(), len(resources))
        bounds = _bounds(span)
        with prepared_cursor(numbers_only=True) as cursor:
            cursor.execute(sql, [part(bounds, resources) for part in parameters])
            rows: Any = cursor.fetchall()
    else:
        rows = _claims(resources, span).exclude(segment__appointment=ignoring)
    if vendor == "sqlite":
        return {resource: [_pairs[text] for text in texts.split(",")] for resource, texts in rows}
    busy: Busy = defaultdict(list)
    for resource, starts, ends in rows:
        busy[resource].append((starts, ends))
    return busy


def held_by_visits(resources: Sequence[int], span: Span) -> list[tuple[int, int, int, int]]:
    """Return who or what is held within `span`, from and until when in epoch seconds, and by which visit (its id)."""
    claims = Claim.objects.filter(overlapping(span), active=True, resource__in=resources).order_by()
    rows = claims.values_list("resource_id", "starts_at", "ends_at", "segment__appointment_id")
    return [(who, floor_seconds(starts), ceil_seconds(ends), visit) for who, starts, ends, visit in rows]


class _Pairs(dict[str, tuple[int, int]]):
    """From the text of a start and an end, as SQLite keeps instants, to both in epoch seconds.

    On a grid of quarters of an hour the texts repeat, and finding them is quicker than having SQLite convert them.
    """

    def __missing__(self, text: str) -> tuple[int, int]:
        if len(self) >= 20_000:
            self.clear()
        starts, ends = (datetime.fromisoformat(part).replace(tzinfo=UTC).timestamp() for part in text.split("/"))
        self[text] = pair = int(starts), int(ends)
        return pair


_pairs = _Pairs()


class _Pairings(Aggregate):
    """All starts and ends of a resource in one text of SQLite: a row for each of thousands is what takes the time."""

    template = "group_concat(%(expressions)s)"
    arg_joiner = " || '/' || "


class _Seconds(Func):
    """An instant of PostgreSQL as epoch seconds, so that no datetime is built for each of thousands of rows."""

    # By way of a double, exact to the microsecond: EXTRACT goes by way of numeric, and takes several times as long.
    template = "CAST(date_part('epoch', %(expressions)s) AS bigint)"


#: A type whose values Django hands on as they come, so that it does not look at each row.
_AS_IT_COMES: Any = TextField()


def _claims(resources: Sequence[int], span: Span) -> QuerySet[Claim, tuple[Any, ...]]:
    claims = Claim.objects.filter(overlapping(span), active=True, resource__in=resources).order_by()
    if connection.vendor == "sqlite":
        # Behind a sign, the column is no longer one whose index looks good for grouping, and would read the whole past.
        whose = Func("resource_id", template="(+%(expressions)s)", output_field=_AS_IT_COMES)
        pairings = _Pairings("starts_at", "ends_at", output_field=_AS_IT_COMES)
        return claims.values(whose=whose).annotate(pairings=pairings).values_list("whose", "pairings")
    seconds = (_Seconds(field, output_field=_AS_IT_COMES) for field in ("starts_at", "ends_at"))
    return claims.values_list("resource_id", *seconds)


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

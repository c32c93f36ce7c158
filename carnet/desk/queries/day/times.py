"""When the business and its members work around a day, and on which day it next opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from carnet.organisations.access import Access
from carnet.resources.models import Closure, Hours
from carnet.resources.queries import Windows, weekly
from carnet.scheduling import hours as wall
from carnet.scheduling.spans import Span, Spans, intersect

#: How far to look for a day on which the business opens.
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Times:
    """The business's and everybody's hours around a day."""

    day: Span
    business: Spans
    closures: Mapping[date, str]
    weekly: Mapping[int | None, Windows]
    next_open: date | None
    zone: str
    on: date

    def at_work(self, resource_id: int) -> Spans:
        """Return when somebody works that day: own hours or the business's, never while the business is closed."""
        if resource_id not in self.weekly:
            return self.business
        own = wall.open_spans(self.weekly[resource_id], self.on, self.on, self.zone)
        return intersect(own, self.business)


def today(access: Access) -> date:
    return wall.local(access.now, access.organisation.zone).date


def first_open_day(access: Access) -> date:
    """Return today if the business opens on it, else the next day on which it does, else today."""
    on = today(access)
    known = closures_from(on)
    windows = weekly_hours().get(None, {})
    return next((day for day in _days_from(on) if windows.get(day.weekday()) and day not in known), on)


def closures_from(first: date) -> dict[date, str]:
    return dict(Closure.objects.filter(on__range=(first - timedelta(days=1), first + AHEAD)).values_list("on", "name"))


def _days_from(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(AHEAD.days + 1))


def weekly_hours() -> dict[int | None, Windows]:
    rows: dict[int | None, list[Hours]] = {}
    for row in Hours.objects.order_by("weekday", "opens"):
        rows.setdefault(row.resource_id, []).append(row)
    return {resource_id: weekly(found) for resource_id, found in rows.items()}


def times_around(on: date, zone: str) -> Times:
    hours = weekly_hours()
    closures = closures_from(on)
    windows = hours.get(None, {})
    later = (day for day in _days_from(on + timedelta(days=1)) if windows.get(day.weekday()) and day not in closures)
    return Times(
        day=wall.day_span(on, zone),
        business=wall.open_spans(windows, on, on, zone, closed_on=frozenset(closures)),
        closures=closures,
        weekly=hours,
        next_open=next(later, None),
        zone=zone,
        on=on,
    )

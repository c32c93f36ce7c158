"""Reading what is there when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from carnet.organisations.models import Organisation
from carnet.resources.models import Closure, Hours, Resource
from carnet.scheduling import hours as wall
from carnet.scheduling.spans import Span, Spans

Windows = dict[int, tuple[tuple[int, int], ...]]


def weekly(rows: Iterable[Hours]) -> Windows:
    """Return rows of hours as the engine reads them: weekday -> windows in wall minutes."""
    windows: dict[int, list[tuple[int, int]]] = {}
    for row in rows:
        windows.setdefault(row.weekday, []).append((row.opens, row.closes))
    return {weekday: tuple(sorted(found)) for weekday, found in windows.items()}


def business_hours() -> Windows:
    """Return the weekly hours of the open organisation's business."""
    return weekly(Hours.objects.filter(resource__isnull=True))


def closures_between(first: date, last: date) -> dict[date, str]:
    return dict(Closure.objects.filter(on__range=(first, last)).values_list("on", "name"))


def business_open(organisation: Organisation, first: date, last: date) -> Spans:
    """Return when the business is open from `first` to `last`, both included."""
    return wall.open_spans(
        business_hours(), first, last, organisation.zone, closed_on=frozenset(closures_between(first, last))
    )


def next_opening(organisation: Organisation, after: datetime) -> datetime | None:
    """Return when the business next opens after `after`, or None if it does not within 60 days."""
    first = wall.local(after, organisation.zone).date
    for span in business_open(organisation, first, first + timedelta(days=60)):
        if span.start > after:
            return span.start
    return None


def day(organisation: Organisation, on: date) -> Span:
    """Return the local day as a span; 23 or 25 hours when clocks change."""
    return wall.day_span(on, organisation.zone)


def resources_of_everyone() -> list[Resource]:
    """Return all resources of the open organisation in id order, for locks."""
    return list(Resource.objects.order_by("pk"))

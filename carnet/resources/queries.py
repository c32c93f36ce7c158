"""Reading what is there when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import blake2b

from django.db.models import QuerySet

from carnet.organisations.access import Access
from carnet.organisations.models import Organisation
from carnet.resources.models import Closure, Hours, Resource
from carnet.scheduling import hours as wall
from carnet.scheduling.spans import Span, Spans

Windows = dict[int, tuple[tuple[int, int], ...]]
NOON = 12 * 60


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


def times_open_to(access: Access) -> QuerySet[Resource]:
    """Return the members' times that this actor may be shown and set: of those whom its profile reaches."""
    found = Resource.objects.filter(kind=Resource.Kind.MEMBER, active=True, member__active=True)
    if not access.reaches_everything:
        found = found.filter(member__in=access.reached_members)
    return found.select_related("member").order_by("member__position", "member_id")


def hours_of(resource: Resource) -> Windows:
    """Return a resource's own weekly hours; without any it follows those of the business."""
    return weekly(Hours.objects.filter(resource=resource))


def stamp_of(hours: Windows) -> str:
    """Return what tells weekly hours apart: the same for the same hours, whoever typed them."""
    told = sorted((day, sorted(tuple(one) for one in found)) for day, found in hours.items() if found)
    return blake2b(repr(told).encode(), digest_size=12).hexdigest()


def working_day(organisation: Organisation, resource: Resource, on: date) -> Span:
    """Return the day as the resource's work has it: a shift past midnight belongs to the day on which it began.

    For whoever works from 18:00 to 2:00 that is from 2:00 to 2:00, for all others the local day.
    """
    whole = day(organisation, on)
    start, end = whole.start, whole.end
    for span in wall.open_spans(hours_of(resource) or business_hours(), on, on, organisation.zone):
        if span.start < whole.start and span.end >= whole.end:
            return whole  # always open: no shift begins or ends
        if span.start < whole.start:
            start = span.end
        if span.end > whole.end:
            end = span.end
    return Span(start, end) if start < end else whole


def end_of_morning(resource: Resource, on: date) -> int:
    """Return the wall minutes at which half a day is over: where a break begins around noon, else at noon."""
    windows = sorted((hours_of(resource) or business_hours()).get(on.weekday(), ()))
    breaks = [closes for (_opens, closes) in windows[:-1] if NOON - 60 <= closes <= NOON + 120]
    return min(breaks, key=lambda closes: abs(closes - NOON), default=NOON)

"""Temporarily unavailable: until when the five choices last, and when the service can be had again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.catalogue.models import Service
from carnet.organisations.access import Access
from carnet.organisations.models import Organisation
from carnet.resources.queries import Windows, business_open
from carnet.scheduling import hours as wall
from carnet.scheduling.spans import Span, Spans, intersect, merge, subtract

#: How far ahead the moment is looked for from which a service can be had again.
LOOK = timedelta(days=400)
_DAY = timedelta(days=1)


class Until(StrEnum):
    """How long a service is marked as unavailable, from now."""

    REST_OF_DAY = "rest_of_day"
    TOMORROW = "tomorrow"
    END_OF_WEEK = "end_of_week"
    END_OF_MONTH = "end_of_month"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the choices: when the outage ends, and when the service can be had again (None: not within a year)."""

    until: Until
    ends_at: datetime
    back_at: datetime | None


def choices(access: Access, service: Service) -> list[Choice]:
    """Return the choices that need no further word, each with its moments, in the organisation's zone and hours."""
    found = []
    for until in (Until.REST_OF_DAY, Until.TOMORROW, Until.END_OF_WEEK, Until.END_OF_MONTH):
        ends_at = end_of(access, until)
        found.append(Choice(until, ends_at, back_at(access, service, ends_at)))
    return found


def end_of(access: Access, until: Until, on: date | None = None, minutes: int | None = None) -> datetime:
    """Return when an outage from now ends.

    A day is included, whole, unless `minutes` since its midnight say when it ends. Raises Invalid beside `on` for a
    day that is missing or has passed, beside `at` for an hour that does not exist on that day.
    """
    organisation = access.organisation
    zone = organisation.zone
    today = wall.local(access.now, zone).date
    match until:
        case Until.REST_OF_DAY:
            return wall.day_span(today, zone).end
        case Until.TOMORROW:
            end = wall.day_span(today, zone).end
            return next_opening_from(organisation, end) or wall.day_span(today + _DAY, zone).end
        case Until.END_OF_WEEK:
            last = today + _DAY * ((organisation.first_weekday - 1 - today.weekday()) % 7)
            return wall.day_span(last, zone).end
        case Until.END_OF_MONTH:
            following = (today.replace(day=28) + 4 * _DAY).replace(day=1)
            return wall.day_span(following - _DAY, zone).end
    if on is None:
        raise Invalid(on=_("Choose the last day."))
    if not today <= on <= today + timedelta(days=3660):
        raise Invalid(on=_("Choose a day from today on."))
    if minutes is None:
        return wall.day_span(on, zone).end
    try:
        end = wall.instant(on, minutes, zone)
    except wall.NoSuchTime:
        raise Invalid(at=_("This time does not exist on that day: the clocks are changed.")) from None
    if end <= access.now:
        raise Invalid(at=_("This moment has passed."))
    return end


def next_opening_from(organisation: Organisation, at: datetime) -> datetime | None:
    """Return the first opening of the business at `at` or later, holidays considered; None within two months."""
    first = wall.local(at, organisation.zone).date
    spans = business_open(organisation, first, first + timedelta(days=60))
    return next((span.start for span in spans if span.start >= at), None)


def back_at(access: Access, service: Service, after: datetime, *, without: Spans = ()) -> datetime | None:
    """Return the first moment from `after` on at which the service is offered again, None if not within a year.

    Business hours, holidays, the service's own days and hours, its period and its other outages count (`without` are
    further ones); whether somebody is free is another question.
    """
    organisation = access.organisation
    zone = organisation.zone
    outages = merge([*without, *(Span(row.starts_at, row.ends_at) for row in service.outages.all())])
    offered = _offered(service)
    # Mostly it is within days; a seasonal service is looked for further ahead.
    for days in (14, 100, LOOK.days):
        end = after + timedelta(days=days)
        first, last = wall.local(after, zone).date, wall.local(end, zone).date
        spans = business_open(organisation, first, last)
        if offered is not None:
            weekly, dated = offered
            spans = intersect(spans, wall.open_spans(weekly, first, last, zone, dated=dated))
        spans = intersect(subtract(spans, outages), _period(service, zone, after, end))
        if spans:
            return spans[0].start
    return None


def _offered(service: Service) -> tuple[Windows, Mapping[date, tuple[tuple[int, int], ...]]] | None:
    weekly: dict[int, tuple[tuple[int, int], ...]] = {}
    dated: dict[date, tuple[tuple[int, int], ...]] = {}
    for row in service.hours.all():
        if row.on is not None:
            dated[row.on] = (*dated.get(row.on, ()), (row.opens, row.closes))
        elif row.weekday is not None:
            weekly[row.weekday] = (*weekly.get(row.weekday, ()), (row.opens, row.closes))
    return (weekly, dated) if weekly or dated else None


def _period(service: Service, zone: str, after: datetime, end: datetime) -> Spans:
    start = max(after, wall.day_span(service.offered_from, zone).start) if service.offered_from else after
    until = min(end, wall.day_span(service.offered_until, zone).end) if service.offered_until else end
    return (Span(start, until),) if start < until else ()

"""A member's absences that are not over, and how their periods are said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.appointments.refusals import time_text
from carnet.organisations.access import Access
from carnet.resources.models import Resource, TimeOff
from carnet.scheduling import hours as wall


@dataclass(frozen=True, slots=True)
class Absence:
    """A line of the list: when, why, and whether it has begun, so that it can only be ended."""

    off: TimeOff
    period: str
    begun: bool


def coming_absences(access: Access, resource: Resource) -> Sequence[Absence]:
    """Return the absences that are not over, the next first."""
    zone = access.organisation.zone
    this_year = wall.local(access.now, zone).date.year
    rows = TimeOff.objects.filter(resource=resource, ends_at__gt=access.now).order_by("starts_at", "pk")
    return [
        Absence(off, period_text(off.starts_at, off.ends_at, zone, this_year), off.starts_at <= access.now)
        for off in rows
    ]


def period_text(starts_at: datetime, ends_at: datetime, zone: str, this_year: int) -> str:
    """Return a period as people say it: « lun. 4 mai », « lun. 4 mai – ven. 8 mai », « lun. 4 mai, 9:00–12:00 »."""
    first, last = wall.local(starts_at, zone).date, wall.local(ends_at, zone).date
    whole_start = starts_at == wall.day_span(first, zone).start
    whole_end = ends_at == wall.day_span(last, zone).start
    if whole_start and whole_end:
        return days_text(first, last - timedelta(days=1), this_year)
    if whole_end:
        # Until midnight, which is said as the end of the day before.
        last -= timedelta(days=1)
    until = "24:00" if whole_end else time_text(ends_at, zone)
    times = {"start": time_text(starts_at, zone), "end": until}
    if first == last:
        return _("%(day)s, %(start)s–%(end)s") % {"day": day_words(first, this_year), **times}
    return _("%(first)s %(start)s – %(last)s %(end)s") % {
        "first": day_words(first, this_year),
        "last": day_words(last, this_year),
        **times,
    }


def days_text(first: date, last: date, this_year: int) -> str:
    """Return whole days, the last included."""
    if first == last:
        return day_words(first, this_year)
    return _("%(first)s – %(last)s") % {"first": day_words(first, this_year), "last": day_words(last, this_year)}


def day_words(on: date, this_year: int) -> str:
    """Return a day with its weekday, and with its year where that is not this one."""
    french = (get_language() or "").startswith("fr")
    if on.year == this_year:
        return date_format(on, r"D\. j N" if french else "D, M j")
    return date_format(on, r"D\. j N Y" if french else "D, M j, Y")

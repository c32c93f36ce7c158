"""The closed days to come as the set-up lists them, and the holidays of the country that could be among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from carnet.desk.queries.absences import days_text
from carnet.desk.queries.day import today
from carnet.organisations.access import Access
from carnet.resources.actions.closures import holidays_of
from carnet.resources.models import Closure


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """A holiday, or days in a row on which the business is closed for one reason of its own."""

    first: date
    last: date
    name: str
    holiday: bool
    words: str = ""


def coming_closures(access: Access) -> Sequence[ClosedDays]:
    """Return the closed days from today on in their order, days in a row of one name as one."""
    found: list[ClosedDays] = []
    for row in Closure.objects.filter(on__gte=today(access)).order_by("on"):
        last = found[-1] if found else None
        follows = last is not None and row.on - last.last == timedelta(days=1)
        if last is not None and follows and not row.holiday and (last.name, last.holiday) == (row.name, False):
            found[-1] = replace(last, last=row.on)
        else:
            found.append(ClosedDays(row.on, row.on, row.name, row.holiday))
    this_year = today(access).year
    return [replace(one, words=days_text(one.first, one.last, this_year)) for one in found]


def open_holidays(access: Access) -> tuple[Mapping[date, str], Sequence[date]]:
    """Return the holidays until the end of next year on which the business is open, and those to be proposed as closed.

    Proposed are those of a year of which no holiday is kept yet: whoever has opened on one is not asked again.
    """
    on = today(access)
    organisation = access.organisation
    years = range(on.year, on.year + 2)
    known = holidays_of(organisation.country, organisation.region, years, organisation.language)
    closed = dict(
        Closure.objects.filter(on__range=(date(on.year, 1, 1), date(on.year + 1, 12, 31))).values_list("on", "holiday")
    )
    kept = {day.year for day, holiday in closed.items() if holiday}
    proposed = {day: name for day, name in sorted(known.items()) if day >= on and day not in closed}
    return proposed, [day for day in proposed if day.year not in kept]

"""Days on which the business is closed: its own, and the public holidays of its country."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import holidays
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.resources.models import Closure, Resource
from carnet.resources.timetable import change_timetable
from carnet.scheduling import hours as wall

#: Two years in one go, one of which may be a leap year.
MOST_DAYS = 731
_HOLIDAY_LANGUAGE = {"fr": "fr", "en": "en_US"}


def checked_closures(access: Access, days: Mapping[date, str]) -> None:
    """Raise Invalid beside what of the days to close cannot be taken: none, too many, all over, a name too long."""
    if not days:
        raise Invalid(days=_("Choose the days on which you are closed."))
    if len(days) > MOST_DAYS:
        raise Invalid(days=_("At most two years can be closed at once."))
    if min(days) < wall.local(access.now, access.organisation.zone).date:
        raise Invalid(days=_("Choose a day from today on."))
    if any(len(name) > 120 for name in days.values()):
        raise Invalid(name=_("This is longer than %(limit)d characters.") % {"limit": 120})


def add_closures(access: Access, days: Mapping[date, str], *, holiday: bool = False) -> dict[date, str]:
    """Close the business on these local days, and return those that were open; days already closed keep their name."""
    access.require("set_up.edit")
    with unit_of_work():
        change_timetable(access, Resource.objects.all())
        known = set(Closure.objects.filter(on__in=list(days)).values_list("on", flat=True))
        new = {on: clean(name)[:120] for on, name in days.items() if on not in known}
        Closure.objects.bulk_create(
            Closure(organisation=access.organisation, on=on, name=name, holiday=holiday) for on, name in new.items()
        )
        changes: dict[str, list[object]] = {"days": [None, sorted(on.isoformat() for on in new)]}
        record(access, "closures.added", access.organisation, changes=changes)
    return new


def reopen(access: Access, first: date, last: date) -> list[date]:
    """Open the business again on the closed days from `first` to `last`, and return those."""
    access.require("set_up.edit")
    with unit_of_work():
        change_timetable(access, Resource.objects.all())
        closed = Closure.objects.filter(on__range=(first, last))
        days = list(closed.values_list("on", flat=True))
        closed.delete()
        if days:
            changes: dict[str, list[object]] = {"days": [[on.isoformat() for on in days], None]}
            record(access, "closures.removed", access.organisation, changes=changes)
    return days


def take_back_closures(access: Access, days: Mapping[date, str]) -> None:
    """Take these closures away as if they had not been made; a day that was opened or renamed meanwhile is left."""
    access.require("set_up.edit")
    with unit_of_work():
        change_timetable(access, Resource.objects.all())
        rows = [row for row in Closure.objects.filter(on__in=list(days)) if days[row.on] == row.name]
        Closure.objects.filter(pk__in=[row.pk for row in rows]).delete()
        changes: dict[str, list[object]] = {"days": [[row.on.isoformat() for row in rows], None]}
        record(access, "closures.removed", access.organisation, changes=changes)


def holidays_of(country: str, region: str, years: range, language: str) -> dict[date, str]:
    """Return the public holidays of a country (and region) as the library `holidays` knows them, {} if it does not."""
    try:
        found = holidays.country_holidays(
            country, subdiv=region or None, years=years, language=_HOLIDAY_LANGUAGE.get(language)
        )
    except NotImplementedError:
        return {}
    return {on: name.replace("'", "’") for on, name in found.items()}


def add_holidays(access: Access, years: range) -> None:
    """Close the business on its country's public holidays of these years."""
    organisation = access.organisation
    days = holidays_of(organisation.country, organisation.region, years, organisation.language)
    add_closures(access, days, holiday=True)

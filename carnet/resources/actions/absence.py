"""Absences: a resource's time off, and days on which the business is closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import holidays
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.resources.models import Closure, Resource, TimeOff
from carnet.resources.timetable import change_timetable

_HOLIDAY_LANGUAGE = {"fr": "fr", "en": "en_US"}


def add_time_off(
    access: Access, resource: Resource, starts_at: datetime, ends_at: datetime, *, reason: str = ""
) -> TimeOff:
    """Note that a resource is not there from `starts_at` to `ends_at`; visits that stand in it stand."""
    access.require("resources.edit")
    if ends_at <= starts_at:
        raise Invalid(ends_at=_("The end lies before the beginning."))
    with unit_of_work():
        change_timetable(access, Resource.objects.filter(pk=resource.pk))
        off = TimeOff.objects.create(
            organisation=access.organisation,
            resource=resource,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
        )
        record(access, "time_off.added", off, changes={"period": [None, [starts_at.isoformat(), ends_at.isoformat()]]})
    return off


def add_closures(access: Access, days: Mapping[date, str], *, holiday: bool = False) -> None:
    """Close the business on these local days; days already closed keep their name."""
    access.require("set_up.edit")
    with unit_of_work():
        change_timetable(access, Resource.objects.all())
        known = set(Closure.objects.filter(on__in=list(days)).values_list("on", flat=True))
        new = {on: name for on, name in days.items() if on not in known}
        Closure.objects.bulk_create(
            Closure(organisation=access.organisation, on=on, name=name[:120], holiday=holiday)
            for on, name in new.items()
        )
        changes: dict[str, list[object]] = {"days": [None, sorted(on.isoformat() for on in new)]}
        record(access, "closures.added", access.organisation, changes=changes)


def holidays_of(country: str, region: str, years: range, language: str) -> dict[date, str]:
    """Return the public holidays of a country (and region) as the library `holidays` knows them, {} if it does not."""
    try:
        found = holidays.country_holidays(
            country, subdiv=region or None, years=years, language=_HOLIDAY_LANGUAGE.get(language)
        )
    except NotImplementedError:
        return {}
    return dict(found.items())


def add_holidays(access: Access, years: range) -> None:
    """Close the business on its country's public holidays of these years."""
    organisation = access.organisation
    days = holidays_of(organisation.country, organisation.region, years, organisation.language)
    add_closures(access, days, holiday=True)

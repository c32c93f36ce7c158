"""The rules of booking as they are, or as they would be once a change is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from carnet.appointments.availability import Ask
from carnet.appointments.timetable import Timetable, dates_of, windows_of
from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.models import Service
from carnet.scheduling.spans import Span, merge

Hours = Mapping[int, Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Rules:
    """What the engine is told besides claims; each `with_` method returns other rules and changes nothing."""

    timetable: Timetable

    def service(self, stored: Service) -> Service:
        """Return the service as these rules have it."""
        return self.timetable.services.get(stored.pk, stored)

    def asks(self, asks: Sequence[Ask]) -> tuple[Ask, ...]:
        """Return the same asks, of the services as these rules have them."""
        return tuple(replace(ask, service=self.service(ask.service)) for ask in asks)

    def with_outage(self, service: Service, span: Span) -> Rules:
        outages = self.timetable.outages
        return self._with(outages={**outages, service.pk: merge([*outages.get(service.pk, ()), span])})

    def with_service(self, service: Service, **values: Any) -> Rules:
        changed = copy(service)
        for name, value in values.items():
            setattr(changed, name, value)
        return self._with(services={**self.timetable.services, service.pk: changed})

    def with_details(self, service: Service, details: ServiceDetails) -> Rules:
        """Return the rules under which the service is what is typed: its people, hours, period, lengths and needs."""
        shortest, longest = details.range
        resource_of = self.timetable.resource_of
        members = {member.pk: member for member in details.members if member.active and member.pk in resource_of}
        ordered = sorted(members.values(), key=lambda member: (member.position, member.pk))
        offered = (windows_of(_rows(details.hours)), dates_of({on: list(found) for on, found in _dated(details)}))
        rules = self._with(
            providers=_put(
                self.timetable.providers, service.pk, tuple(resource_of[member.pk] for member in ordered) or None
            ),
            needs=_put(self.timetable.needs, service.pk, tuple(thing.pk for thing in details.needs) or None),
            offered=_put(self.timetable.offered, service.pk, offered if any(offered) else None),
        )
        return rules.with_service(
            service,
            shortest=shortest,
            usual=details.usual,
            longest=longest,
            before=details.before,
            after=details.after,
            in_use=details.in_use,
            offered_from=details.offered_from,
            offered_until=details.offered_until,
        )

    def without_member(self, resource: int) -> Rules:
        """Return the rules under which nobody is served by the member whose time this resource is."""
        remaining = {
            service: tuple(one for one in found if one != resource)
            for service, found in self.timetable.providers.items()
        }
        return self._with(providers={service: found for service, found in remaining.items() if found})

    def with_business_hours(self, windows: Hours) -> Rules:
        return self._with(business=windows_of(_rows(windows)))

    def with_absence(self, resource: int, span: Span) -> Rules:
        absent = self.timetable.absent
        return self._with(absent={**absent, resource: merge([*absent.get(resource, ()), span])})

    def with_hours_of(self, resource: int, windows: Hours) -> Rules:
        """Return the rules under which a resource has these hours, or follows the business if there are none."""
        rows = windows_of(_rows(windows))
        return self._with(own_hours=_put(self.timetable.own_hours, resource, rows or None))

    def with_closures(self, days: Mapping[date, str]) -> Rules:
        closures = {**days, **self.timetable.closures}
        return self._with(closures=closures, closed=frozenset(closures))

    def _with(self, **values: Any) -> Rules:
        return replace(self, timetable=replace(self.timetable, **values))


def _put(kept: Mapping[int, Any], key: int, value: Any) -> dict[int, Any]:
    """Return the same mapping with another value, or without the key where there is none."""
    return {**{pk: one for pk, one in kept.items() if pk != key}, **({} if value is None else {key: value})}


def _rows(windows: Hours) -> list[tuple[int, int, int]]:
    return [(weekday, opens, closes) for weekday, found in windows.items() for opens, closes in found]


def _dated(details: ServiceDetails) -> list[tuple[date, Sequence[tuple[int, int]]]]:
    return [(on, found) for on, found in details.dates.items() if found]

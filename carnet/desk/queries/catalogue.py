"""The catalogue as a price list: what can be had, for how much, by whom, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.dates import WEEKDAYS

from carnet.appointments.availability import Ask, next_slots
from carnet.base.money import Price
from carnet.catalogue.models import Service
from carnet.catalogue.prices import price_of
from carnet.catalogue.queries import ServiceStatus, Standing, standing, visible_services
from carnet.organisations.access import Access
from carnet.organisations.models import Member


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as a line of the price list."""

    service: Service
    standing: Standing
    price: Price
    members: Sequence[Member]

    @property
    def can_be_booked(self) -> bool:
        return self.standing.status not in (ServiceStatus.NOT_IN_USE, ServiceStatus.ENDED) and bool(self.members)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    entries: Sequence[Entry]


def _entry(access: Access, service: Service) -> Entry:
    members = [row.member for row in service.service_members.all() if row.member.active]
    members.sort(key=lambda member: (member.position, member.pk))
    return Entry(service, standing(access, service), price_of(access.organisation, service), members)


def _with_members(access: Access) -> Sequence[Service]:
    return list(visible_services(access))


def price_list(access: Access) -> tuple[list[Group], list[Entry]]:
    """Return the services in use by category, and apart those that are not."""
    groups: dict[str, list[Entry]] = {}
    rest: list[Entry] = []
    for service in _with_members(access):
        entry = _entry(access, service)
        if entry.standing.status in (ServiceStatus.NOT_IN_USE, ServiceStatus.ENDED):
            rest.append(entry)
        else:
            groups.setdefault(service.category.name if service.category else "", []).append(entry)
    # What is filed under nothing comes last, wherever the database sorts it.
    return [Group(name, groups[name]) for name in sorted(groups, key=lambda name: not name)], rest


def entry_of(access: Access, service: Service) -> Entry:
    return _entry(access, service)


def next_free_starts(access: Access, service: Service, *, limit: int = 1) -> list[datetime]:
    """Return when the service can next be had with anyone, within four weeks; instants in UTC."""
    access.require("catalogue.see")
    _known, slots = next_slots(access, [Ask(service)], access.now, days=28, limit=limit)
    return [datetime.fromtimestamp(slot.start, tz=UTC) for slot in slots]


def hours_of(service: Service) -> list[tuple[str, list[tuple[int, int]]]]:
    """Return the weekdays on which the service is offered with their windows, [] if whenever the business is open."""
    days: dict[int, list[tuple[int, int]]] = {}
    for row in service.hours.filter(weekday__isnull=False):
        days.setdefault(row.weekday or 0, []).append((row.opens, row.closes))
    return [(str(WEEKDAYS[day]), days[day]) for day in sorted(days)]

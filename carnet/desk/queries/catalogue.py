"""The catalogue as a price list: what can be had, for how much, by whom, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from carnet.appointments.availability import Ask, next_slots
from carnet.base.money import Price
from carnet.catalogue.models import Service, ServiceMember
from carnet.catalogue.queries import ServiceStatus, Standing, price_of, standing, visible_services
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling.hours import to_zone


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


def with_members(access: Access) -> Sequence[Service]:
    providers = Prefetch("service_members", ServiceMember.objects.select_related("member"))
    return list(visible_services(access).prefetch_related(providers))


def price_list(access: Access) -> tuple[list[Group], list[Entry]]:
    """Return the services in use by category, and apart those that are not."""
    groups: dict[str, list[Entry]] = {}
    rest: list[Entry] = []
    for service in with_members(access):
        entry = _entry(access, service)
        if entry.standing.status in (ServiceStatus.NOT_IN_USE, ServiceStatus.ENDED):
            rest.append(entry)
        else:
            groups.setdefault(service.category.name if service.category else "", []).append(entry)
    return [Group(name, entries) for name, entries in groups.items()], rest


def entry_of(access: Access, service: Service) -> Entry:
    return _entry(access, service)


def next_free_start(access: Access, service: Service) -> datetime | None:
    """Return when the service can next be had with anyone, in the organisation's zone, within four weeks."""
    known, slots = next_slots(access, [Ask(service)], access.now, days=28, limit=1)
    if not slots:
        return None
    return to_zone(datetime.fromtimestamp(slots[0].start, tz=access.now.tzinfo), known.question.zone)

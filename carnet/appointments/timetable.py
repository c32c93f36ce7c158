"""What the rules read besides claims, as the engine wants it; read once for each stamp of the organisation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from carnet.base.money import Price
from carnet.catalogue.models import Outage, Service, ServiceHours, ServiceMember, ServiceResource, ServiceTax
from carnet.catalogue.prices import Extra, price_of
from carnet.organisations.models import Member, Organisation
from carnet.resources.models import Closure, Hours, Resource, TimeOff
from carnet.scheduling import hours as wall
from carnet.scheduling.spans import Span, Spans, merge

#: Organisations whose timetable is kept in the memory of one process.
KEPT = 50
#: Prices that are kept with it.
MOST_PRICES = 5_000

Windows = tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
Dated = tuple[tuple[date, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True)
class Timetable:
    """An organisation's timetable under one stamp; nobody changes it once it is read."""

    zone: str
    #: Under which it was read; not a part of what it says.
    stamp: int = field(compare=False)
    business: Windows
    closures: Mapping[date, str]
    own_hours: Mapping[int, Windows]
    absent: Mapping[int, Spans]
    outages: Mapping[int, Spans]
    offered: Mapping[int, tuple[Windows, Dated]]
    members: Mapping[int, Member]
    names: Mapping[int, str]
    #: Member id -> resource id, of everyone whose time can be held.
    resource_of: Mapping[int, int]
    #: Service id -> the resources of those who provide it, in order of preference.
    providers: Mapping[int, tuple[int, ...]]
    #: Service id -> the rooms and things it needs besides.
    needs: Mapping[int, tuple[int, ...]]
    #: By id, with all that their prices depend on.
    services: Mapping[int, Service]
    closed: frozenset[date] = field(default_factory=frozenset)

    def member(self, public_id: UUID) -> Member | None:
        """Return the member of that id if her time can be held."""
        return self._members_by_id.get(public_id)

    def service(self, public_id: UUID) -> Service | None:
        """Return the service of that id unless it is deleted."""
        return self._services_by_id.get(public_id)

    def price(
        self, organisation: Organisation, service: int, minutes: int, provider: Member, extras: tuple[Extra, ...]
    ) -> Price:
        """Return what a service costs in detail, of that length and by whom; worked out once for each."""
        asked = organisation.currency, organisation.prices_include_tax, service, minutes, provider.pk, extras
        known = self._prices.get(asked)
        if known is None:
            if len(self._prices) >= MOST_PRICES:
                self._prices.clear()
            known = price_of(organisation, self.services[service], minutes, provider, extras)
            self._prices[asked] = known
        return known

    @cached_property
    def _prices(self) -> dict[tuple[Any, ...], Price]:
        return {}

    @cached_property
    def _services_by_id(self) -> dict[UUID, Service]:
        return {service.public_id: service for service in self.services.values() if service.deleted_at is None}

    @cached_property
    def _members_by_id(self) -> dict[UUID, Member]:
        return {member.public_id: member for member in self.members.values()}

    def business_open(self, first: date, last: date) -> Spans:
        return _spans(self.business, first, last, self.zone, self.closed)

    def at_work(self, resource: int, first: date, last: date) -> Spans:
        """Return when a resource is there; one without hours of its own whenever the business is open."""
        if resource not in self.own_hours:
            return self.business_open(first, last)
        return _spans(self.own_hours[resource], first, last, self.zone, frozenset())

    def offered_in(self, service: int, first: date, last: date) -> Spans | None:
        """Return when a service is offered, None if whenever the business is open."""
        if service not in self.offered:
            return None
        weekly, dated = self.offered[service]
        return _offered_spans(weekly, dated, first, last, self.zone)


@lru_cache(maxsize=500)
def _spans(windows: Windows, first: date, last: date, zone: str, closed: frozenset[date]) -> Spans:
    return wall.open_spans(dict(windows), first, last, zone, closed_on=closed)


@lru_cache(maxsize=500)
def _offered_spans(weekly: Windows, dated: Dated, first: date, last: date, zone: str) -> Spans:
    return wall.open_spans(dict(weekly), first, last, zone, dated=dict(dated))


_kept: OrderedDict[tuple[int, int], Timetable] = OrderedDict()
_keeping = Lock()


def timetable_of(organisation: Organisation, stamp: int) -> Timetable:
    """Return the timetable of the open organisation under `stamp`, from memory if it was read before."""
    key = (organisation.pk, stamp)
    with _keeping:
        known = _kept.get(key)
        if known is not None and known.zone == organisation.zone:
            _kept.move_to_end(key)
            return known
    # The stamp was read before the rows: should a change come between, they are newer than it says, never older.
    read = _read(organisation, stamp)
    with _keeping:
        _kept[key] = read
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return read


def _read(organisation: Organisation, stamp: int) -> Timetable:
    members: dict[int, Member] = {}
    names: dict[int, str] = {}
    resource_of: dict[int, int] = {}
    for resource in Resource.objects.filter(active=True).select_related("member"):
        names[resource.pk] = resource.name
        if resource.member is not None:
            names[resource.pk] = resource.member.name
            members[resource.pk] = resource.member
            resource_of[resource.member.pk] = resource.pk
    providers: dict[int, list[int]] = {}
    provided = ServiceMember.objects.filter(member__active=True).order_by("member__position", "member_id")
    for service, member in provided.values_list("service_id", "member_id"):
        if member in resource_of:
            providers.setdefault(service, []).append(resource_of[member])
    needs: dict[int, list[int]] = {}
    for service, thing in ServiceResource.objects.order_by("id").values_list("service_id", "resource_id"):
        needs.setdefault(service, []).append(thing)
    weekly: dict[int | None, list[tuple[int, int, int]]] = {}
    for hours in Hours.objects.order_by():
        weekly.setdefault(hours.resource_id, []).append((hours.weekday, hours.opens, hours.closes))
    offered: dict[int, list[tuple[int, int, int]]] = {}
    dated: dict[int, dict[date, list[tuple[int, int]]]] = {}
    for service, weekday, on, opens, closes in ServiceHours.objects.values_list(
        "service_id", "weekday", "on", "opens", "closes"
    ):
        if on is not None:
            dated.setdefault(service, {}).setdefault(on, []).append((opens, closes))
        elif weekday is not None:
            offered.setdefault(service, []).append((weekday, opens, closes))
    absent: dict[int, list[Span]] = {}
    for resource_id, starts_at, ends_at in TimeOff.objects.values_list("resource_id", "starts_at", "ends_at"):
        absent.setdefault(resource_id, []).append(Span(starts_at, ends_at))
    outages: dict[int, list[Span]] = {}
    for service, starts_at, ends_at in Outage.objects.values_list("service_id", "starts_at", "ends_at"):
        outages.setdefault(service, []).append(Span(starts_at, ends_at))
    priced = Service.objects.prefetch_related(
        Prefetch("service_taxes", ServiceTax.objects.select_related("tax")), "service_members", "length_prices"
    )
    closures = dict(Closure.objects.values_list("on", "name"))
    return Timetable(
        zone=organisation.zone,
        stamp=stamp,
        business=windows_of(weekly.get(None, ())),
        closures=closures,
        own_hours={pk: windows_of(rows) for pk, rows in weekly.items() if pk is not None},
        absent={pk: merge(spans) for pk, spans in absent.items()},
        outages={pk: merge(spans) for pk, spans in outages.items()},
        offered={
            service: (windows_of(offered.get(service, ())), dates_of(dated.get(service, {})))
            for service in offered.keys() | dated.keys()
        },
        members=members,
        names=names,
        resource_of=resource_of,
        providers={service: tuple(found) for service, found in providers.items()},
        needs={service: tuple(found) for service, found in needs.items()},
        services={service.pk: service for service in priced},
        closed=frozenset(closures),
    )


def windows_of(rows: Iterable[tuple[int, int, int]]) -> Windows:
    """Return windows as (weekday, opens, closes) in the one order in which a timetable keeps them."""
    found: dict[int, list[tuple[int, int]]] = {}
    for weekday, opens, closes in rows:
        found.setdefault(weekday, []).append((opens, closes))
    return tuple((weekday, tuple(sorted(windows))) for weekday, windows in sorted(found.items()))


def dates_of(rows: Mapping[date, Iterable[tuple[int, int]]]) -> Dated:
    return tuple((on, tuple(sorted(windows))) for on, windows in sorted(rows.items()))

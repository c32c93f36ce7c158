"""One service as its record page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils.dates import WEEKDAYS

from carnet.appointments.availability import Ask, next_slots
from carnet.appointments.models import OPEN, Appointment
from carnet.base.dates import written_date
from carnet.base.money import Price, priced
from carnet.base.periods import overlapping
from carnet.catalogue.details import hours_text
from carnet.catalogue.fields import SERVICES, may_read_prices
from carnet.catalogue.models import Outage, Picture, Service
from carnet.catalogue.prices import price_of
from carnet.catalogue.queries import ServiceStatus, Standing, standing
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling.spans import Span


@dataclass(frozen=True, slots=True)
class Rate:
    """A price beside the service's own: with whom, from which length on, or for which add-on."""

    name: str
    minutes: int
    #: None for whoever may not see prices.
    total: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday or a date, and its hours as they are written."""

    name: str
    hours: str


@dataclass(frozen=True, slots=True)
class Possible:
    """What this reader may do with the service now."""

    book: bool = False
    edit: bool = False
    clone: bool = False
    delete: bool = False
    make_available: bool = False
    take_out: bool = False

    @property
    def anything(self) -> bool:
        return self.edit or self.clone or self.delete


@dataclass(frozen=True)
class ServiceRecord:
    """A service, whole: what stands in its six sections, and whether it can be had."""

    service: Service
    standing: Standing
    #: None, and no rates, for whoever may not see prices.
    price: Price | None
    members: Sequence[Member]
    member_rates: Sequence[Rate]
    length_rates: Sequence[Rate]
    add_ons: Sequence[Rate]
    weekdays: Sequence[Day]
    dates: Sequence[Day]
    tags: Sequence[str]
    picture: Picture | None
    current: Sequence[Outage]
    planned: Sequence[Outage]
    possible: Possible


def record_of(access: Access, service: Service) -> ServiceRecord:
    """Return one service of `visible_services` as its page draws it."""
    stands = standing(access, service)
    priced = may_read_prices(access)
    rows = [row for row in service.service_members.all() if row.member.active]
    rows.sort(key=lambda row: (row.member.position, row.member_id))
    coming = sorted((one for one in service.outages.all() if one.ends_at > access.now), key=lambda one: one.starts_at)
    hours = list(service.hours.all())
    by_weekday = {row.weekday for row in hours if row.weekday is not None}
    by_date = {row.on for row in hours if row.on is not None}
    first = access.organisation.first_weekday
    may_edit = access.may("catalogue.edit")
    bookable = stands.status not in (ServiceStatus.NOT_IN_USE, ServiceStatus.ENDED) and bool(rows)
    return ServiceRecord(
        service=service,
        standing=stands,
        price=price_of(access.organisation, service) if priced else None,
        members=[row.member for row in rows],
        member_rates=[
            Rate(row.member.name, service.usual, price_of(access.organisation, service, member=row.member).total)
            for row in rows
            if row.price is not None and priced
        ],
        length_rates=[
            Rate("", row.minutes, price_of(access.organisation, service, max(row.minutes, service.shortest)).total)
            for row in service.length_prices.all()
            if priced
        ],
        add_ons=[
            Rate(one.name, one.minutes, _total(access, service, one.price) if priced else None)
            for one in service.add_ons.all()
        ],
        weekdays=[
            Day(str(WEEKDAYS[day]), hours_text([(row.opens, row.closes) for row in hours if row.weekday == day]))
            for day in sorted(by_weekday, key=lambda day: (day - first) % 7)
        ],
        dates=[
            Day(_date(on), hours_text([(row.opens, row.closes) for row in hours if row.on == on]))
            for on in sorted(by_date)
        ],
        tags=[tag.name for tag in service.tags.all()],
        picture=picture_of(service) if access.may_read_field(SERVICES, "image") else None,
        current=[one for one in coming if one.starts_at <= access.now],
        planned=[one for one in coming if one.starts_at > access.now],
        possible=Possible(
            book=bookable and access.may("appointments.book"),
            edit=may_edit,
            clone=access.may("catalogue.create"),
            delete=access.may("catalogue.delete"),
            make_available=may_edit and stands.status in (ServiceStatus.NOT_IN_USE, ServiceStatus.UNAVAILABLE),
            take_out=may_edit and service.in_use,
        ),
    )


def _total(access: Access, service: Service, amount: int) -> int:
    taxes = [(row.tax.name, row.tax.rate) for row in service.service_taxes.all()]
    organisation = access.organisation
    return priced(amount, taxes, currency=organisation.currency, included=organisation.prices_include_tax).total


def _date(on: date) -> str:
    return written_date(on, "l j F Y")


def picture_of(service: Service) -> Picture | None:
    """Return the service's image without its bytes."""
    return Picture.objects.filter(service=service).only("public_id", "width", "height").first()


def next_starts(access: Access, service: Service, limit: int = 3) -> list[datetime]:
    """Return when the service can next be had with anyone, within four weeks; instants in UTC."""
    access.require("catalogue.see")
    _known, slots = next_slots(access, [Ask(service)], access.now, days=28, limit=limit)
    return [datetime.fromtimestamp(slot.start, tz=UTC) for slot in slots]


def visits_within(access: Access, service: Service, starts_at: datetime, ends_at: datetime) -> int:
    """Return how many open visits of the service touch a period, whoever may see them: they are counted, not shown."""
    access.require("catalogue.edit")
    if ends_at <= starts_at:
        return 0
    touched = Appointment.objects.filter(
        overlapping(Span(starts_at, ends_at), "segments__"), segments__service=service, status__in=OPEN
    )
    return touched.values("pk").distinct().count()

"""The booking panel's state as it stands in the address: read leniently, so that the panel forgets nothing it knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID, uuid4

from django.http import QueryDict

from carnet.appointments.availability import Ask
from carnet.base.records import Addressable
from carnet.catalogue.models import AddOn, Service
from carnet.catalogue.prices import extra_of
from carnet.catalogue.queries import services_to_book
from carnet.customers.actions import NewAddress, NewCustomer
from carnet.customers.lookup import clean
from carnet.customers.lookup import typed as split_typed
from carnet.customers.models import Address, Customer
from carnet.customers.queries import visible_customers
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling.hours import local

STEPS = 10
TYPED = ("name", "phone", "email", "street", "postcode", "city", "access_note", "note")
RecordT = TypeVar("RecordT", bound=Addressable)


@dataclass(frozen=True)
class DraftStep:
    """One service of the visit being booked, as far as it is known."""

    service: Service | None = None
    minutes: int | None = None
    member: Member | None = None
    attendees: tuple[Member, ...] = ()
    add_ons: tuple[AddOn, ...] = ()

    @property
    def ask(self) -> Ask | None:
        if self.service is None:
            return None
        extras = tuple(extra_of(add_on) for add_on in self.add_ons)
        return Ask(self.service, self.minutes, self.member, self.attendees, extras)

    @property
    def length(self) -> int:
        """The length chosen, without add-ons."""
        return self.minutes or (self.service.usual if self.service else 0)


@dataclass(frozen=True)
class Draft:
    """A visit being booked: everything typed and chosen so far."""

    steps: tuple[DraftStep, ...] = (DraftStep(),)
    customer: Customer | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    passer_by: bool = False
    start: datetime | None = None
    day: date | None = None
    first_day: date | None = None
    place: str = ""
    address: Address | None = None
    new_address: bool = False
    street: str = ""
    postcode: str = ""
    city: str = ""
    access_note: str = ""
    note: str = ""
    now: bool = False
    again: bool = False
    public_id: UUID = field(default_factory=uuid4)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The services chosen so far, in order."""
        return tuple(step.ask for step in self.steps if step.ask is not None)

    @property
    def is_new_customer(self) -> bool:
        return self.customer is None and bool(self.name or self.phone or self.email)

    def who(self) -> Customer | NewCustomer | None:
        if self.customer is not None:
            return self.customer
        if self.is_new_customer:
            phones = (self.phone,) if self.phone else ()
            emails = (self.email,) if self.email else ()
            return NewCustomer(self.name, phones, emails)
        return None

    @property
    def typed_address(self) -> dict[str, str]:
        """The address being typed, by the names of its fields."""
        return {name: getattr(self, name) for name in ("street", "postcode", "city", "access_note")}

    def where(self) -> Address | NewAddress | None:
        if self.street:
            return NewAddress(self.street, self.postcode, self.city, access_note=self.access_note)
        return self.address


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _moment(text: str) -> datetime | None:
    # A "+" of an offset arrives as a blank when an address was typed by hand.
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None and 2000 < found.year < 2200 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_draft(access: Access, data: QueryDict) -> Draft:
    """Return what the panel's fields say; what is unknown, foreign or malformed counts as not chosen."""
    ids = {name: _uuid(data.get(name, "")) for name in ("customer", "address", "id")}
    positions = [n for n in range(STEPS) if n == 0 or data.get(f"service-{n}")]
    service_ids = {n: _uuid(data.get(f"service-{n}", "")) for n in positions}
    member_ids = {n: _uuid(data.get(f"member-{n}", "")) for n in positions}
    # What a place of the calendar or a line of the catalogue says comes last, and holds for the first service.
    member_ids[0] = _uuid(data.get("member", "")) or member_ids[0]
    said = _uuid(data.get("service", ""))
    another = said is not None and said != service_ids[0]
    service_ids[0] = said or service_ids[0]
    with_ids = {n: [_uuid(text) for text in data.getlist(f"with-{n}")] for n in positions}
    known_services = services_to_book(access).filter(public_id__in=_known(service_ids.values()))
    services = _by_id(known_services.prefetch_related("add_ons"))
    wanted = _known([*member_ids.values(), *(pk for found in with_ids.values() for pk in found)])
    members = _by_id(Member.objects.filter(public_id__in=wanted, active=True)) if wanted else {}
    steps = []
    for n in positions:
        service_id, member_id = service_ids[n], member_ids[n]
        service = services.get(service_id) if service_id else None
        minutes = None if another and n == 0 else _number(data.get(f"minutes-{n}", ""))
        if service is not None and minutes is not None and not service.shortest <= minutes <= service.longest:
            minutes = None
        steps.append(
            DraftStep(
                service=service,
                minutes=minutes,
                member=members.get(member_id) if member_id else None,
                attendees=tuple(members[pk] for pk in with_ids[n] if pk in members and pk != member_id),
                add_ons=_add_ons(service, data.getlist(f"add-on-{n}")),
            )
        )
    drop = data.get("drop", "")
    if drop.isdigit() and 0 < int(drop) < len(steps):
        del steps[int(drop)]
    if data.get("add") and steps[-1].service is not None and len(steps) < STEPS:
        # Right after, the same member first.
        steps.append(DraftStep())
    customer = None
    if ids["customer"] is not None and not data.get("other_customer"):
        customer = visible_customers(access).filter(public_id=ids["customer"]).first()
    address = None
    if customer is not None and ids["address"] is not None and access.may_read_field("customers", "address"):
        address = customer.addresses.filter(public_id=ids["address"]).first()
    start, day, first_day = _moment(data.get("start", "")), _day(data.get("day", "")), _day(data.get("from", ""))
    if page := _day(data.get("page", "")):
        start, day, first_day = None, None, page
    elif start is not None and day is not None and local(start, access.organisation.zone).date != day:
        # Another day was picked: the time of the one before is no longer meant.
        start = None
    typed = {name: clean(data.get(name, ""))[:2000] for name in TYPED}
    if created := data.get("create", ""):
        found = split_typed(created[:300])
        typed |= {"name": found.name, "phone": found.phone, "email": found.email}
    return Draft(
        steps=tuple(steps),
        customer=customer,
        name=typed["name"],
        phone=typed["phone"],
        email=typed["email"],
        passer_by=bool(data.get("passer_by")) and customer is None,
        start=start,
        day=day,
        first_day=first_day,
        place=data.get("place", "") if data.get("place", "") in ("customer", "business") else "",
        address=address,
        new_address=data.get("address") == "new",
        street=typed["street"],
        postcode=typed["postcode"],
        city=typed["city"],
        access_note=typed["access_note"],
        note=typed["note"],
        now=bool(data.get("now")),
        again=bool(data.get("again")),
        public_id=ids["id"] or uuid4(),
    )


def _add_ons(service: Service | None, chosen: list[str]) -> tuple[AddOn, ...]:
    """Return the service's own add-ons that are ticked: those of a service chosen before are forgotten."""
    if service is None:
        return ()
    return tuple(add_on for add_on in service.add_ons.all() if add_on.public_id_text in chosen)


def _known(ids: Iterable[UUID | None]) -> list[UUID]:
    return [pk for pk in ids if pk is not None]


def _by_id(rows: Iterable[RecordT]) -> dict[UUID, RecordT]:
    return {row.public_id: row for row in rows}

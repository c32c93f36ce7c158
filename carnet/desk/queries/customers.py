"""What whoever answers the phone must see of a customer, on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse

from carnet.appointments.models import Appointment, Segment, SegmentMember, Status
from carnet.catalogue.fields import may_read_prices
from carnet.catalogue.models import Service
from carnet.catalogue.prices import price_of
from carnet.customers.fields import shown
from carnet.customers.models import Address, Contact, Customer, Membership, Note, PinnedService
from carnet.organisations.access import Access
from carnet.scheduling.hours import local

#: Past visits shown before "all of them" is asked for.
PAST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """A membership and whether it still holds today."""

    membership: Membership
    expired: bool
    used_up: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as a line of the customer's screen, and the address that repeats it."""

    appointment: Appointment
    services: str
    members: str
    again: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """A service the customer has had, has booked or that was pinned: how often, when last, by whom, for how much.

    Whoever may not see the services reads name and price as they were sold, and `service` is None.
    """

    service: Service | None
    name: str
    times: int
    last: datetime | None
    member: str
    #: None for whoever may not see prices.
    price: int | None
    pinned: bool
    again: str


@dataclass(frozen=True)
class CustomerScreen:
    customer: Customer
    phones: Sequence[Contact]
    emails: Sequence[Contact]
    addresses: Sequence[Address]
    notes: Sequence[Note]
    plans: Sequence[Plan]
    chosen: Sequence[Chosen]
    coming: Sequence[Visit]
    past: Sequence[Visit]
    past_count: int = 0
    warnings: Sequence[Plan] = field(default_factory=tuple)


def plans_of(access: Access, customer: Customer) -> list[Plan]:
    """Return the customer's memberships with whether each has expired today, in the organisation's zone."""
    today = local(access.now, access.organisation.zone).date
    return [
        Plan(plan, expired=_expired(plan, today), used_up=plan.uses_left == 0)
        for plan in shown(access, customer).memberships.all()
    ]


def _expired(plan: Membership, today: date) -> bool:
    return plan.valid_until is not None and plan.valid_until < today


def visits_of(access: Access, customer: Customer) -> list[Appointment]:
    """Return all of the customer's visits that this reader may see, latest first, with what a line shows."""
    segments = Prefetch(
        "segments",
        Segment.objects.order_by("position")
        .select_related("service")
        .prefetch_related(Prefetch("segment_members", SegmentMember.objects.select_related("member"))),
    )
    found = access.visible(Appointment.objects.filter(customer=customer))
    return list(found.prefetch_related(segments).order_by("-starts_at"))


def providers_of(appointment: Appointment) -> list[str]:
    names = [
        row.member.name
        for segment in appointment.segments.all()
        for row in segment.segment_members.all()
        if row.part == SegmentMember.Part.PROVIDES
    ]
    return list(dict.fromkeys(names))


def again_address(appointment: Appointment, addresses: Sequence[Address]) -> str:
    """Return the booking panel's address with the visit's services, lengths, add-ons, members and place filled in."""
    parts: list[tuple[str, str]] = []
    if appointment.customer_id:
        assert appointment.customer is not None
        parts.append(("customer", str(appointment.customer.public_id)))
    for position, segment in enumerate(appointment.segments.all()):
        parts += [
            (f"service-{position}", str(segment.service.public_id)),
            (f"minutes-{position}", str(segment.own_minutes)),
            *((f"add-on-{position}", extra["id"]) for extra in segment.add_ons),
        ]
        for row in segment.segment_members.all():
            name = "member" if row.part == SegmentMember.Part.PROVIDES else "with"
            parts.append((f"{name}-{position}", str(row.member.public_id)))
    parts.append(("place", appointment.place))
    parts += [("address", str(known.public_id)) for known in addresses if str(known) == appointment.address][:1]
    return f"{reverse('booking')}?{urlencode([*parts, ('again', '1')])}"


def chosen_services(
    access: Access, customer: Customer, visits: Sequence[Appointment], addresses: Sequence[Address]
) -> list[Chosen]:
    """Return each service the customer had or booked, most frequent first, then those pinned by hand."""
    times: dict[int, int] = {}
    latest: dict[int, tuple[Appointment, Segment]] = {}
    for visit in visits:
        if visit.status in (Status.CANCELLED, Status.NO_SHOW):
            continue
        for segment in visit.segments.all():
            times[segment.service_id] = times.get(segment.service_id, 0) + 1
            latest.setdefault(segment.service_id, (visit, segment))
    if not access.may("catalogue.see"):
        return [_as_sold(access, *latest[pk], times[pk]) for pk in sorted(times, key=lambda pk: -times[pk])]
    pinned = set(PinnedService.objects.filter(customer=customer).values_list("service_id", flat=True))
    wanted = Service.objects.filter(pk__in=set(times) | pinned).prefetch_related("service_taxes__tax", "length_prices")
    services = {service.pk: service for service in wanted}
    found = []
    for pk in sorted(services, key=lambda pk: (-(pk in pinned), -times.get(pk, 0), services[pk].name)):
        service = services[pk]
        query: dict[str, str | list[str]] = {
            "customer": str(customer.public_id),
            "service-0": str(service.public_id),
            "again": "1",
        }
        member = ""
        if pk in latest:
            visit, segment = latest[pk]
            provider = next((row.member for row in segment.segment_members.all() if row.part == "provides"), None)
            if provider is not None:
                member = provider.name
                query["member-0"] = str(provider.public_id)
            query |= {"minutes-0": str(segment.own_minutes), "place": visit.place}
            query["add-on-0"] = [extra["id"] for extra in segment.add_ons]
            known = next((address for address in addresses if str(address) == visit.address), None)
            if known is not None:
                query["address"] = str(known.public_id)
        found.append(
            Chosen(
                service=service,
                name=service.name,
                times=times.get(pk, 0),
                last=latest[pk][0].starts_at if pk in latest else None,
                member=member,
                price=price_of(access.organisation, service).total if may_read_prices(access) else None,
                pinned=pk in pinned,
                again=f"{reverse('booking')}?{urlencode(query, doseq=True)}",
            )
        )
    return found


def _as_sold(access: Access, visit: Appointment, segment: Segment, times: int) -> Chosen:
    provided = [row.member.name for row in segment.segment_members.all() if row.part == SegmentMember.Part.PROVIDES]
    return Chosen(
        service=None,
        name=segment.service_name,
        times=times,
        last=visit.starts_at,
        member=next(iter(provided), ""),
        price=segment.total if may_read_prices(access) else None,
        pinned=False,
        again="",
    )


def customer_screen(access: Access, customer: Customer, *, everything: bool = False) -> CustomerScreen:
    """Return the customer's screen, with the last past visits or `everything`; statements do not grow with visits."""
    access.require("customers.see")
    customer = shown(access, customer)
    addresses = list(customer.addresses.all())
    visits = visits_of(access, customer)
    for visit in visits:
        visit.customer = customer
    lines = {
        visit.pk: Visit(
            visit,
            services=", ".join(segment.sold_as for segment in visit.segments.all()),
            members=", ".join(providers_of(visit)),
            again=again_address(visit, addresses),
        )
        for visit in visits
    }
    coming = [visit for visit in reversed(visits) if visit.is_open and visit.ends_at > access.now]
    coming_ids = {visit.pk for visit in coming}
    past = [visit for visit in visits if visit.pk not in coming_ids]
    contacts = list(customer.contacts.all())
    plans = plans_of(access, customer)
    return CustomerScreen(
        customer=customer,
        phones=[contact for contact in contacts if contact.kind == Contact.Kind.PHONE],
        emails=[contact for contact in contacts if contact.kind == Contact.Kind.EMAIL],
        addresses=addresses,
        notes=list(customer.notes.all()),
        plans=plans,
        chosen=chosen_services(access, customer, visits, addresses),
        coming=[lines[visit.pk] for visit in coming],
        past=[lines[visit.pk] for visit in (past if everything else past[:PAST_SHOWN])],
        past_count=len(past),
        warnings=[plan for plan in plans if plan.expired or plan.used_up],
    )

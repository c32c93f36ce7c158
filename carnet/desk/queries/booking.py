"""What the booking panel shows: services to choose from, free starts over the next days, the price in detail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from carnet.appointments.actions.book import places_of, resource_asked
from carnet.appointments.availability import Known, load, slots
from carnet.appointments.sold import sold_as
from carnet.base.money import Price
from carnet.catalogue.fields import SERVICES, may_read_prices
from carnet.catalogue.models import AddOn, Place, Service
from carnet.catalogue.prices import add_on_price, lowest_price, lowest_with, price_of
from carnet.catalogue.queries import ServiceStatus, Standing, services_to_book, standing
from carnet.customers.fields import address_shown
from carnet.customers.fields import shown as customer_shown
from carnet.customers.models import Address
from carnet.customisation.built_in import is_read
from carnet.desk.queries.customers import Plan, plans_of, visits_of
from carnet.desk.queries.draft import Draft, DraftStep
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling import hours as wall
from carnet.scheduling.slots import Slot, choose

#: Days shown at once in the strip of free starts.
STRIP = 14
_PARTS = ((0, "morning"), (12, "afternoon"), (17, "evening"))


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """A service as it is offered in the panel; one temporarily unavailable says until when."""

    service: Service
    standing: Standing
    #: The least it costs, and whether it may cost more: with somebody else, or for longer. None for whoever may not
    #: see prices.
    price: int | None
    varies: bool = False
    #: The name of its category, "" if it has none or this reader may not see it.
    category: str = ""

    @property
    def is_out(self) -> bool:
        return self.standing.status == ServiceStatus.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class MemberChoice:
    """Someone who could do it, and when she is next free; None as member is anyone."""

    member: Member | None
    next_start: datetime | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class StartChoice:
    start: datetime
    end: datetime
    members: tuple[Member, ...]
    chosen: bool
    ambiguous: bool

    @property
    def value(self) -> str:
        return self.start.isoformat()


@dataclass(frozen=True, slots=True)
class DayChoice:
    day: date
    count: int
    chosen: bool
    closed: str = ""


@dataclass(frozen=True, slots=True)
class AddOnChoice:
    """What can be had with a service; `price` is what it adds, taxes included."""

    add_on: AddOn
    price: int | None
    chosen: bool


@dataclass(frozen=True)
class StepChoice:
    """One service of the visit with what may be chosen for it."""

    position: int
    step: DraftStep
    durations: Sequence[int]
    members: Sequence[MemberChoice]
    others: Sequence[Member]
    add_ons: Sequence[AddOnChoice] = ()


@dataclass(frozen=True)
class Panel:
    """Everything the booking panel draws."""

    draft: Draft
    chosen_services: Sequence[ServiceChoice]
    other_services: Sequence[ServiceChoice]
    steps: Sequence[StepChoice]
    places: Sequence[str] = ()
    place: str = ""
    addresses: Sequence[Address] = ()
    address: Address | None = None
    days: Sequence[DayChoice] = ()
    parts: Sequence[tuple[str, Sequence[StartChoice]]] = ()
    earlier: date | None = None
    later: date | None = None
    start: StartChoice | None = None
    asked_start: datetime | None = None
    price: Price | None = None
    #: Whether it may cost more, as long as it is open who does it.
    varies: bool = False
    lines: Sequence[tuple[str, Price]] = ()
    minutes: int = 0
    warnings: Sequence[Plan] = field(default_factory=tuple)

    @property
    def can_book(self) -> bool:
        return bool(self.draft.asks)

    @property
    def at_customer(self) -> bool:
        return self.place == Place.CUSTOMER


def booking_panel(access: Access, draft: Draft) -> Panel:
    """Return the panel for what is known so far."""
    access.require("appointments.book")
    offered = []
    priced, reads_category = may_read_prices(access), is_read(access, SERVICES, "category")
    for service in services_to_book(access):
        least, varies = lowest_price(access.organisation, service)
        stands = standing(access, service)
        filed = service.category.name if service.category and reads_category else ""
        offered.append(ServiceChoice(service, stands, least.total if priced else None, varies and priced, filed))
    had = _services_had(access, draft)
    chosen = sorted((choice for choice in offered if choice.service.pk in had), key=lambda c: had[c.service.pk])
    panel = Panel(
        draft=draft,
        chosen_services=chosen,
        other_services=[choice for choice in offered if choice.service.pk not in had],
        steps=[
            StepChoice(position, step, durations(step.service), (), (), _add_ons(access, step))
            for position, step in enumerate(draft.steps)
        ],
        warnings=[plan for plan in plans_of(access, draft.customer) if plan.expired or plan.used_up]
        if draft.customer
        else (),
    )
    if not draft.asks:
        return panel
    return _with_starts(access, panel)


def _services_had(access: Access, draft: Draft) -> dict[int, int]:
    """Return the services that the customer has had, by how often, with their place in the list."""
    if draft.customer is None:
        return {}
    times: dict[int, int] = {}
    for visit in visits_of(access, draft.customer):
        for segment in visit.segments.all():
            times[segment.service_id] = times.get(segment.service_id, 0) + 1
    ordered = sorted(times, key=lambda pk: -times[pk])
    return {pk: place for place, pk in enumerate(ordered)}


def durations(service: Service | None) -> list[int]:
    """Return the lengths to choose from, in minutes, the usual one among them."""
    if service is None or not service.has_range:
        return []
    length = service.longest - service.shortest
    step = next(step for step in (5, 10, 15, 30, 60) if length // step <= 24 or step == 60)
    found = {*range(service.shortest, service.longest + 1, step), service.usual, service.longest}
    return sorted(found)


def _add_ons(access: Access, step: DraftStep) -> list[AddOnChoice]:
    if step.service is None:
        return []
    priced = may_read_prices(access)
    return [
        AddOnChoice(
            add_on,
            add_on_price(access.organisation, step.service, add_on.price).total if priced else None,
            add_on in step.add_ons,
        )
        for add_on in step.service.add_ons.all()
    ]


def _with_starts(access: Access, panel: Panel) -> Panel:
    draft, organisation = panel.draft, access.organisation
    zone = organisation.zone
    today = wall.local(access.now, zone).date
    asked_day = wall.local(draft.start, zone).date if draft.start else draft.day
    first = max(draft.first_day or today, today)
    if asked_day is not None and asked_day >= today and not first <= asked_day < first + timedelta(days=STRIP):
        first = asked_day
    last = first + timedelta(days=STRIP - 1)
    # Asked for anyone: who can take each start comes with it, so one search serves every member.
    asks = tuple(ask if position else replace(ask, member=None) for position, ask in enumerate(draft.asks))
    known, found = slots(access, asks, first, last)
    wanted = draft.steps[0].member
    mine = [slot for slot in found if wanted is None or known.resource_of.get(wanted.pk) in slot.providers]
    by_day: dict[date, list[Slot]] = {}
    for slot in mine:
        by_day.setdefault(wall.local(_instant(slot), zone).date, []).append(slot)
    shown = asked_day if asked_day is not None and first <= asked_day <= last else next(iter(by_day), first)
    starts = [_start(known, slot, draft, wanted) for slot in by_day.get(shown, [])]
    selected = next((start for start in starts if start.chosen), None)
    if selected is None and draft.again and starts and draft.start is None:
        # « Reprendre » is two clicks: the first free start stands ready.
        selected = _chosen(starts[0])
        starts[0] = selected
    prices, varies = _prices(access, draft, selected)
    places = places_of(draft.asks)
    place = draft.place if draft.place in places else (places[0] if len(places) == 1 else "")
    addresses = list(customer_shown(access, draft.customer).addresses.all()) if draft.customer else []
    priced = may_read_prices(access)
    return Panel(
        draft=draft,
        chosen_services=panel.chosen_services,
        other_services=panel.other_services,
        steps=_steps(access, panel.steps, known, found),
        places=places,
        place=place,
        addresses=addresses,
        address=address_shown(access, draft.address) or (addresses[0] if addresses and not draft.new_address else None),
        days=[
            DayChoice(day, len(by_day.get(day, [])), day == shown, known.closures.get(day, ""))
            for day in (first + timedelta(days=n) for n in range(STRIP))
        ],
        parts=_in_parts(starts),
        earlier=max(first - timedelta(days=STRIP), today) if first > today else None,
        later=first + timedelta(days=STRIP),
        start=selected,
        asked_start=draft.start if selected is None else None,
        price=sum(prices[1:], start=prices[0]) if priced else None,
        varies=varies and priced,
        lines=[
            (sold_as(ask.service.name, (extra.name for extra in ask.extras)), price)
            for ask, price in zip(draft.asks, prices, strict=True)
            if priced
        ],
        minutes=sum(ask.length for ask in draft.asks),
        warnings=panel.warnings,
    )


def _prices(access: Access, draft: Draft, selected: StartChoice | None) -> tuple[list[Price], bool]:
    """Return what each service costs, and whether it may cost more.

    With a start it is known who would do it, and so the price; without one, the least it can cost with anyone.
    """
    organisation = access.organisation
    found = []
    for ask in draft.asks:
        people = [ask.member] if ask.member else [row.member for row in ask.service.service_members.all()]
        able = [member for member in people if member.active]
        found.append(lowest_with(organisation, ask.service, ask.own_minutes, able, ask.extras))
    varies = any(more for _price, more in found)
    if varies and selected is not None:
        start = selected.start.astimezone(UTC)
        known = load(access, draft.asks, wall.day_span(selected.start.date(), organisation.zone))
        choice = choose(known.question, start, resource_asked(known, draft.asks[0].member))
        if not choice.refusals:
            return [
                price_of(organisation, ask.service, ask.own_minutes, known.members[who], ask.extras)
                for ask, who in zip(draft.asks, choice.people, strict=True)
            ], False
    return [price for price, _more in found], varies


def _instant(slot: Slot) -> datetime:
    return datetime.fromtimestamp(slot.start, tz=UTC)


def _start(known: Known, slot: Slot, draft: Draft, wanted: Member | None) -> StartChoice:
    at = _instant(slot)
    zone = known.question.zone
    return StartChoice(
        start=wall.to_zone(at, zone),
        end=wall.to_zone(at + timedelta(minutes=known.minutes), zone),
        members=(wanted,) if wanted else tuple(known.members[pk] for pk in slot.providers),
        chosen=draft.start is not None and draft.start == at,
        ambiguous=wall.is_ambiguous(at, zone),
    )


def _chosen(start: StartChoice) -> StartChoice:
    return StartChoice(start.start, start.end, start.members, True, start.ambiguous)


def _in_parts(starts: Sequence[StartChoice]) -> list[tuple[str, list[StartChoice]]]:
    """Return the starts of a day under morning, afternoon and evening."""
    parts: dict[str, list[StartChoice]] = {}
    for start in starts:
        name = [name for hour, name in _PARTS if start.start.hour >= hour][-1]
        parts.setdefault(name, []).append(start)
    return list(parts.items())


def _steps(access: Access, steps: Iterable[StepChoice], known: Known, found: Sequence[Slot]) -> list[StepChoice]:
    """Return the steps with the members who could do each; those of the first with when they are next free."""
    next_free: dict[int, datetime] = {}
    for slot in found:
        for pk in slot.providers:
            next_free.setdefault(pk, wall.to_zone(_instant(slot), known.question.zone))
    everyone = list(Member.objects.filter(active=True, resource__active=True))
    complete = []
    number = -1
    for choice in steps:
        service = choice.step.service
        if service is None:
            complete.append(choice)
            continue
        number += 1
        able = [row.member for row in service.service_members.select_related("member") if row.member.active]
        able.sort(key=lambda member: (member.position, member.pk))
        first = number == 0
        anyone = MemberChoice(
            None, min(next_free.values(), default=None) if first else None, choice.step.member is None
        )
        members = [anyone] + [
            MemberChoice(
                member,
                next_free.get(known.resource_of.get(member.pk, 0)) if first else None,
                choice.step.member is not None and choice.step.member.pk == member.pk,
            )
            for member in able
        ]
        providers = {choice.step.member.pk} if choice.step.member else set()
        others = [member for member in everyone if member.pk not in providers]
        complete.append(replace(choice, members=members, others=others))
    return complete

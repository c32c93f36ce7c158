"""Availability: loads what the rules read, and asks the engine.

Listing and booking go through the same question, so what is offered can be booked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from carnet.appointments.held import held_within
from carnet.appointments.models import Appointment
from carnet.appointments.timetable import Timetable, timetable_of
from carnet.catalogue.models import Service
from carnet.catalogue.prices import Extra
from carnet.organisations.access import Access
from carnet.organisations.models import Member, Organisation
from carnet.resources.models import Resource
from carnet.resources.timetable import timetable_now
from carnet.scheduling import hours as wall
from carnet.scheduling.question import Offer, Person, Question, Step
from carnet.scheduling.slots import Slot, free_starts
from carnet.scheduling.spans import Span


@dataclass(frozen=True, slots=True)
class Ask:
    """One service asked for: how long (its usual length if not said), by whom (anyone if not said), with what else."""

    service: Service
    #: Without what is added to it.
    minutes: int | None = None
    member: Member | None = None
    attendees: tuple[Member, ...] = ()
    extras: tuple[Extra, ...] = ()
    #: Whether this length was promised before: it stands, although the service may have another range by now.
    promised: bool = False
    #: Minutes kept free before and after, where they are held already; else those of the service.
    buffers: tuple[int, int] | None = None
    #: What it was called when it was sold, if it has been: what a visit is called, whatever the catalogue says by now.
    sold_as: str = ""

    @property
    def name(self) -> str:
        return self.sold_as or self.service.name

    @property
    def own_minutes(self) -> int:
        return self.minutes or self.service.usual

    @property
    def added_minutes(self) -> int:
        return sum(extra.minutes for extra in self.extras)

    @property
    def length(self) -> int:
        return self.own_minutes + self.added_minutes

    @property
    def before(self) -> int:
        return self.buffers[0] if self.buffers else self.service.before

    @property
    def after(self) -> int:
        return self.buffers[1] if self.buffers else self.service.after

    @property
    def range(self) -> tuple[int, int]:
        """The shortest and the longest that the whole may last."""
        shortest, longest = self.service.shortest, self.service.longest
        if self.promised:
            shortest, longest = min(shortest, self.own_minutes), max(longest, self.own_minutes)
        return shortest + self.added_minutes, longest + self.added_minutes


def resources_concerned(asks: Sequence[Ask]) -> QuerySet[Resource]:
    """Return all that these asks could hold: the member asked for or every candidate, attendees, rooms."""
    concerned = Q()
    for ask in asks:
        wanted = Q(member=ask.member) if ask.member else Q(member__service_members__service=ask.service)
        concerned |= wanted | Q(member__in=ask.attendees) | Q(service_resources__service=ask.service)
    return Resource.objects.filter(concerned)


@dataclass(frozen=True)
class Known:
    """The engine's question with the names that its answers are told in."""

    question: Question
    asks: tuple[Ask, ...]
    timetable: Timetable
    organisation: Organisation

    @property
    def minutes(self) -> int:
        return sum(ask.length for ask in self.asks)

    @property
    def members(self) -> Mapping[int, Member]:
        return self.timetable.members

    @property
    def resources(self) -> Mapping[int, str]:
        return self.timetable.names

    @property
    def closures(self) -> Mapping[date, str]:
        return self.timetable.closures

    @property
    def resource_of(self) -> Mapping[int, int]:
        return self.timetable.resource_of


def load(
    access: Access,
    asks: Sequence[Ask],
    within: Span,
    *,
    ignoring: Appointment | None = None,
    recording: bool = False,
    fresh: bool = False,
    searching: bool = False,
) -> Known:
    """Read what is to be known to answer about starts in `within`: one statement, once the timetable is known.

    `ignoring` leaves out the claims of a visit that is being moved; `recording` allows the past; `fresh`, for those
    who hold the locks, asks the database whether the timetable has changed since this access began. `searching` is
    enough for free starts: what explains a refusal, or chooses among several people, is left out.
    """
    organisation = access.organisation
    zone = organisation.zone
    length = timedelta(minutes=sum(ask.length + ask.before + ask.after for ask in asks))
    reach = Span(within.start - timedelta(days=1), within.end + length + timedelta(days=1))
    first, last = wall.local(reach.start, zone).date, wall.local(reach.end, zone).date
    stamp = timetable_now(organisation) if fresh else organisation.timetable
    timetable = timetable_of(organisation, stamp)
    if fresh:
        # Under the locks a service counts as it is now, not as it was when it was chosen.
        asks = [replace(ask, service=timetable.services.get(ask.service.pk, ask.service)) for ask in asks]

    steps = tuple(step_of(timetable, organisation, ask, first, last) for ask in asks)
    involved = dict.fromkeys(pk for step in steps for pk in (*step.providers, *step.attendees))
    for ask in asks:
        if ask.member is not None and ask.member.pk in timetable.resource_of:
            involved[timetable.resource_of[ask.member.pk]] = None
    # A refusal also tells when the person is free again, so it looks around; a search does not.
    claimed = Span(within.start - length, within.end + length) if searching else reach
    busy = held_within(tuple(involved), claimed, ignoring)
    question = Question(
        now=access.now,
        zone=zone,
        business=timetable.business_open(first, last),
        people={
            pk: Person(
                id=pk,
                at_work=timetable.at_work(pk, first, last),
                absent=timetable.absent.get(pk, ()),
                busy=busy.get(pk, ()),
            )
            for pk in involved
        },
        steps=steps,
        grid=organisation.grid,
        load={} if searching else _load(busy, within),
        allow_past=recording,
    )
    return Known(question, tuple(asks), timetable, organisation)


def step_of(timetable: Timetable, organisation: Organisation, ask: Ask, first: date, last: date) -> Step:
    """Return one service asked for as the engine is told of it; its hours are those of `first` to `last`."""
    service = ask.service
    able = timetable.providers.get(service.pk, ())
    if ask.member is not None:
        asked = timetable.resource_of.get(ask.member.pk)
        able = tuple(pk for pk in able if pk == asked)
    attendees = [timetable.resource_of[who.pk] for who in ask.attendees if who.pk in timetable.resource_of]
    zone = organisation.zone
    return Step(
        offer=Offer(
            id=service.pk,
            in_use=service.in_use and service.deleted_at is None,
            hours=timetable.offered_in(service.pk, first, last),
            starts=wall.day_span(service.offered_from, zone).start if service.offered_from else None,
            ends=wall.day_span(service.offered_until, zone).end if service.offered_until else None,
            outages=timetable.outages.get(service.pk, ()),
            shortest=ask.range[0],
            longest=ask.range[1],
        ),
        minutes=ask.length,
        before=ask.before,
        after=ask.after,
        providers=able,
        attendees=(*attendees, *timetable.needs.get(service.pk, ())),
    )


def _load(busy: Mapping[int, list[tuple[int, int]]], within: Span) -> dict[int, int]:
    """Return the minutes each resource is held inside the span: who has least is chosen for "anyone"."""
    start, end = int(within.start.timestamp()), int(within.end.timestamp())
    return {
        pk: sum(max(0, min(until, end) - max(since, start)) for since, until in pairs) // 60
        for pk, pairs in busy.items()
    }


def slots(
    access: Access,
    asks: Sequence[Ask],
    first: date,
    last: date,
    *,
    ignoring: Appointment | None = None,
) -> tuple[Known, list[Slot]]:
    """Return the free starts from `first` to `last`, both included, in the organisation's zone."""
    zone = access.organisation.zone
    within = Span(wall.day_span(first, zone).start, wall.day_span(last, zone).end)
    known = load(access, asks, within, ignoring=ignoring, searching=True)
    return known, free_starts(known.question, within)


def next_slots(
    access: Access,
    asks: Sequence[Ask],
    after: datetime,
    *,
    days: int = 14,
    limit: int = 6,
    ignoring: Appointment | None = None,
) -> tuple[Known, list[Slot]]:
    """Return the first `limit` free starts from `after` on, within `days` days: what to offer instead."""
    start = max(after, access.now)
    # Mostly there are enough within two days, and reading all of them for a handful would be dear.
    for span in (Span(start, start + timedelta(days=some)) for some in sorted({min(2, days), days})):
        known = load(access, asks, span, ignoring=ignoring, searching=True)
        found = free_starts(known.question, span)
        if len(found) >= limit:
            break
    return known, found[:limit]

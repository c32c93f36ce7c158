"""Availability: loads what the rules read, in a fixed number of statements, and asks the engine.

Listing and booking go through the same question, so what is offered can be booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import F, Func, Q, TextField, Value

from carnet.appointments.models import Appointment, Claim
from carnet.base.periods import overlapping
from carnet.catalogue.models import Outage, Service, ServiceHours, ServiceMember, ServiceResource
from carnet.organisations.access import Access
from carnet.organisations.models import Member, Organisation
from carnet.resources.models import Closure, Hours, Resource, TimeOff
from carnet.scheduling import hours as wall
from carnet.scheduling.question import Offer, Person, Question, Step
from carnet.scheduling.slots import Slot, free_starts
from carnet.scheduling.spans import Span, Spans, merge


@dataclass(frozen=True, slots=True)
class Ask:
    """One service asked for: how long (its usual length if not said), by whom (anyone if not said), with whom else."""

    service: Service
    minutes: int | None = None
    member: Member | None = None
    attendees: tuple[Member, ...] = ()

    @property
    def length(self) -> int:
        return self.minutes or self.service.usual


def resources_concerned(asks: Sequence[Ask]) -> set[int]:
    """Return the ids of all that these asks could hold: the member asked for or every candidate, attendees, rooms."""
    concerned = Q()
    for ask in asks:
        wanted = Q(member=ask.member) if ask.member else Q(member__service_members__service=ask.service)
        concerned |= wanted | Q(member__in=ask.attendees) | Q(service_resources__service=ask.service)
    return set(Resource.objects.filter(concerned).values_list("pk", flat=True))


@dataclass(frozen=True)
class Known:
    """The engine's question with the names that its answers are told in."""

    question: Question
    asks: tuple[Ask, ...]
    members: Mapping[int, Member]
    resources: Mapping[int, str]
    closures: Mapping[date, str]
    organisation: Organisation
    resource_of: Mapping[int, int] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        return sum(ask.length for ask in self.asks)


class Seconds(Func):
    """An instant as epoch seconds, read without building a datetime for each of thousands of rows; see `seconds`."""

    template = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS bigint)"
    # Of no type that Django would convert row by row.
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # SQLite keeps instants as text; the texts repeat, so a cache here is cheaper than strftime there. Joined to
        # nothing, the column is no longer one that the driver parses into a datetime.
        return self.as_sql(compiler, connection, template="(%(expressions)s || '')", **context)


@lru_cache(maxsize=20_000)
def _seconds_of_text(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def seconds(value: int | str) -> int:
    return value if isinstance(value, int) else _seconds_of_text(value)


def candidates(asks: Sequence[Ask]) -> tuple[dict[int, Member], dict[int, dict[int, int]]]:
    """Return who may provide: resource id -> member; service id -> {member id: resource id}, preferred first."""
    rows = (
        ServiceMember.objects.filter(
            service__in={ask.service.pk for ask in asks}, member__active=True, member__resource__active=True
        )
        .select_related("member")
        .annotate(resource=F("member__resource__id"))
        .order_by("member__position", "member_id")
    )
    members: dict[int, Member] = {}
    providers: dict[int, dict[int, int]] = {}
    for row in rows:
        members[row.resource] = row.member
        providers.setdefault(row.service_id, {})[row.member_id] = row.resource
    return members, providers


def load(
    access: Access, asks: Sequence[Ask], within: Span, *, ignoring: Appointment | None = None, recording: bool = False
) -> Known:
    """Read what is to be known to answer about starts in `within`: at most six statements, whatever the history.

    `ignoring` leaves out the claims of a visit that is being moved; `recording` allows the past.
    """
    organisation = access.organisation
    zone = organisation.zone
    length = timedelta(minutes=sum(ask.length + ask.service.before + ask.service.after for ask in asks))
    reach = Span(within.start - timedelta(days=1), within.end + length + timedelta(days=1))
    first, last = wall.local(reach.start, zone).date, wall.local(reach.end, zone).date

    members, providers = candidates(asks)
    service_ids = {ask.service.pk for ask in asks}
    others = [member for ask in asks for member in ask.attendees]
    rooms: dict[int, list[int]] = {}
    names = {pk: member.name for pk, member in members.items()}
    resource_of = {member.pk: pk for pk, member in members.items()}
    if others or any(ask.service for ask in asks):
        extra = Resource.objects.filter(
            Q(member__in=others) | Q(pk__in=ServiceResource.objects.filter(service__in=service_ids).values("resource"))
        ).prefetch_related("service_resources")
        for resource in extra:
            names[resource.pk] = resource.name
            if resource.member_id:
                resource_of[resource.member_id] = resource.pk
            for needed in resource.service_resources.all():
                rooms.setdefault(needed.service_id, []).append(resource.pk)

    weekly, offered_weekly, offered_dates = _hours(service_ids, names)
    closures, absent, outages = _periods(service_ids, names, reach, first, last)
    busy = _busy(names, reach, ignoring)

    business = wall.open_spans(_windows(weekly.get(None, ())), first, last, zone, closed_on=frozenset(closures))
    people = {
        pk: Person(
            id=pk,
            at_work=wall.open_spans(_windows(weekly[pk]), first, last, zone) if pk in weekly else business,
            absent=merge(absent.get(pk, ())),
            busy=busy.get(pk, ()),
        )
        for pk in names
    }
    steps = tuple(
        Step(
            offer=_offer(organisation, ask.service, offered_weekly, offered_dates, outages, first, last),
            minutes=ask.length,
            before=ask.service.before,
            after=ask.service.after,
            providers=tuple(
                pk
                for member_id, pk in providers.get(ask.service.pk, {}).items()
                if ask.member is None or ask.member.pk == member_id
            ),
            attendees=tuple(
                [resource_of[member.pk] for member in ask.attendees if member.pk in resource_of]
                + rooms.get(ask.service.pk, [])
            ),
        )
        for ask in asks
    )
    question = Question(
        now=access.now,
        zone=zone,
        business=business,
        people=people,
        steps=steps,
        grid=organisation.grid,
        load=_load(busy, within),
        allow_past=recording,
    )
    return Known(question, tuple(asks), members, names, closures, organisation, resource_of)


def _windows(rows: Iterable[tuple[int, int, int]]) -> dict[int, tuple[tuple[int, int], ...]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for weekday, opens, closes in rows:
        found.setdefault(weekday, []).append((opens, closes))
    return {weekday: tuple(sorted(windows)) for weekday, windows in found.items()}


def _hours(service_ids: set[int], resources: Iterable[int]) -> tuple[Any, Any, Any]:
    """Return the weekly rows of business and resources, and those of services by weekday and by date: one statement."""
    columns = ("kind", "of", "weekday", "on_day", "opens", "closes")
    own = (
        Hours.objects.filter(Q(resource__isnull=True) | Q(resource__in=list(resources)))
        .annotate(kind=Value("own", TextField()), of=F("resource_id"), on_day=Value(None, TextField()))
        .order_by()
    )
    offered = (
        ServiceHours.objects.filter(service__in=service_ids)
        .annotate(kind=Value("offered", TextField()), of=F("service_id"), on_day=_text(F("on")))
        .order_by()
    )
    weekly: dict[int | None, list[tuple[int, int, int]]] = {}
    offered_weekly: dict[int, list[tuple[int, int, int]]] = {}
    offered_dates: dict[int, dict[date, list[tuple[int, int]]]] = {}
    rows = own.values_list(*columns).union(offered.values_list(*columns), all=True)
    for kind, of, weekday, on, opens, closes in rows:
        if kind == "own":
            weekly.setdefault(of, []).append((weekday, opens, closes))
        elif on is None:
            offered_weekly.setdefault(of, []).append((weekday, opens, closes))
        else:
            offered_dates.setdefault(of, {}).setdefault(date.fromisoformat(on), []).append((opens, closes))
    return weekly, offered_weekly, offered_dates


def _text(expression: Any) -> Func:
    return Func(expression, template="CAST(%(expressions)s AS text)", output_field=TextField())


def _periods(
    service_ids: set[int], resources: Iterable[int], reach: Span, first: date, last: date
) -> tuple[dict[date, str], dict[int, list[Span]], dict[int, list[Span]]]:
    """Return closures, time off by resource and outages by service that reach into the span: two statements."""
    closures = dict(Closure.objects.filter(on__range=(first, last)).values_list("on", "name"))
    columns = ("kind", "of", "starts_at", "ends_at")
    during = Q(starts_at__lt=reach.end, ends_at__gt=reach.start)
    off = (
        TimeOff.objects.filter(during, resource__in=list(resources))
        .annotate(kind=Value("off", TextField()), of=F("resource_id"))
        .order_by()
    )
    out = (
        Outage.objects.filter(during, service__in=service_ids)
        .annotate(kind=Value("out", TextField()), of=F("service_id"))
        .order_by()
    )
    absent: dict[int, list[Span]] = {}
    outages: dict[int, list[Span]] = {}
    for kind, of, starts_at, ends_at in off.values_list(*columns).union(out.values_list(*columns), all=True):
        (absent if kind == "off" else outages).setdefault(of, []).append(Span(starts_at, ends_at))
    return closures, absent, outages


def _busy(resources: Iterable[int], reach: Span, ignoring: Appointment | None) -> dict[int, list[tuple[int, int]]]:
    claims = Claim.objects.filter(overlapping(reach), active=True, resource__in=list(resources))
    if ignoring is not None:
        claims = claims.exclude(segment__appointment=ignoring)
    busy: dict[int, list[tuple[int, int]]] = {}
    rows = claims.order_by().values_list("resource_id", Seconds("starts_at"), Seconds("ends_at"))
    for resource, starts, ends in rows.iterator(chunk_size=5000):
        busy.setdefault(resource, []).append((seconds(starts), seconds(ends)))
    return busy


def _load(busy: Mapping[int, list[tuple[int, int]]], within: Span) -> dict[int, int]:
    """Return the minutes each resource is held inside the span: who has least is chosen for "anyone"."""
    start, end = int(within.start.timestamp()), int(within.end.timestamp())
    return {
        pk: sum(max(0, min(until, end) - max(since, start)) for since, until in pairs) // 60
        for pk, pairs in busy.items()
    }


def _offer(
    organisation: Organisation,
    service: Service,
    weekly: Mapping[int, Sequence[tuple[int, int, int]]],
    dates: Mapping[int, Mapping[date, Sequence[tuple[int, int]]]],
    outages: Mapping[int, Sequence[Span]],
    first: date,
    last: date,
) -> Offer:
    hours: Spans | None = None
    if service.pk in weekly or service.pk in dates:
        dated = {on: tuple(windows) for on, windows in dates.get(service.pk, {}).items()}
        hours = wall.open_spans(_windows(weekly.get(service.pk, ())), first, last, organisation.zone, dated=dated)
    zone = organisation.zone
    period_start = wall.day_span(service.offered_from, zone).start if service.offered_from else None
    period_end = wall.day_span(service.offered_until, zone).end if service.offered_until else None
    return Offer(
        id=service.pk,
        in_use=service.in_use and service.deleted_at is None,
        hours=hours,
        starts=period_start,
        ends=period_end,
        outages=merge(outages.get(service.pk, ())),
        shortest=service.shortest,
        longest=service.longest,
    )


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
    known = load(access, asks, within, ignoring=ignoring)
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
    known = load(access, asks, Span(start, start + timedelta(days=days)), ignoring=ignoring)
    return known, free_starts(known.question, Span(start, start + timedelta(days=days)))[:limit]


def narrowed(known: Known, provider: int) -> Question:
    """Return the question with the first step's provider fixed to the resource `provider`."""
    first, *rest = known.question.steps
    chosen = tuple(pk for pk in first.providers if pk == provider)
    return replace(known.question, steps=(replace(first, providers=chosen), *rest))

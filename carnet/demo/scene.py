"""The scene at the moment somebody looks: visits finished, under way and to come, two to close, a place still free.

Nothing is pretended. What can be so at this hour is made so, by closing visits whose time has passed, starting those
whose time has come, and booking or cancelling one where it lacks. Before opening, two of the day's first visits are
begun early, as the product allows on the day itself, and one of them is done. After closing time, and on days on which
the business does not open, nobody is served: what remains is the next open day, with its visits and a free place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta

from carnet.appointments.actions import Booking, cancel_appointment
from carnet.appointments.availability import Ask, load, next_slots
from carnet.appointments.models import Appointment, Reason, Status
from carnet.catalogue.models import Place, Service
from carnet.catalogue.queries import services_to_book
from carnet.customers.models import Customer
from carnet.demo import visits
from carnet.demo.crew import Crew, dice, id_of
from carnet.demo.models import WrittenDay
from carnet.demo.writing import end_visits, nothing, today, write_day
from carnet.resources.models import Closure
from carnet.resources.queries import business_open
from carnet.scheduling import hours as wall
from carnet.scheduling.seconds import at_seconds
from carnet.scheduling.slots import choose
from carnet.scheduling.spans import Span

#: How many past visits are left for the visitor to close.
LEFT = 2
#: With fewer visits behind it, the day of today keeps them all finished, and the two are those of the day before.
MANY = 4
#: A place is free at the latest so long from now.
SOON = timedelta(hours=2)
STEP = timedelta(minutes=5)


def set_scene(crew: Crew, now: datetime, rest: Callable[[], None] = nothing) -> None:
    """Write what today still lacks, and bring it to the state it has at `now`."""
    this_day = today(crew, now)
    if not WrittenDay.objects.filter(on=this_day).exists():
        write_day(crew, this_day, now, rest)
    end_what_is_over(crew, now, rest)
    opening = open_now(crew, now)
    if opening is not None:
        start_what_is_due(crew, now)
        if not _is_any(crew, this_day, Status.IN_PROGRESS):
            _serve_walk_in(crew, now, opening)
        if not _is_any(crew, this_day, Status.COMPLETED):
            _serve_before(crew, now, opening)
        if not _is_any(crew, this_day, Status.COMPLETED):
            _finish_early(crew, now)
        _make_room(crew, now, opening)
        if not any(visit.starts_at > now for visit in _scheduled(crew, this_day)):
            _promise_one(crew, now)
    elif not any(visits.is_begun(visit) for visit in visits.visits_on(crew, this_day)):
        _begin_early(crew, now)
    leave_a_place(crew, now)


def _begin_early(crew: Crew, now: datetime) -> None:
    """Before opening, let two of the first visits of the day have begun already, and one of them be done."""
    _finish_early(crew, now)
    for visit in _could_begin(crew, now)[:1]:
        visits.start(crew, visit, _earlier_today(crew, now, timedelta(minutes=10)))


def _finish_early(crew: Crew, now: datetime) -> None:
    """Let one of the coming visits have begun early, and be done."""
    for visit in _could_begin(crew, now)[:1]:
        begun = visits.start(crew, visit, _earlier_today(crew, now, timedelta(minutes=35)))
        visits.end(crew, begun, _earlier_today(crew, now, STEP), as_planned=True)


def _could_begin(crew: Crew, now: datetime) -> list[Appointment]:
    """Return the next visits of who has nobody to serve now, as long as most of the day is still to come."""
    this_day = today(crew, now)
    of_day = visits.visits_on(crew, this_day)
    busy = {visits.provider_of(crew, visit).pk for visit in of_day if visit.status == Status.IN_PROGRESS}
    coming = sorted((visit for visit in _scheduled(crew, this_day) if visit.starts_at > now), key=_by_start)
    if len(coming) < MANY:
        return []
    return [visit for visit in coming if visits.provider_of(crew, visit).pk not in busy]


def _by_start(visit: Appointment) -> tuple[datetime, int]:
    return visit.starts_at, visit.pk


def _earlier_today(crew: Crew, now: datetime, ago: timedelta) -> datetime:
    """Return that long ago, or when the business opened or else the day began, if that is later."""
    opening = open_now(crew, now)
    midnight = wall.day_span(today(crew, now), crew.organisation.zone).start
    return max(now - ago, opening.start if opening else midnight)


def open_now(crew: Crew, now: datetime) -> Span | None:
    """Return the opening of the business that `now` lies in."""
    this_day = today(crew, now)
    spans = business_open(crew.organisation, this_day - timedelta(days=1), this_day)
    return next((span for span in spans if span.contains(now)), None)


def end_what_is_over(crew: Crew, now: datetime, rest: Callable[[], None] = nothing) -> None:
    """Close what has passed, but for the two that are left; those of an earlier visit of the demo are closed too."""
    this_day = today(crew, now)
    earlier = left_day(crew, now)
    over = [visit for visit in visits.visits_on(crew, this_day) if visit.ends_at <= now]
    waiting = [visit for visit in over if visits.is_open(visit)]
    if earlier is None:
        waiting = waiting[:-LEFT]
    end_visits(crew, waiting, now, rest)
    left = set(WrittenDay.objects.filter(state=WrittenDay.State.LEFT).values_list("on", flat=True))
    for day in left - {earlier}:
        write_day(crew, day, now, rest)
    if earlier is not None and earlier not in left:
        write_day(crew, earlier, now, rest, leave=LEFT)


def left_day(crew: Crew, now: datetime) -> date | None:
    """Return the past day whose last two visits are left to close, None if they are today's."""
    this_day = today(crew, now)
    over = [visit for visit in visits.visits_on(crew, this_day) if visit.ends_at <= now]
    if len(over) >= MANY:
        return None
    days = (this_day - timedelta(days=n) for n in range(1, 31))
    closed = set(
        Closure.objects.filter(on__range=(this_day - timedelta(days=30), this_day)).values_list("on", flat=True)
    )
    return next((day for day in days if crew.plan.hours.get(day.weekday()) and day not in closed), None)


def start_what_is_due(crew: Crew, now: datetime) -> None:
    """Start the visits whose time has come; one that has only just begun waits for its provider, if it is not alone."""
    due = [visit for visit in _scheduled(crew, today(crew, now)) if visit.starts_at <= now < visit.ends_at]
    begun = [visit for visit in due if visit.starts_at <= now - STEP]
    for visit in begun or due[:1]:
        visits.start(crew, visit, now)


def _is_any(crew: Crew, day: date, status: Status) -> bool:
    return any(visit.status == status for visit in visits.visits_on(crew, day))


def _scheduled(crew: Crew, day: date) -> list[Appointment]:
    return [visit for visit in visits.visits_on(crew, day) if visit.status == Status.SCHEDULED]


def _serve_walk_in(crew: Crew, now: datetime, opening: Span) -> None:
    """Let somebody have come in a while ago, and be served now."""
    for ask in _short_asks(crew, now):
        ends = timedelta(minutes=ask.length)
        starts = [at for at in _steps_back(now) if max(opening.start, now - ends) <= at and at + ends > now]
        # Neither just come nor nearly done, if it can be had.
        middle = now - ends / 2
        visit = _book_at_once(crew, ask, sorted(starts, key=lambda at: abs(at - middle)))
        if visit is not None:
            visits.start(crew, visit, now)
            return


def _serve_before(crew: Crew, now: datetime, opening: Span) -> None:
    """Let one visit be finished, if the day is old enough for its shortest."""
    for ask in _short_asks(crew, now):
        ends = timedelta(minutes=ask.length)
        starts = [at for at in _steps_back(now) if opening.start <= at and at + ends <= now]
        visit = _book_at_once(crew, ask, starts)
        if visit is not None:
            visits.end(crew, visit, now, as_planned=True)
            return


def _make_room(crew: Crew, now: datetime, opening: Span) -> None:
    """Let one of several visits be done early, if everybody is busy to the end of the day and it is not yet near."""
    busy = [visit for visit in visits.visits_on(crew, today(crew, now)) if visit.status == Status.IN_PROGRESS]
    if len(busy) < 2 or opening.end - now < timedelta(minutes=30):
        return
    if not any(_has_start(crew, ask, now, now, within=opening.end - now) for ask in _short_asks(crew, now)):
        visits.end(crew, busy[-1], now, as_planned=True)


def _promise_one(crew: Crew, now: datetime) -> None:
    """Let somebody come later today, if anybody still can."""
    end_of_day = wall.day_span(today(crew, now), crew.organisation.zone).end
    for ask in _short_asks(crew, now):
        access = crew.front_desk(now)
        _known, slots = next_slots(access, [ask], now + STEP, days=1, limit=1)
        if (
            slots
            and at_seconds(slots[0].start) < end_of_day
            and _book_at_once(crew, ask, [at_seconds(slots[0].start)], now)
        ):
            return


def leave_a_place(crew: Crew, now: datetime) -> None:
    """Let a place be free within two hours of now or of the next opening: whoever holds the last one cancels."""
    opening = open_now(crew, now)
    this_day = today(crew, now)
    after = now
    if opening is None or opening.end - now < timedelta(minutes=30):
        spans = business_open(crew.organisation, this_day, this_day + timedelta(days=30))
        after = next((span.start for span in spans if span.start > now), now)
    asks = list(_short_asks(crew, now))
    for _attempt in range(6):
        if any(_has_start(crew, ask, after, now) for ask in asks):
            return
        held = [
            visit
            for visit in _scheduled(crew, today(crew, after))
            if max(after, now) <= visit.starts_at <= after + SOON
        ]
        if not held:
            return
        cancel_appointment(crew.front_desk(now), held[0], reason=Reason.CUSTOMER, note="Empêchement.")


def _has_start(crew: Crew, ask: Ask, after: datetime, now: datetime, within: timedelta = SOON) -> bool:
    _known, slots = next_slots(crew.front_desk(now), [ask], after, days=1, limit=1)
    return bool(slots) and at_seconds(slots[0].start) <= after + within


def _short_asks(crew: Crew, now: datetime) -> Iterator[Ask]:
    """Yield what can be had now, the shortest first."""
    for service in sorted(services_to_book(crew.front_desk(now)), key=lambda one: (one.usual, one.pk)):
        yield Ask(service)


def _steps_back(now: datetime) -> list[datetime]:
    """Return the times of the last hours on which a visit may have begun, the latest first."""
    last = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % STEP
    return [last - n * STEP for n in range(60)]


def _book_at_once(
    crew: Crew, ask: Ask, starts: Sequence[datetime], booked_at: datetime | None = None
) -> Appointment | None:
    """Book the first of `starts` at which anyone can, at that very moment unless `booked_at` says when."""
    for start in starts:
        access = crew.front_desk(booked_at or start)
        day = wall.day_span(wall.local(start, crew.organisation.zone).date, crew.organisation.zone)
        if choose(load(access, [ask], day).question, start).refusals:
            continue
        place = visits.place_of([ask.service])
        booking = Booking(
            asks=(ask,),
            start=start,
            customer=_somebody(crew, start) if place or _goes_out(ask.service) else None,
            place=place,
            public_id=id_of(crew.plan, "scene", start.isoformat()),
        )
        visit = visits.attempt(crew, booking, booked_at or start)
        if visit is not None:
            return visit
    return None


def _goes_out(service: Service) -> bool:
    return service.place == Place.CUSTOMER


def _somebody(crew: Crew, start: datetime) -> Customer | None:
    number = dice(crew.plan.slug, "walk-in", start).randrange(crew.plan.clientele.count)
    return Customer.objects.filter(public_id=id_of(crew.plan, "customer", number)).first()

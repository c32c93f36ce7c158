"""The day: who is at work when, what they have promised, and what is still free.

Read in a fixed number of statements, whatever the members and visits, and returned as plain values: where each thing
lies is a row of five minutes, counted in elapsed time, so that days of 23 and 25 hours need no care from whoever draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, cast
from uuid import UUID

from django.db.models import BooleanField, Exists, F, OuterRef, QuerySet, Value

from carnet.appointments.models import Appointment, Claim, Status
from carnet.base.errors import ModuleOff, NotPermitted
from carnet.base.periods import overlapping
from carnet.catalogue.models import Place, ServiceMember
from carnet.organisations.access import Access
from carnet.organisations.models import Profile
from carnet.resources.models import Closure, Hours, Resource, TimeOff
from carnet.resources.queries import Windows, weekly
from carnet.scheduling import hours as wall
from carnet.scheduling.seconds import at_seconds, ceil_seconds
from carnet.scheduling.spans import Span, Spans, complement, intersect, merge, subtract
from carnet.scheduling.spans import overlapping as reaching

ROW = timedelta(minutes=5)
#: How far to look for a day on which the business opens.
AHEAD = timedelta(days=60)
#: States that "to close" replaces once the visit's time has passed.
_UNFINISHED = (Status.REQUESTED, Status.SCHEDULED, Status.IN_PROGRESS)


class Placed:
    """Something that lies in a column; `classes` are those that place it on the grid."""

    __slots__ = ()
    row: int
    rows: int

    @property
    def classes(self) -> str:
        return f"row-{self.row} rows-{self.rows}"


@dataclass(frozen=True, slots=True)
class Visit(Placed):
    """A visit in one member's column, with its wall times; one the reader may not see is `busy` and nothing else."""

    row: int
    rows: int
    starts_at: datetime
    ends_at: datetime
    state: str
    id: UUID | None = None
    customer: str = ""
    services: tuple[str, ...] = ()
    hue: int = 1
    at_customer: bool = False
    address: str = ""
    begins: str = ""
    finishes: str = ""
    kind: ClassVar = "visit"


@dataclass(frozen=True, slots=True)
class Free(Placed):
    """A stretch in which a member can be booked, from its first start on the grid."""

    row: int
    rows: int
    starts_at: datetime
    ends_at: datetime
    #: Wall times, "09:30", and the first start as an address carries it.
    begins: str = ""
    finishes: str = ""
    start: str = ""
    kind: ClassVar = "free"

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Closed(Placed):
    """A stretch in which a member is not at work; `away` within the hours, `reason` for those who may know it."""

    row: int
    rows: int
    starts_at: datetime
    ends_at: datetime
    away: bool = False
    reason: str = ""
    kind: ClassVar = "closed"


@dataclass(frozen=True, slots=True)
class Column:
    """One member's day."""

    member: UUID
    name: str
    visits: tuple[Visit, ...] = ()
    free: tuple[Free, ...] = ()
    closed: tuple[Closed, ...] = ()
    is_own: bool = False

    @property
    def blocks(self) -> list[Visit | Free | Closed]:
        """Everything in the column in order of time: the order in which the keyboard walks through it."""
        return sorted([*self.closed, *self.free, *self.visits], key=lambda block: block.row)


@dataclass(frozen=True, slots=True)
class Hour:
    """A full hour on the edge, as the clock shows it; with its `offset` where it shows it twice that day."""

    row: int
    at: datetime
    clock: str
    offset: str


@dataclass(frozen=True, slots=True)
class Day:
    """A local day as the calendar draws it: rows of five minutes from `span.start` on."""

    on: date
    today: date
    zone: str
    span: Span | None
    hours: tuple[Hour, ...] = ()
    columns: tuple[Column, ...] = ()
    now_row: int | None = None
    now: str = ""
    #: Why the business is closed: the holiday's name, "" on a weekday without hours, None when it is open.
    closure: str | None = None
    #: The business's hours in wall times.
    opens: tuple[tuple[str, str], ...] = ()
    next_open: date | None = None
    may_book: bool = False
    module_on: bool = True
    #: Whether anybody shown here can be booked for anything.
    has_services: bool = True

    @property
    def rows(self) -> int:
        return _row(self.span.end, self.span) if self.span else 0

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def is_past(self) -> bool:
        return self.on < self.today

    @property
    def previous(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def next(self) -> date:
        return self.on + timedelta(days=1)

    @property
    def count(self) -> int:
        """How many visits the reader may see; one of several members counts once."""
        return len({visit.id for column in self.columns for visit in column.visits if visit.id})

    @property
    def is_empty(self) -> bool:
        return not any(column.visits for column in self.columns)

    @property
    def lines(self) -> list[tuple[Visit | Free, tuple[Column, ...]]]:
        """The day as a list: visits and free stretches in order of time, each with the members whose time it is."""
        members: dict[object, tuple[Visit | Free, tuple[Column, ...]]] = {}
        for column in self.columns:
            blocks: list[Visit | Free] = [*column.visits, *column.free]
            for block in blocks:
                # A visit of several members is one line; time that is merely free or busy is each one's own.
                key: object = (column.member, block)
                if isinstance(block, Visit) and block.id is not None:
                    key = (block.id, block.starts_at)
                first, others = members.get(key, (block, ()))
                members[key] = (first, (*others, column))
        return sorted(members.values(), key=lambda line: (line[0].starts_at, line[0].kind))

    @property
    def has_free_time(self) -> bool:
        return any(column.free for column in self.columns)


@dataclass(frozen=True)
class _Times:
    """The business's and everybody's hours around a day."""

    day: Span
    business: Spans
    closures: Mapping[date, str]
    weekly: Mapping[int | None, Windows]
    next_open: date | None
    zone: str
    on: date

    def at_work(self, resource_id: int) -> Spans:
        """Return when somebody works that day: own hours or the business's, never while the business is closed."""
        if resource_id not in self.weekly:
            return self.business
        own = wall.open_spans(self.weekly[resource_id], self.on, self.on, self.zone)
        return intersect(own, self.business)


def landing(access: Access) -> str:
    """Return the name of the page on which this member's work begins: its own visits for who only provides."""
    provides = access.profile is not None and access.profile.reach == Profile.Reach.OWN
    return "my_day" if provides and not access.may("appointments.book") else "home"


def today(access: Access) -> date:
    return wall.local(access.now, access.organisation.zone).date


def first_open_day(access: Access) -> date:
    """Return today if the business opens on it, else the next day on which it does, else today."""
    on = today(access)
    known = closures_from(on)
    windows = _weekly_hours().get(None, {})
    return next((day for day in _days_from(on) if windows.get(day.weekday()) and day not in known), on)


def day_of(access: Access, on: date) -> Day:
    """Return the day as this reader may see it.

    Raises `NotPermitted` for whoever may not see appointments, and the engine's `NoSuchTime` for a day that the zone
    left out.
    """
    access.require("appointments.see")
    zone = access.organisation.zone
    times = _times(on, zone)
    may_book, module_on = _may_book(access)
    resources = _resources(access, may_book=may_book)
    off = _time_off(resources, times.day)
    held, visits = _held(access, resources, times.day)
    # Who provides nothing has a page of the book only on days with visits; before there is any service, all have one.
    has_services = any(_provides(resource) for resource in resources)
    resources = [
        resource
        for resource in resources
        if not has_services or _provides(resource) or resource.pk in visits or _is_alone(access, resource)
    ]
    work = {resource.pk: reaching(times.at_work(resource.pk), times.day) for resource in resources}
    span = _drawn(times, work.values(), visits.values())
    day = Day(
        on=on,
        today=today(access),
        zone=zone,
        span=span,
        closure=None if reaching(times.business, times.day) else times.closures.get(on, ""),
        opens=tuple(
            (_clock(opening.start, zone), "24:00" if opening.end == times.day.end else _clock(opening.end, zone))
            for opening in intersect(times.business, (times.day,))
        ),
        next_open=times.next_open,
        may_book=may_book,
        module_on=module_on,
        has_services=has_services,
    )
    if span is None:
        return replace(day, columns=tuple(_column(access, resource) for resource in resources))
    earliest = _on_grid(access.now, zone, access.organisation.grid)
    columns = []
    for resource in resources:
        absences = off.get(resource.pk, ())
        away = merge(absence for absence, _reason in absences)
        at_work = subtract(intersect(work[resource.pk], (span,)), away)
        free = subtract(at_work, merge(held.get(resource.pk, ()))) if _provides(resource) else ()
        told = access.is_administrator or resource.member_id == (access.member.pk if access.member else None)
        columns.append(
            replace(
                _column(access, resource),
                visits=tuple(_placed(visit, span, zone) for visit in visits.get(resource.pk, ())),
                free=tuple(_free_stretches(free, span, earliest, access)),
                closed=tuple(_closed(work[resource.pk], absences, span, told=told)),
            )
        )
    is_now = span.contains(access.now)
    return replace(
        day,
        columns=tuple(columns),
        hours=tuple(_hours(span, zone)),
        now_row=_row(access.now, span) if is_now else None,
        now=_clock(_floor(access.now), zone) if is_now else "",
    )


def _may_book(access: Access) -> tuple[bool, bool]:
    """Return whether the reader may book, and whether the Services module, which booking needs, is on."""
    try:
        access.require("appointments.book")
    except ModuleOff:
        return False, False
    except NotPermitted:
        return False, True
    return True, True


def closures_from(first: date) -> dict[date, str]:
    return dict(Closure.objects.filter(on__range=(first - timedelta(days=1), first + AHEAD)).values_list("on", "name"))


def _days_from(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(AHEAD.days + 1))


def _weekly_hours() -> dict[int | None, Windows]:
    rows: dict[int | None, list[Hours]] = {}
    for row in Hours.objects.order_by("weekday", "opens"):
        rows.setdefault(row.resource_id, []).append(row)
    return {resource_id: weekly(found) for resource_id, found in rows.items()}


def _times(on: date, zone: str) -> _Times:
    hours = _weekly_hours()
    closures = closures_from(on)
    windows = hours.get(None, {})
    later = (day for day in _days_from(on + timedelta(days=1)) if windows.get(day.weekday()) and day not in closures)
    return _Times(
        day=wall.day_span(on, zone),
        business=wall.open_spans(windows, on, on, zone, closed_on=frozenset(closures)),
        closures=closures,
        weekly=hours,
        next_open=next(later, None),
        zone=zone,
        on=on,
    )


def _resources(access: Access, *, may_book: bool) -> list[Resource]:
    """Return the members' times that may get a column: whom the reader may book, or whose visits it may see.

    Each says in `provides` whether there is a service it can be booked for.
    """
    offered = ServiceMember.objects.filter(
        member=OuterRef("member"), service__in_use=True, service__deleted_at__isnull=True
    )
    found: QuerySet[Resource] = Resource.objects.filter(
        kind=Resource.Kind.MEMBER, active=True, member__active=True
    ).select_related("member")
    if not may_book and not access.reaches_everything:
        found = found.filter(member_id__in=access.reached_members)
    return list(found.annotate(provides=Exists(offered)).order_by("member__position", "member_id"))


def _provides(resource: Resource) -> bool:
    return bool(getattr(resource, "provides", False))


def _is_alone(access: Access, resource: Resource) -> bool:
    """Return whether this is the reader's own time, for a reader who sees only that."""
    return not access.reaches_everything and resource.member == access.member


def _column(access: Access, resource: Resource) -> Column:
    member = resource.member
    assert member is not None  # asked for by kind, and `resource_member_one_lane` says the rest
    return Column(member.public_id, member.name, is_own=member == access.member)


def _time_off(resources: Sequence[Resource], day: Span) -> dict[int, list[tuple[Span, str]]]:
    found: dict[int, list[tuple[Span, str]]] = {}
    rows = TimeOff.objects.filter(
        starts_at__lt=day.end, ends_at__gt=day.start, resource__in=[resource.pk for resource in resources]
    )
    for resource_id, starts_at, ends_at, reason in rows.values_list("resource_id", "starts_at", "ends_at", "reason"):
        found.setdefault(resource_id, []).append((Span(starts_at, ends_at), reason))
    return found


def _held(
    access: Access, resources: Sequence[Resource], day: Span
) -> tuple[dict[int, list[Span]], dict[int, list[Visit]]]:
    """Return by resource what is held, buffers included, and the visits that stand there: two statements."""
    ids = [resource.pk for resource in resources]
    claims = Claim.objects.filter(overlapping(day), active=True, resource__in=ids)
    held: dict[int, list[Span]] = {}
    visits: dict[int, list[Visit]] = {}
    last: dict[int, int] = {}
    columns = _told(access, "segment__appointment__", "segment__")
    rows = claims.values("resource_id", "starts_at", "ends_at", **columns)
    rows = rows.order_by("resource_id", "segment__starts_at", "segment__position")
    for row in cast("Iterable[dict[str, Any]]", rows):
        resource_id = row["resource_id"]
        if row["state"] == Status.REQUESTED and row["expires_at"] and row["expires_at"] <= access.now:
            continue  # an expired hold is free time, whether or not a tick has swept it
        held.setdefault(resource_id, []).append(Span(row["starts_at"], row["ends_at"]))
        visit = _visit(access, row)
        _stand(visits.setdefault(resource_id, []), visit, follows=last.get(resource_id) == row["appointment"])
        last[resource_id] = row["appointment"]
    if day.start <= access.now:
        _add_no_shows(access, ids, day, visits)
    return held, visits


def _add_no_shows(access: Access, ids: Sequence[int], day: Span, visits: dict[int, list[Visit]]) -> None:
    """Add the customers who did not come: they hold nothing any more, but stand where nobody else got their time."""
    # From the visits' side: what holds nothing has no place in the index of claims.
    missed = Appointment.objects.filter(
        overlapping(day), status=Status.NO_SHOW, segments__segment_members__member__resource__in=ids
    )
    columns = _told(access, "", "segments__")
    rows = missed.values(**columns, resource=F("segments__segment_members__member__resource"))
    for row in rows.order_by("segments__starts_at"):
        visit = _visit(access, row)
        there = visits.setdefault(row["resource"], [])
        if not any(other.starts_at < visit.ends_at and visit.starts_at < other.ends_at for other in there):
            there.append(visit)
            there.sort(key=lambda standing: standing.starts_at)


def _told(access: Access, appointment: str, segment: str) -> dict[str, Any]:
    """Return what is read of a visit, by the paths that lead to its appointment and its segment."""
    seen: Exists | Value = Value(True, BooleanField())
    if not access.reaches_everything:
        seen = Exists(access.visible(Appointment.objects.filter(pk=OuterRef(f"{appointment}pk"))))
    return {
        "seen": seen,
        "appointment": F(f"{appointment}pk"),
        "visit": F(f"{appointment}public_id"),
        "state": F(f"{appointment}status"),
        "expires_at": F(f"{appointment}hold_expires_at"),
        "who": F(f"{appointment}customer__name"),
        "where": F(f"{appointment}place"),
        "to": F(f"{appointment}address"),
        "what": F(f"{segment}service_name"),
        "hue": F(f"{segment}service__hue"),
        "from_at": F(f"{segment}starts_at"),
        "until_at": F(f"{segment}ends_at"),
    }


def _visit(access: Access, row: Mapping[str, Any]) -> Visit:
    starts_at = row["from_at"]
    # A visit that ended early stands only as long as it held the member's time.
    ends_at = max(min(row["until_at"], row.get("ends_at", row["until_at"])), starts_at + ROW)
    if not row["seen"]:
        return Visit(0, 0, starts_at, ends_at, "busy")
    overdue = row["state"] in _UNFINISHED and ends_at <= access.now
    at_customer = row["where"] == Place.CUSTOMER
    return Visit(
        0,
        0,
        starts_at,
        ends_at,
        "to_close" if overdue else row["state"],
        row["visit"],
        customer=row["who"] or "",
        services=(row["what"],),
        hue=row["hue"] % 8 + 1,
        at_customer=at_customer,
        address=row["to"] if at_customer else "",
    )


def _stand(column: list[Visit], visit: Visit, *, follows: bool) -> None:
    """Add a visit to a column; services of one visit in a row are one card."""
    if follows and column and column[-1].ends_at == visit.starts_at and column[-1].id == visit.id:
        first = column[-1]
        column[-1] = replace(first, ends_at=visit.ends_at, services=first.services + visit.services, state=visit.state)
    else:
        column.append(visit)


def _drawn(times: _Times, work: Iterable[Spans], visits: Iterable[list[Visit]]) -> Span | None:
    """Return the full hours from the earliest opening to the latest closing or visit, None if nothing happens."""
    day = times.day
    stretches = [*times.business, *(span for spans in work for span in spans)]
    stretches += [Span(visit.starts_at, visit.ends_at) for column in visits for visit in column]
    within = intersect(merge(stretches), (day,))
    if not within:
        return None
    full_hours = [at_seconds(seconds) for seconds in wall.starts_on_grid(day, times.zone, 60)]
    start, end = within[0].start, within[-1].end
    return Span(
        max((at for at in full_hours if at <= start), default=day.start),
        min((at for at in full_hours if at >= end), default=day.end),
    )


def _hours(span: Span, zone: str) -> Iterator[Hour]:
    for seconds in wall.starts_on_grid(span, zone, 60):
        at = at_seconds(seconds)
        local = wall.to_zone(at, zone)
        yield Hour(_row(at, span), at, f"{local:%H:%M}", f"{local:%z}" if wall.is_ambiguous(at, zone) else "")


def _on_grid(at: datetime, zone: str, grid: int) -> datetime:
    """Return the first start on the grid that is not before `at`."""
    # Clocks may jump ahead, and a grid need not divide the day: look well beyond one step.
    ahead = wall.starts_on_grid(Span(at_seconds(ceil_seconds(at)), at + timedelta(hours=3, minutes=grid)), zone, grid)
    return at_seconds(ahead[0]) if ahead else at


def _free_stretches(free: Spans, span: Span, earliest: datetime, access: Access) -> Iterator[Free]:
    zone, grid = access.organisation.zone, access.organisation.grid
    for stretch in free:
        if stretch.end <= earliest:
            continue
        start = _on_grid(max(stretch.start, earliest), zone, grid)
        if stretch.end - start >= 2 * ROW:
            local = wall.to_zone(start, zone)
            yield Free(
                *_place(start, stretch.end, span),
                start,
                stretch.end,
                begins=_clock(start, zone),
                finishes=_clock(stretch.end, zone),
                start=local.isoformat(),
            )


def _closed(at_work: Spans, absences: Sequence[tuple[Span, str]], span: Span, *, told: bool) -> Iterator[Closed]:
    for stretch in complement(reaching(at_work, span), span):
        yield Closed(*_place(stretch.start, stretch.end, span), stretch.start, stretch.end)
    for absence, reason in absences:
        for stretch in intersect(at_work, intersect((absence,), (span,))):
            yield Closed(
                *_place(stretch.start, stretch.end, span),
                stretch.start,
                stretch.end,
                away=True,
                reason=reason if told else "",
            )


def _placed(visit: Visit, span: Span, zone: str) -> Visit:
    row, rows = _place(max(visit.starts_at, span.start), min(visit.ends_at, span.end), span)
    begins, finishes = _clock(visit.starts_at, zone), _clock(visit.ends_at, zone)
    return replace(visit, row=row, rows=rows, begins=begins, finishes=finishes)


@lru_cache(maxsize=4096)
def _clock(at: datetime, zone: str) -> str:
    """Return what the wall clock shows, "09:30", and the offset too where it shows that twice.

    A page says the same few times hundreds of times.
    """
    local = wall.to_zone(at, zone)
    return f"{local:%H:%M} ({local:%z})" if wall.is_ambiguous(at, zone) else f"{local:%H:%M}"


def _place(start: datetime, end: datetime, span: Span) -> tuple[int, int]:
    """Return the row and the number of rows of a stretch; both ends round down, so that neighbours never collide."""
    row = _row(start, span)
    return row, max(1, _row(end, span) - row)


def _row(at: datetime, span: Span) -> int:
    return (at - span.start) // ROW


def _floor(at: datetime) -> datetime:
    """Return the last full five minutes, so that the page changes no more often than its rows."""
    return at_seconds(ceil_seconds(at) // 300 * 300)

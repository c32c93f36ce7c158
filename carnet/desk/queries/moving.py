"""Where a visit can be moved to: free starts over the next days, asked of the same function that moves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from carnet.appointments.availability import slots
from carnet.appointments.models import Appointment
from carnet.appointments.promised import asks_of
from carnet.appointments.refusals import time_text
from carnet.catalogue.models import ServiceMember
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling import hours as wall

#: Days shown at once.
STRIP = 14
NOON, EVENING = 12, 17


@dataclass(frozen=True, slots=True)
class FreeStart:
    start: datetime
    time: str
    members: tuple[str, ...]

    @property
    def value(self) -> str:
        return self.start.isoformat()


@dataclass(frozen=True, slots=True)
class FreeDay:
    day: date
    count: int
    closed: str = ""


@dataclass(frozen=True)
class Whom:
    """Who provides the moved visit: the same as before, anyone, or one other member."""

    key: str
    member: Member | None = None

    @property
    def anyone(self) -> bool:
        return self.key == "anyone"


@dataclass(frozen=True)
class Moving:
    whom: Whom
    others: Sequence[Member]
    first: date
    chosen: date
    days: Sequence[FreeDay]
    parts: Sequence[tuple[str, Sequence[FreeStart]]]
    earlier: date | None
    later: date

    @property
    def first_free(self) -> FreeDay | None:
        return next((day for day in self.days if day.count), None)


def able_members(access: Access, appointment: Appointment) -> list[Member]:
    """Return the active members who provide every service of the visit, in the members' order."""
    wanted = {segment.service_id for segment in appointment.segments.all()}
    provides: dict[int, set[int]] = {}
    for row in ServiceMember.objects.filter(service__in=wanted):
        provides.setdefault(row.member_id, set()).add(row.service_id)
    able = [pk for pk, services in provides.items() if services == wanted]
    return list(access.visible(Member.objects.filter(pk__in=able, active=True)).order_by("position", "pk"))


def whom(access: Access, appointment: Appointment, asked: str) -> Whom:
    """Return whom `asked` names ("same", "anyone", a member's public id); whoever else is the same as before."""
    if asked == "anyone":
        return Whom("anyone")
    found = next((member for member in able_members(access, appointment) if str(member.public_id) == asked), None)
    return Whom(asked, found) if found else Whom("same")


def moving(
    access: Access, appointment: Appointment, who: Whom, *, day: date | None = None, first: date | None = None
) -> Moving:
    """Return the free starts of two weeks for the visit with `who`; the place it holds itself counts as free."""
    access.require("appointments.move")
    zone = access.organisation.zone
    today = wall.local(access.now, zone).date
    stands = wall.local(appointment.starts_at, zone).date
    day = day if day is not None and today <= day < date.max - timedelta(days=3 * STRIP) else None
    if first is None or not today <= first < date.max - timedelta(days=3 * STRIP):
        first = today
    wanted = day or (stands if stands >= today else None)
    if wanted is not None and not first <= wanted < first + timedelta(days=STRIP) and first == today:
        first = wanted
    last = first + timedelta(days=STRIP - 1)
    asks = asks_of(appointment, anyone=who.anyone, member=who.member)
    known, found = slots(access, asks, first, last, ignoring=appointment)
    by_day: dict[date, list[FreeStart]] = {}
    for slot in found:
        at = datetime.fromtimestamp(slot.start, tz=UTC)
        if who.key == "same" and at == appointment.starts_at:
            continue
        names = tuple(known.members[pk].name for pk in slot.providers if pk in known.members)
        start = FreeStart(wall.to_zone(at, zone), time_text(at, zone), names)
        by_day.setdefault(start.start.date(), []).append(start)
    inside = wanted is not None and first <= wanted <= last
    chosen = wanted if inside and wanted is not None and (day or by_day.get(wanted)) else next(iter(by_day), first)
    providers = {
        row.member_id
        for segment in appointment.segments.all()
        for row in segment.segment_members.all()
        if row.part == "provides"
    }
    others = [member for member in able_members(access, appointment) if providers != {member.pk}]
    return Moving(
        whom=who,
        others=others,
        first=first,
        chosen=chosen,
        days=[
            FreeDay(one, len(by_day.get(one, ())), known.closures.get(one, ""))
            for one in (first + timedelta(days=number) for number in range(STRIP))
        ],
        parts=_in_parts(by_day.get(chosen, [])),
        earlier=max(first - timedelta(days=STRIP), today) if first > today else None,
        later=first + timedelta(days=STRIP),
    )


def _in_parts(starts: Sequence[FreeStart]) -> list[tuple[str, list[FreeStart]]]:
    parts: dict[str, list[FreeStart]] = {}
    for start in starts:
        hour = start.start.hour
        name = "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
        parts.setdefault(name, []).append(start)
    return list(parts.items())

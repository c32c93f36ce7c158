"""From what a program sends to what the engine is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from carnet.appointments.availability import Ask
from carnet.appointments.timetable import timetable_of
from carnet.base.api.input import is_wall_clock
from carnet.base.errors import Invalid
from carnet.catalogue.api import add_ons_asked, service_asked
from carnet.catalogue.models import Service
from carnet.organisations.access import Access
from carnet.organisations.api import member_asked
from carnet.organisations.models import Member
from carnet.scheduling import hours as wall

#: As many days as one question may span: two months, whichever they are.
LONGEST_RANGE = 62
A_DAY = timedelta(days=1)


def ask_of(
    access: Access,
    service: UUID,
    member: UUID | None,
    minutes: int | None,
    add_ons: Sequence[UUID] = (),
    *,
    within: str = "",
    called: str = "add_ons",
) -> Ask:
    """Return what the engine is asked; raises Invalid beside the field, whose name begins with `within`."""
    found = _service_asked(access, service, f"{within}service")
    return Ask(
        found,
        minutes,
        _member_asked(access, member, f"{within}member") if member else None,
        extras=add_ons_asked(found, add_ons, f"{within}{called}"),
    )


# What is offered, and whose time can be held, the timetable tells, which is mostly in memory.


def _service_asked(access: Access, service: UUID, field: str) -> Service:
    access.require("catalogue.see")
    known = timetable_of(access.organisation, access.organisation.timetable) if access.sees_every(Service) else None
    return (known and known.service(service)) or service_asked(access, service, field)


def _member_asked(access: Access, member: UUID, field: str) -> Member:
    known = timetable_of(access.organisation, access.organisation.timetable) if access.sees_every(Member) else None
    return (known and known.member(member)) or member_asked(access, member, field)


def start_asked(access: Access, start: datetime) -> datetime:
    """Return the instant meant, in UTC; raises Invalid for a wall time that the organisation's clocks jump over.

    Such a time is sent with the offset of the zone before or after the jump; with any other offset, or "Z", the
    sender speaks of another clock, and the instant is what counts.
    """
    zone = access.organisation.zone
    if is_wall_clock(start):
        minutes = start.hour * 60 + start.minute
        try:
            wall.instant(start.date(), minutes, zone)
        except wall.NoSuchTime:
            around = {wall.to_zone(start + side, zone).utcoffset() for side in (-A_DAY, A_DAY)}
            if start.utcoffset() in around:
                raise Invalid(start=_("This time does not exist on that day: the clocks are changed.")) from None
    return start.astimezone(UTC)


def range_asked(first: date, last: date) -> None:
    """Raise Invalid unless the days are in order and at most `LONGEST_RANGE`."""
    if last < first:
        raise Invalid(to=_("The last day lies before the first."))
    if (last - first).days >= LONGEST_RANGE:
        raise Invalid(to=_("Ask for at most %(count)d days at a time.") % {"count": LONGEST_RANGE})

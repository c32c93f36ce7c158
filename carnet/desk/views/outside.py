"""« Réserver quand même »: a time typed that is not among the free ones, and the yes to the hours it overrides."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.http import QueryDict

from carnet.appointments.errors import BookingRefused
from carnet.organisations.access import Access
from carnet.scheduling import hours as wall
from carnet.scheduling.hours import NoSuchTime
from carnet.scheduling.outside import OVERRIDABLE

#: "20:30", "20 h 30", "20h", "8".
_TIME = re.compile(r"(\d{1,2})(?:\s*[:hH.]\s*(\d{2})?)?")


def may_outside(access: Access) -> bool:
    return access.may("appointments.book_outside")


def with_time_typed(access: Access, data: QueryDict) -> QueryDict:
    """Return what was sent with the time as `start` that was said yes to, or typed beside the free ones.

    As it was sent for whoever may not book outside the hours, and where what was typed is no time of that day.
    """
    if not may_outside(access):
        return data
    zone = access.organisation.zone
    start = _said_yes_to(data) or _typed(data, zone)
    if start is None:
        return data
    found = data.copy()
    found["start"], found["day"] = start.isoformat(), wall.local(start, zone).date.isoformat()
    return found


def overridden(data: QueryDict) -> frozenset[str]:
    """Return the rules that the yes names."""
    return OVERRIDABLE.intersection(data.get("outside", "").partition("|")[2].split(","))


def offer(refusal: BookingRefused | None, start: datetime | None) -> str:
    """Return what the button of the yes sends: which start, and every rule that it overrides; "" for no button."""
    if refusal is None or start is None or not refusal.outside:
        return ""
    return f"{start.isoformat()}|{','.join(sorted({one.rule for one in refusal.outside}))}"


def _said_yes_to(data: QueryDict) -> datetime | None:
    try:
        start = datetime.fromisoformat(data.get("outside", "").partition("|")[0])
    except ValueError:
        return None
    return start if start.tzinfo is not None and 2000 < start.year < 2200 else None


def _typed(data: QueryDict, zone: str) -> datetime | None:
    found = _TIME.fullmatch(data.get("other_time", "")[:20].strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    try:
        day = date.fromisoformat(data.get("day", ""))
        return wall.instant(day, int(found[1]) * 60 + int(found[2] or 0), zone) if 2000 < day.year < 2200 else None
    except (ValueError, NoSuchTime):
        return None

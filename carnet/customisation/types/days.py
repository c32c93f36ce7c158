"""Days, and moments: instants that are typed on the wall clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from carnet.base.dates import written_date
from carnet.customisation.rules import Kind
from carnet.customisation.types.meaning import RANGE, FieldEntry, FieldType, NotAccepted, Problems, Setting
from carnet.scheduling import hours as wall

_DAY = re.compile(r"(?P<first>\d{1,4})[./-](?P<month>\d{1,2})[./-](?P<last>\d{1,4})$")
_CLOCK = re.compile(r"(?P<hour>\d{1,2})\s*[:hH.]\s*(?P<minute>\d{2})?$")


class Day(FieldType):
    """A day of the calendar, wherever one is."""

    key = "date"
    column = "number"
    kind = Kind.DATE
    operators = RANGE
    sortable = True
    properties = frozenset({"placeholder", "minimum", "maximum"})

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> str | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise NotAccepted(_("This must be a date."))
        typed = value.strip()
        if not typed:
            return None
        day = day_of(typed).isoformat()
        least, most = field.get("minimum"), field.get("maximum")
        if least and day < least:
            raise NotAccepted(_("Not before %(day)s.") % {"day": written(least)})
        if most and day > most:
            raise NotAccepted(_("Not after %(day)s.") % {"day": written(most)})
        return day

    def typed(self, field: FieldEntry, value: Any, setting: Setting) -> str:
        return f"{date.fromisoformat(value):%d/%m/%Y}"

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return written(value)

    def exported(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return str(value)

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def indexed(self, field: FieldEntry, value: Any) -> Sequence[int]:
        return [date.fromisoformat(value).toordinal()]

    def ruled(self, field: FieldEntry, value: Any) -> date:
        return date.fromisoformat(value)

    def problems(self, field: FieldEntry) -> Problems:
        bounds = {name: field.get(name) for name in ("minimum", "maximum")}
        for name, bound in bounds.items():
            if bound is None:
                continue
            try:
                known = isinstance(bound, str) and date.fromisoformat(bound).isoformat() == bound
            except ValueError:
                known = False
            if not known:
                yield name, _("This must be a date.")
                return
        if bounds["minimum"] and bounds["maximum"] and bounds["maximum"] < bounds["minimum"]:
            yield "maximum", _("The last day lies before the first.")


class Moment(FieldType):
    """An instant to the minute; what is typed is the time in the setting's zone."""

    key = "moment"
    column = "instant"
    kind = Kind.MOMENT
    operators = RANGE
    sortable = True
    properties = frozenset({"placeholder"})

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> str | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise NotAccepted(_("This must be a date with a time."))
        typed = " ".join(value.split())
        if not typed:
            return None
        return moment_value(_instant(typed) or _wall_instant(typed, setting))

    def typed(self, field: FieldEntry, value: Any, setting: Setting) -> str:
        at = datetime.fromisoformat(value)
        there = wall.to_zone(at, setting.zone)
        # Where the hour happens twice, only the offset tells which one was meant.
        twice = wall.is_ambiguous(at, setting.zone)
        return there.isoformat(timespec="minutes") if twice else f"{there:%d/%m/%Y %H:%M}"

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        at = wall.to_zone(datetime.fromisoformat(value), setting.zone)
        return _("%(day)s at %(time)s") % {
            "day": written_date(at, "DATE_FORMAT"),
            "time": time_format(at, "TIME_FORMAT"),
        }

    def exported(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return wall.to_zone(datetime.fromisoformat(value), setting.zone).isoformat(timespec="minutes")

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}

    def indexed(self, field: FieldEntry, value: Any) -> Sequence[datetime]:
        return [datetime.fromisoformat(value)]

    def ruled(self, field: FieldEntry, value: Any) -> datetime:
        return datetime.fromisoformat(value)


def day_of(typed: str) -> date:
    """Return the day that is typed as people or machines write it; raises NotAccepted."""
    match = _DAY.match(typed)
    if match is None:
        raise NotAccepted(_("Type the date as 27/11/2026."))
    first, month, last = (int(match[name]) for name in ("first", "month", "last"))
    year, day = (first, last) if len(match["first"]) == 4 else (last, first)
    try:
        found = date(year, month, day)
    except ValueError:
        raise NotAccepted(_("This day does not exist.")) from None
    if not 1900 <= found.year <= 2199:
        raise NotAccepted(_("This year is out of range."))
    return found


def _instant(typed: str) -> datetime | None:
    """Return the instant of an ISO text with its offset, None for anything else."""
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    if not 1900 < at.year < 2199:
        raise NotAccepted(_("This year is out of range."))
    return at


def _wall_instant(typed: str, setting: Setting) -> datetime:
    head, _space, tail = typed.replace("T", " ").rpartition(" ")
    clock = _CLOCK.match(tail)
    if clock is None or (not head and setting.day is None):
        raise NotAccepted(_("Type date and time as 27/11/2026 14:30."))
    day = day_of(head) if head else setting.day
    assert day is not None
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if hour > 23 or minute > 59:
        raise NotAccepted(_("This time does not exist."))
    try:
        return wall.instant(day, hour * 60 + minute, setting.zone)
    except wall.NoSuchTime:
        raise NotAccepted(_("This time does not exist on that day: the clocks are changed.")) from None


def written(day: str) -> str:
    """Return an ISO day in words."""
    return written_date(date.fromisoformat(day), "DATE_FORMAT")


def moment_value(at: datetime) -> str:
    """Return an instant as a moment field keeps it, to the minute."""
    return at.astimezone(UTC).replace(second=0, microsecond=0).isoformat().replace("+00:00", "Z")

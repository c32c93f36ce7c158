"""Values of fields that a layout describes: checked on the way in, written for people on the way out.

Stored are text, whole numbers (a number with decimals is scaled), ISO dates, ISO instants in UTC, true, and the ids
of choices: nothing that depends on a language, a zone or a label.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.formats import number_format, time_format
from django.utils.translation import gettext as _

from carnet.base.dates import written_date
from carnet.customisation.models import Field
from carnet.customisation.queries import Document, FieldEntry, fields_of, key_of, label_in
from carnet.scheduling import hours as wall

LONGEST: Final = {Field.Type.TEXT: 250, Field.Type.PARAGRAPH: 4000}
#: Scaled integers stay exact in JSON for every reader (2⁵³).
LARGEST_NUMBER: Final = 10**15
_DAY = re.compile(r"(?P<first>\d{1,4})[./-](?P<month>\d{1,2})[./-](?P<last>\d{1,4})$")
_CLOCK = re.compile(r"(?P<hour>\d{1,2})\s*[:hH.]\s*(?P<minute>\d{2})?$")


@dataclass(frozen=True, slots=True)
class Setting:
    """Where values are typed: the zone of wall times, and the day on which a time alone falls."""

    zone: str = "UTC"
    day: date | None = None


@dataclass(frozen=True)
class Checked:
    """Values as they are stored, what is wrong with the others, and which required fields are empty."""

    clean: dict[str, Any]
    errors: dict[str, str]
    missing_required: tuple[FieldEntry, ...] = ()

    def missing_labels(self, language: str) -> list[str]:
        return [label_in(field["label"], language) for field in self.missing_required]


class NotAccepted(ValueError):
    """A value that its field cannot hold; the message is what to tell the person."""


def validated(document: Document, values: Mapping[str, Any], *, setting: Setting = Setting()) -> Checked:
    """Check `values` ("f<id>" -> as typed, or as the API gives them) against a layout version.

    Empty values are left out of `clean`. A key that the layout does not know is an error: nothing is dropped
    silently. Sentences are in the active language.
    """
    fields = {key_of(field): field for field in fields_of(document)}
    clean: dict[str, Any] = {}
    errors = {str(key)[:40]: _("This field is not part of the layout.") for key in values if key not in fields}
    for key, field in fields.items():
        try:
            value = _READERS[field["type"]](field, values.get(key), setting)
        except NotAccepted as refused:
            errors[key] = str(refused)
            continue
        if value is not None:
            clean[key] = value
    missing = tuple(
        field for key, field in fields.items() if field.get("required") and key not in clean and key not in errors
    )
    return Checked(clean, errors, missing)


def missing_required(document: Document, stored: Mapping[str, Any]) -> tuple[FieldEntry, ...]:
    """Return the required fields for which `stored` holds nothing."""
    return tuple(field for field in fields_of(document) if field.get("required") and key_of(field) not in stored)


def _text(field: FieldEntry, value: Any, setting: Setting) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise NotAccepted(_("This must be text."))
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(sign) in ("Cs", "Cc") and sign not in "\n\t" for sign in text):
        raise NotAccepted(_("This holds characters that cannot be stored."))
    if field["type"] == Field.Type.TEXT:
        text = " ".join(text.split())
    longest = LONGEST[field["type"]]
    if len(text) > longest:
        raise NotAccepted(_("This is longer than %(limit)d characters.") % {"limit": longest})
    return text or None


def _number(field: FieldEntry, value: Any, setting: Setting) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotAccepted(_("This must be a number."))
    typed = str(value)[:40]
    for space in ("\u202f", "\u00a0", " "):
        typed = typed.replace(space, "")
    if not typed:
        return None
    try:
        number = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        raise NotAccepted(_("This must be a number.")) from None
    if not number.is_finite() or abs(number) > LARGEST_NUMBER:
        raise NotAccepted(_("This number is too large."))
    decimals = field.get("decimals", 0)
    scaled = number.scaleb(decimals)
    if scaled != scaled.to_integral_value():
        if decimals:
            raise NotAccepted(_("At most %(count)d decimals are kept.") % {"count": decimals})
        raise NotAccepted(_("This must be a whole number."))
    if abs(scaled) > LARGEST_NUMBER:
        raise NotAccepted(_("This number is too large."))
    return int(scaled)


def _date(field: FieldEntry, value: Any, setting: Setting) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise NotAccepted(_("This must be a date."))
    typed = value.strip()
    return _day(typed).isoformat() if typed else None


def _day(typed: str) -> date:
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


def _moment(field: FieldEntry, value: Any, setting: Setting) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise NotAccepted(_("This must be a date with a time."))
    typed = " ".join(value.split())
    if not typed:
        return None
    return moment_value(_instant(typed) or _wall_instant(typed, setting))


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
    day = _day(head) if head else setting.day
    assert day is not None
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    if hour > 23 or minute > 59:
        raise NotAccepted(_("This time does not exist."))
    try:
        return wall.instant(day, hour * 60 + minute, setting.zone)
    except wall.NoSuchTime:
        raise NotAccepted(_("This time does not exist on that day: the clocks are changed.")) from None


def _checkbox(field: FieldEntry, value: Any, setting: Setting) -> bool | None:
    if value in (None, "", False, "false", "0"):
        return None
    if value in (True, "on", "true", "1"):
        return True
    raise NotAccepted(_("This is either ticked or not."))


def _choice(field: FieldEntry, value: Any, setting: Setting) -> int | None:
    if value is None or value == "":
        return None
    ids = {str(choice["id"]): int(choice["id"]) for choice in field.get("choices", ())}
    if isinstance(value, bool) or str(value) not in ids:
        raise NotAccepted(_("Choose one of the list."))
    return ids[str(value)]


_READERS: Final[Mapping[str, Callable[[FieldEntry, Any, Setting], Any]]] = {
    Field.Type.TEXT: _text,
    Field.Type.PARAGRAPH: _text,
    Field.Type.NUMBER: _number,
    Field.Type.DATE: _date,
    Field.Type.MOMENT: _moment,
    Field.Type.CHECKBOX: _checkbox,
    Field.Type.CHOICE: _choice,
}


def typed_text(field: FieldEntry, value: Any, setting: Setting) -> str:
    """Return a stored value as a person would type it, so that reading it gives the same value again."""
    if value is None:
        return ""
    match field["type"]:
        case Field.Type.NUMBER:
            return number_format(_unscaled(field, value), use_l10n=True, force_grouping=False)
        case Field.Type.DATE:
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        case Field.Type.MOMENT:
            at = datetime.fromisoformat(value)
            there = wall.to_zone(at, setting.zone)
            # Where the hour happens twice, only the offset tells which one was meant.
            twice = wall.is_ambiguous(at, setting.zone)
            return there.isoformat(timespec="minutes") if twice else f"{there:%d/%m/%Y %H:%M}"
        case Field.Type.CHECKBOX:
            return "on" if value else ""
    return str(value)


def shown_text(field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
    """Return a stored value as it is read: labels of choices, dates in words, numbers grouped."""
    if value is None:
        return ""
    match field["type"]:
        case Field.Type.NUMBER:
            return number_format(_unscaled(field, value), use_l10n=True, force_grouping=True)
        case Field.Type.DATE:
            return written_date(date.fromisoformat(value), "DATE_FORMAT")
        case Field.Type.MOMENT:
            at = wall.to_zone(datetime.fromisoformat(value), setting.zone)
            return _("%(day)s at %(time)s") % {
                "day": written_date(at, "DATE_FORMAT"),
                "time": time_format(at, "TIME_FORMAT"),
            }
        case Field.Type.CHECKBOX:
            return _("Yes") if value else _("No")
        case Field.Type.CHOICE:
            labels = {choice["id"]: choice["label"] for choice in field.get("choices", ())}
            return label_in(labels.get(value, {}), language)
    return str(value)


def _unscaled(field: FieldEntry, value: int) -> Decimal:
    return Decimal(value).scaleb(-field.get("decimals", 0))


def moment_value(at: datetime) -> str:
    """Return an instant as a moment field stores it, to the minute."""
    return at.astimezone(UTC).replace(second=0, microsecond=0).isoformat().replace("+00:00", "Z")

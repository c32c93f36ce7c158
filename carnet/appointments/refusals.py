"""Refusals in words: who or what, until when, what instead; never a customer's name or a field's code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.appointments.availability import Known
from carnet.appointments.errors import Alternative, BookingRefused, Said, SlotTaken
from carnet.base.dates import written_date
from carnet.scheduling import hours as wall
from carnet.scheduling.rules import Refusal
from carnet.scheduling.slots import Slot


def time_text(at: datetime, zone: str) -> str:
    """Return the local time as people write it, with the offset where the hour happens twice."""
    local = wall.to_zone(at, zone)
    text = time_format(local, "G:i")
    return f"{text} ({local:%z})" if wall.is_ambiguous(at, zone) else text


def day_text(at: datetime, zone: str) -> str:
    """Return the local day with its weekday: « vendredi 27 novembre »."""
    return written_date(wall.to_zone(at, zone), "l j F" if _is_french() else "l, F j")


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


def moment_text(at: datetime, zone: str) -> str:
    """Return day and time: « lundi 30 novembre à 9:00 »."""
    return _("%(day)s at %(time)s") % {"day": day_text(at, zone), "time": time_text(at, zone)}


def minutes_text(minutes: int) -> str:
    """Return a length as people say it: « 45 min », « 3 h », « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": rest}


def end_text(at: datetime, zone: str) -> str:
    """Return until when a period lasts: a whole last day is « vendredi 27 novembre inclus », else its moment."""
    local = wall.to_zone(at, zone)
    if (local.hour, local.minute) == (0, 0):
        last = local.date() - timedelta(days=1)
        return _("until %(day)s inclusive") % {"day": written_date(last, "l j F" if _is_french() else "l, F j")}
    return _("until %(moment)s") % {"moment": moment_text(at, zone)}


def said(known: Known, refusal: Refusal, start: datetime) -> Said:
    """Return a refusal with its sentence in the active language."""
    return Said(refusal.rule, _sentence(known, refusal, start), refusal.free_at)


def _sentence(known: Known, refusal: Refusal, start: datetime) -> str:
    zone = known.question.zone
    ask = known.asks[refusal.step]
    service = ask.service
    facts = refusal.facts
    name = known.resources.get(refusal.person or 0, "")
    next_start = refusal.free_at or refusal.until
    match refusal.rule:
        case "not_in_the_past" | "enough_notice":
            return _("This time has passed; the earliest start is %(moment)s.") % {
                "moment": moment_text(refusal.free_at or known.question.now, zone)
            }
        case "within_horizon":
            return _("This day is too far away to be booked yet.")
        case "right_length":
            return _("%(service)s lasts from %(shortest)s to %(longest)s.") % {
                "service": ask.name,
                "shortest": minutes_text(service.shortest),
                "longest": minutes_text(service.longest),
            }
        case "in_use":
            return _("%(service)s is no longer offered.") % {"service": ask.name}
        case "offered_then":
            return _offered_sentence(known, refusal)
        case "not_unavailable":
            assert refusal.until is not None
            return _("%(service)s is temporarily unavailable %(end)s.") % {
                "service": ask.name,
                "end": end_text(refusal.until, zone),
            }
        case "service_hours":
            text = _("%(service)s is not offered at this time.") % {"service": ask.name}
            return _then(text, next_start, zone)
        case "business_open":
            return _business_sentence(known, start, next_start)
        case "provides":
            return (
                _("%(name)s does not provide %(service)s.") % {"name": name, "service": ask.name}
                if name
                else _("Nobody provides %(service)s at the moment.") % {"service": ask.name}
            )
        case "at_work":
            return _then(_("%(name)s does not work at this time.") % {"name": name}, next_start, zone)
        case "not_absent":
            text = _("%(name)s is away at this time.") % {"name": name}
            return _then(text, next_start, zone)
        case "nobody_busy":
            since, until = facts.get("since"), facts.get("until")
            if isinstance(since, datetime) and isinstance(until, datetime):
                text = _("%(name)s is busy from %(since)s to %(until)s") % {
                    "name": name,
                    "since": time_text(since, zone),
                    "until": time_text(until, zone),
                }
            else:
                text = _("%(name)s is busy then") % {"name": name}
            if refusal.free_at is None:
                return text + "."
            same_day = wall.local(refusal.free_at, zone).date == wall.local(start, zone).date
            free = time_text(refusal.free_at, zone) if same_day else moment_text(refusal.free_at, zone)
            return _("%(busy)s; free at %(time)s.") % {"busy": text, "time": free}
    raise LookupError(f"no sentence for the rule {refusal.rule}")


def _then(text: str, at: datetime | None, zone: str) -> str:
    if at is None:
        return text
    return _("%(refusal)s Next time: %(moment)s.") % {"refusal": text, "moment": moment_text(at, zone)}


def _offered_sentence(known: Known, refusal: Refusal) -> str:
    ask = known.asks[refusal.step]
    service = ask.service
    pattern = "j F Y" if _is_french() else "F j, Y"
    if service.offered_from and service.offered_until:
        return _("%(service)s is offered from %(first)s to %(last)s.") % {
            "service": ask.name,
            "first": written_date(service.offered_from, pattern),
            "last": written_date(service.offered_until, pattern),
        }
    if service.offered_from:
        return _("%(service)s is offered from %(first)s on.") % {
            "service": ask.name,
            "first": written_date(service.offered_from, pattern),
        }
    assert service.offered_until is not None
    return _("%(service)s was offered until %(last)s.") % {
        "service": ask.name,
        "last": written_date(service.offered_until, pattern),
    }


def _business_sentence(known: Known, start: datetime, opening: datetime | None) -> str:
    zone, business = known.question.zone, known.organisation.name
    day = wall.local(start, zone).date
    if day in known.closures:
        text = _("%(business)s is closed on %(day)s (%(closure)s)") % {
            "business": business,
            "day": day_text(start, zone),
            "closure": known.closures[day],
        }
    elif not any(span.overlaps(wall.day_span(day, zone)) for span in known.question.business):
        text = _("%(business)s is closed on %(weekday)s") % {
            "business": business,
            "weekday": date_format(day, "l"),
        }
    else:
        text = _("%(business)s is closed at this time") % {"business": business}
    if opening is None:
        return text + "."
    local = wall.to_zone(opening, zone)
    return _("%(closed)s; next day: %(weekday)s %(time)s.") % {
        "closed": text,
        "weekday": date_format(local, "l"),
        "time": time_text(opening, zone),
    }


def alternatives(known: Known, slots: Sequence[Slot]) -> tuple[Alternative, ...]:
    """Return slots as they are told outside: local start and public ids of members."""
    zone = known.question.zone
    return tuple(
        Alternative(
            wall.to_zone(datetime.fromtimestamp(slot.start, tz=known.question.now.tzinfo), zone),
            tuple(str(known.members[pk].public_id) for pk in slot.providers if pk in known.members),
        )
        for slot in slots
    )


def refusal(
    known: Known,
    refusals: Sequence[Refusal],
    start: datetime,
    others: Sequence[Alternative],
    outside: Sequence[Refusal] = (),
) -> BookingRefused:
    """Return the error that tells all `refusals`, the free starts to offer instead, and what could be overridden."""
    told = tuple(dict.fromkeys(said(known, one, start) for one in refusals))
    if told and all(one.rule == "nobody_busy" for one in told):
        return SlotTaken(told, others)
    return BookingRefused(told, others, tuple(dict.fromkeys(said(known, one, start) for one in outside)))


def just_taken(others: Sequence[Alternative], zone: str) -> SlotTaken:
    """Return the error for a race lost: the database refused after the rules had agreed."""
    if not others:
        return SlotTaken([Said("nobody_busy", _("This time has just been taken."))])
    listed = ", ".join(moment_text(other.start, zone) for other in others[:3])
    text = _("This time has just been taken. Still free: %(starts)s.") % {"starts": listed}
    return SlotTaken([Said("nobody_busy", text)], others)

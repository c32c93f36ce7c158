"""What a message says: subject and text in the customer's language, from the facts frozen when it happened."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import time_format

from carnet.appointments.sold import sold_as
from carnet.base.dates import written_date
from carnet.base.money import money_text
from carnet.organisations.invitations import link_for
from carnet.organisations.models import Invitation
from carnet.outbox.models import Message
from carnet.scheduling.hours import to_zone

#: Languages that messages are written in; the first stands in for all others.
LANGUAGES: Final = ("fr", "en")
KINDS: Final = ("appointment_booked", "appointment_moved", "appointment_cancelled")
INVITATION: Final = "invitation"
#: Of what a header may hold, before mail readers cut it off.
LONGEST_SUBJECT: Final = 160


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    language: str


def letter_of(message: Message) -> Letter:
    """Return the letter of a message of one of the `KINDS`, or of an invitation; its first line is its subject."""
    facts = message.facts
    language = str(facts.get("language", ""))[:2]
    language = language if language in LANGUAGES else LANGUAGES[0]
    with translation.override(language):
        context = _invited(message) if message.kind == INVITATION else _context(facts, language)
        written = render_to_string(f"messages/{message.kind}.{language}.txt", context)
    subject, _blank, text = written.partition("\n")
    return Letter(one_line(subject)[:LONGEST_SUBJECT], text.strip() + "\n", language)


def one_line(text: str) -> str:
    """Return text that is safe in a header: no line ends or other controls, whatever a name holds (F6)."""
    return " ".join("".join(" " if _is_control(sign) else sign for sign in text).split())


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")


def _isolated(text: str) -> str:
    """Keep the direction of a right-to-left name from reordering what stands around it (T1)."""
    text = one_line(text)
    mixed = any(unicodedata.bidirectional(sign) in ("R", "AL", "RLE", "RLO", "RLI", "LRO", "LRE") for sign in text)
    return f"\u2068{text}\u2069" if mixed else text


def _context(facts: dict[str, Any], language: str) -> dict[str, Any]:
    start = datetime.fromisoformat(facts["start"])
    before = datetime.fromisoformat(facts["before"]) if facts.get("before") else None
    return {
        "name": _isolated(facts.get("name", "")),
        "business": _isolated(facts.get("business", "")),
        "services": ", ".join(_services(facts)),
        "address": _isolated(facts.get("address", "")),
        "phone": one_line(facts.get("phone", "")),
        "day": _day(start),
        "time": time_format(start, "G:i"),
        "before_day": _day(before) if before else "",
        "before_time": time_format(before, "G:i") if before else "",
        **_their_time(facts),
        # Messages written down before fields could say that they are told hold none.
        "own": [(_isolated(str(label)), _isolated(str(text))) for label, text in facts.get("own", ())],
        "total": money_text(facts["total"], facts["currency"], language) if facts.get("total") else "",
    }


def _invited(message: Message) -> dict[str, Any]:
    """Return what the letter of an invitation says; the secret of its link is made here, for it lies nowhere."""
    until = to_zone(datetime.fromisoformat(message.facts["until"]), message.facts["zone"])
    said = {name: _isolated(message.facts[name]) for name in ("name", "business", "by")}
    link = link_for(Invitation.objects.get(pk=message.subject_id))
    return {**said, "day": _day(until), "time": time_format(until, "G:i"), "link": link}


def _services(facts: dict[str, Any]) -> Iterator[str]:
    """Yield each service with what was added to it; messages written down before there were add-ons hold none."""
    for service, add_ons in zip_longest(facts.get("services", ()), facts.get("add_ons", ()), fillvalue=()):
        yield sold_as(_isolated(str(service)), [_isolated(name) for name in add_ons])


def _their_time(facts: dict[str, Any]) -> dict[str, str]:
    """Return the start on the customer's own clock, if the facts hold one (B6)."""
    if not facts.get("their_start"):
        return {}
    there = datetime.fromisoformat(facts["their_start"])
    place = one_line(facts["their_zone"]).rpartition("/")[2].replace("_", " ")
    return {"their_day": _day(there), "their_time": time_format(there, "G:i"), "their_place": place}


def _day(at: datetime) -> str:
    return written_date(at, "l j F Y")

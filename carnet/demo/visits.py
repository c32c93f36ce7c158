"""Booking and ending the visits of a demo business, each in its own past, by the people who would have done it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from carnet.appointments.actions import (
    Booking,
    book_appointment,
    cancel_appointment,
    mark_no_show,
    reschedule_appointment,
    start_appointment,
)
from carnet.appointments.availability import Ask, next_slots
from carnet.appointments.models import OPEN, Appointment, Reason, SegmentMember, Status
from carnet.base.errors import TradeError
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.models import Place, Service
from carnet.customers.models import Customer
from carnet.customisation.queries import fields_of, key_of
from carnet.demo.crew import Crew, dice, id_of, is_ours
from carnet.demo.days import Wanted
from carnet.jobsheets.actions import complete_appointment
from carnet.jobsheets.queries import kept_or_blank, sheet_is_demanded
from carnet.organisations.models import Member
from carnet.scheduling import hours as wall
from carnet.scheduling.seconds import at_seconds

#: The share of visits that were first promised at another time, and the words that explain it.
MOVED = 0.06
WHY_MOVED = {
    Reason.CUSTOMER: ("", "A un empêchement.", "Préfère ce jour-là.", "Retenue au travail."),
    Reason.TEAM: ("", "Formation de l’équipe.", "Planning modifié."),
}
NOTES = (
    "A demandé à être rappelé la veille.",
    "Première visite.",
    "Cadeau d’anniversaire.",
    "Ne peut pas rester plus longtemps que prévu.",
    "Vient avec son fils.",
)


def book(crew: Crew, wanted: Wanted, day: date, customer: Customer | None, now: datetime) -> Appointment | None:
    """Book a wanted visit some days ahead of it, at `now` at the latest; None if the rules refuse it."""
    roll = dice(crew.plan.slug, day, wanted.number)
    start = wall.instant(day, wanted.start, crew.organisation.zone).astimezone(UTC)
    ahead = timedelta(days=roll.randrange(1, 22), minutes=roll.randrange(-240, 240))
    booked_at = min(start - ahead, now - timedelta(minutes=roll.randrange(2, 600)))
    provider = crew.members[wanted.provider]
    booking = Booking(
        asks=tuple(Ask(service, minutes, provider) for service, minutes in wanted.services),
        start=start,
        customer=customer,
        place=place_of([service for service, _minutes in wanted.services]),
        note=roll.choice(NOTES) if roll.random() < 0.08 else "",
        public_id=id_of(crew.plan, day, wanted.number),
    )
    if dice("moved", booking.public_id).random() < MOVED and (moved := _moved(crew, booking, booked_at, now)):
        return moved
    return attempt(crew, booking, booked_at)


def _moved(crew: Crew, booking: Booking, booked_at: datetime, now: datetime) -> Appointment | None:
    """Book another free start first, and later move the visit to where it is wanted; None if the rules refuse it.

    So the book is the same as if nothing had been moved, but for what the visit's history tells.
    """
    roll = dice("how it was moved", booking.public_id)
    around = booking.start + timedelta(days=roll.choice((-3, -2, -1, 1, 2, 3)))
    asks = booking.asks
    if roll.random() < 0.3:
        asks = tuple(replace(ask, member=None) for ask in asks)
    try:
        # Both or neither: a visit that stayed where nobody wanted it would be in the way.
        with unit_of_work():
            access = crew.front_desk(booked_at)
            _known, slots = next_slots(access, asks, max(around, booked_at + timedelta(hours=3)), days=3, limit=1)
            first = at_seconds(slots[0].start) if slots else booking.start
            latest = min(first, booking.start, now) - timedelta(minutes=2)
            if first == booking.start or latest <= booked_at:
                return None
            days = roll.randint(0, (latest - booked_at).days)
            moved_at = min(booked_at + timedelta(days=days, minutes=roll.randrange(5, 90)), latest)
            visit = book_appointment(access, replace(booking, asks=asks, start=first))
            reason = roll.choice((Reason.CUSTOMER, Reason.CUSTOMER, Reason.TEAM))
            note = roll.choice(WHY_MOVED[reason])
            desk = crew.front_desk(moved_at)
            member = booking.asks[0].member
            return reschedule_appointment(desk, visit, booking.start, member=member, reason=reason, note=note)
    except TradeError:
        return None


def attempt(crew: Crew, booking: Booking, booked_at: datetime) -> Appointment | None:
    """Book, or take no for an answer: a visitor of the demo may have changed hours, rights or services."""
    try:
        return book_appointment(crew.front_desk(booked_at), booking)
    except TradeError:
        return None


def place_of(services: list[Service]) -> str:
    """Return where the visit takes place when there is a choice: at the customer's."""
    return Place.CUSTOMER if all(service.place == Place.BOTH for service in services) else ""


def visits_on(crew: Crew, day: date) -> list[Appointment]:
    """Return the demo's own visits of a local day, by their end."""
    span = wall.day_span(day, crew.organisation.zone)
    found = Appointment.objects.filter(starts_at__gte=span.start, starts_at__lt=span.end)
    return sorted((visit for visit in found if is_ours(visit.public_id)), key=lambda visit: (visit.ends_at, visit.pk))


def is_open(visit: Appointment) -> bool:
    return visit.status in OPEN


def is_begun(visit: Appointment) -> bool:
    return visit.status in (Status.IN_PROGRESS, Status.COMPLETED)


def end(crew: Crew, visit: Appointment, now: datetime, *, as_planned: bool = False) -> None:
    """End a visit whose time has passed as it ended in its day: mostly completed, some cancelled or missed."""
    roll = dice("ending", visit.public_id)
    fate = 1.0 if as_planned or visit.status != Status.SCHEDULED else roll.random()
    with suppress(TradeError):  # a visitor may have changed what a sheet must hold; the visit then stays to close
        if fate < 0.04:
            promised = max([visit.created_at, *visit.moves.values_list("at", flat=True)])
            at = max(promised, visit.starts_at - timedelta(hours=roll.randrange(3, 40)))
            reason = roll.choice((Reason.CUSTOMER, Reason.CUSTOMER, Reason.TEAM))
            note = roll.choice(("", "Empêchement.", "Malade."))
            cancel_appointment(crew.front_desk(at), visit, reason=reason, note=note)
        elif fate < 0.065:
            mark_no_show(crew.front_desk(visit.starts_at + timedelta(minutes=20)), visit)
        else:
            complete(crew, visit, roll, now)


def provider_of(crew: Crew, visit: Appointment) -> Member:
    row = SegmentMember.objects.filter(segment__appointment=visit, part=SegmentMember.Part.PROVIDES)
    name = row.order_by("segment__position").values_list("member__name", flat=True)[0]
    return crew.members[name]


def start(crew: Crew, visit: Appointment, now: datetime) -> Appointment:
    """Let the provider start the visit a few minutes late, at `now` at the latest."""
    late = timedelta(minutes=dice("start", visit.public_id).randrange(0, 5))
    return start_appointment(crew.acts(provider_of(crew, visit), min(visit.starts_at + late, now)), visit)


def complete(crew: Crew, visit: Appointment, roll: Random, now: datetime) -> None:
    """Let the provider complete the visit when it was over, with its sheet where one is asked for."""
    provider = provider_of(crew, visit)
    if visit.status == Status.SCHEDULED and roll.random() < 0.5:
        start(crew, visit, now)
    at = min(now, visit.ends_at + timedelta(minutes=roll.randrange(-3, 8)))
    access = crew.acts(provider, at)
    values = sheet_values(crew, visit, roll) if sheet_is_demanded(access, visit) else None
    complete_appointment(access, visit, values=values)


def sheet_values(crew: Crew, visit: Appointment, roll: Random) -> dict[str, Any]:
    """Return what the provider writes into the sheet; nothing where the demo has no words for a field."""
    sheet = kept_or_blank(crew.administrator(visit.ends_at), visit)
    written = {}
    for field in fields_of(sheet.layout_version.document):
        words = crew.plan.job_sheet_words.get(field["key"] or field["label"].get("fr", ""))
        if words:
            written[key_of(field)] = roll.choice(tuple(words))
    return written


def visit_ids(crew: Crew, day: date, wanted: list[Wanted]) -> set[UUID]:
    """Return the ids of those of the wanted visits that are booked already."""
    ids = [id_of(crew.plan, day, one.number) for one in wanted]
    return set(Appointment.objects.filter(public_id__in=ids).values_list("public_id", flat=True))

"""Moving an appointment: the old time is freed only if the new one is held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext as _

from carnet.appointments.actions.segments import hold_again, locked_resources, resources_of, wall_time
from carnet.appointments.availability import Ask, load, next_slots, resources_concerned
from carnet.appointments.facts import facts_of
from carnet.appointments.models import Appointment, Move, Reason, Segment, SegmentMember, Status
from carnet.appointments.refusals import alternatives, just_taken, refusal
from carnet.base.constraints import violated
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable, unit_of_work
from carnet.catalogue.prices import Extra
from carnet.customers.lookup import clean
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member
from carnet.outbox.actions import announce
from carnet.scheduling import hours as wall
from carnet.scheduling.slots import choose


def asks_of(appointment: Appointment, *, anyone: bool = False, member: Member | None = None) -> tuple[Ask, ...]:
    """Return what the visit asks for: its own services, lengths and people, or another `member`, or anyone."""
    asks = []
    segments = appointment.segments.order_by("position").prefetch_related("segment_members__member", "service")
    for segment in segments:
        people = list(segment.segment_members.all())
        extras = tuple(Extra(**extra) for extra in segment.add_ons)
        provider = next((row.member for row in people if row.part == SegmentMember.Part.PROVIDES), None)
        asks.append(
            Ask(
                segment.service,
                segment.minutes - sum(extra.minutes for extra in extras),
                member=None if anyone else (member or provider),
                attendees=tuple(row.member for row in people if row.part == SegmentMember.Part.ATTENDS),
                extras=extras,
                promised=True,
                sold_as=segment.service_name,
            )
        )
    return tuple(asks)


def reschedule_appointment(
    access: Access,
    appointment: Appointment,
    start: datetime,
    *,
    member: Member | None = None,
    anyone: bool = False,
    reason: str = Reason.CUSTOMER,
    note: str = "",
    version: int | None = None,
) -> Appointment:
    """Move the visit to `start` (aware), with the same member unless another or anyone is asked for.

    Raises AppointmentClosed, StaleVersion, BookingRefused or SlotTaken; the visit then stands where it stood.
    """
    access.require("appointments.move")
    if reason not in Reason.values:
        raise Invalid(reason=_("Say who asked for this: the customer or the team."))
    if start.second or start.microsecond:
        raise Invalid(start=_("A visit starts at a whole minute."))
    if len(note) > 500:
        raise Invalid(note=_("This is longer than %(limit)d characters.") % {"limit": 500})
    try:
        return _moved(access, appointment, start.astimezone(UTC), member, anyone, reason, clean(note), version)
    except IntegrityError as error:
        if violated(error) != "claim_no_overlap":
            raise
        asks = asks_of(appointment, anyone=anyone, member=member)
        known, slots = next_slots(access, asks, start, ignoring=appointment)
        raise just_taken(alternatives(known, slots), access.organisation.zone) from None


@repeatable
def _moved(
    access: Access,
    appointment: Appointment,
    start: datetime,
    member: Member | None,
    anyone: bool,
    reason: str,
    note: str,
    version: int | None,
) -> Appointment:
    with unit_of_work():
        appointment = locked(access.visible(Appointment.objects.all()), pk=appointment.pk)
        if version is not None and version != appointment.version:
            raise StaleVersion
        if appointment.status not in (Status.REQUESTED, Status.SCHEDULED):
            raise appointment.closed()
        asks = asks_of(appointment, anyone=anyone, member=member)
        concerned = set(resources_concerned(asks).values_list("pk", flat=True))
        locked_resources(concerned | resources_of(appointment))
        zone = access.organisation.zone
        day = wall.day_span(wall.local(start, zone).date, zone)
        known = load(access, asks, day, ignoring=appointment, fresh=True)
        first = asks[0].member
        asked = known.resource_of.get(first.pk, 0) if first else None
        choice = choose(known.question, start, asked)
        if choice.refusals:
            others, slots = next_slots(access, asks, start, ignoring=appointment)
            raise refusal(known, choice.refusals, start, alternatives(others, slots))
        providers = [known.members[pk] for pk in choice.people]
        move = Move(
            organisation=access.organisation,
            appointment=appointment,
            from_starts_at=appointment.starts_at,
            to_starts_at=start,
            from_members=_names(appointment),
            reason=reason,
            note=note,
            member=access.member,
            at=access.now,
        )
        _shift(appointment, start, zone, providers)
        move.to_members = [provider.name for provider in providers]
        move.save()
        changes = {"start": [move.from_starts_at.isoformat(), start.isoformat()]}
        if move.from_members != move.to_members:
            changes["members"] = [move.from_members, move.to_members]
        record(access, "appointment.moved", appointment, changes=changes)
        recipient, facts = facts_of(appointment)
        facts["before"] = wall.to_zone(move.from_starts_at, zone).isoformat()
        announce(access, "appointment_moved", appointment, recipient=recipient, facts=facts)
    return appointment


def _names(appointment: Appointment) -> list[str]:
    rows = SegmentMember.objects.filter(segment__appointment=appointment, part=SegmentMember.Part.PROVIDES)
    return list(rows.order_by("segment__position").values_list("member__name", flat=True))


def _shift(appointment: Appointment, start: datetime, zone: str, providers: list[Member]) -> None:
    """Write the new times and providers of all segments, then claim them anew."""
    segments = list(appointment.segments.order_by("position"))
    at = start
    for segment, provider in zip(segments, providers, strict=True):
        for name, value in wall_time(at, zone).items():
            setattr(segment, name, value)
        segment.ends_at = at = at + timedelta(minutes=segment.minutes)
        SegmentMember.objects.filter(segment=segment, member=provider, part=SegmentMember.Part.ATTENDS).delete()
        SegmentMember.objects.filter(segment=segment, part=SegmentMember.Part.PROVIDES).update(member=provider)
    Segment.objects.bulk_update(segments, ["local_date", "local_time", "fold", "zone", "starts_at", "ends_at"])
    appointment.starts_at, appointment.ends_at, appointment.zone = start, at, zone
    appointment.version += 1
    appointment.save(update_fields=["starts_at", "ends_at", "zone", "version"])
    hold_again(appointment)

"""Moving a visit whose rows and resources are locked: the one way to do it, for every action that moves visits."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError

from carnet.appointments.actions.book import outside_instead, resource_asked
from carnet.appointments.actions.new_visit import overridden_told
from carnet.appointments.actions.segments import hold_again, wall_time
from carnet.appointments.availability import Ask, load, next_slots
from carnet.appointments.facts import facts_of
from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import MOVABLE, Appointment, Move, Rearrangement, Reason, Segment, SegmentMember
from carnet.appointments.refusals import alternatives, just_taken, refusal
from carnet.base.constraints import violated
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member
from carnet.outbox.actions import announce, let_go
from carnet.resources.timetable import timetable_as_before
from carnet.scheduling import hours as wall
from carnet.scheduling.outside import choose_knowing


@contextmanager
def whole_or_as_before(access: Access) -> Iterator[None]:
    """Around the unit of work of many moves: a place that was taken meanwhile is SlotTaken, the timetable as before."""
    try:
        with timetable_as_before(access):
            yield
    except IntegrityError as error:
        if violated(error) != "claim_no_overlap":
            raise
        raise just_taken((), access.organisation.zone) from None


def must_be_movable(appointment: Appointment) -> None:
    """Raise AppointmentClosed for a visit that has begun or ended."""
    if appointment.status not in MOVABLE:
        raise appointment.closed()


def move_visit(
    access: Access,
    appointment: Appointment,
    start: datetime,
    asks: Sequence[Ask],
    *,
    reason: str,
    note: str = "",
    answered: Mapping[str, list[Any]] | None = None,
    rearrangement: Rearrangement | None = None,
    due_at: datetime | None = None,
    outside: Collection[str] = (),
) -> Move:
    """Move the visit to `start` (UTC) with the people of `asks`; raises BookingRefused or SlotTaken by the rules.

    The rules about hours that `outside` names are overridden.

    The caller holds the locks of the visit and of all resources concerned. The letter leaves at `due_at`, else at once.
    """
    access.require_fields(APPOINTMENTS, ["time", *(["reason"] if note else [])])
    zone = access.organisation.zone
    day = wall.day_span(wall.local(start, zone).date, zone)
    known = load(access, asks, day, ignoring=appointment, fresh=True)
    first = asks[0].member
    provider = resource_asked(known, first)
    choice = choose_knowing(known.question, start, provider, outside)
    if choice.refusals:
        others, slots = next_slots(access, asks, start, ignoring=appointment)
        knowing = outside_instead(access, known, start, provider)
        raise refusal(known, choice.refusals, start, alternatives(others, slots), knowing)
    return shift_visit(
        access,
        appointment,
        start,
        [known.members[pk] for pk in choice.people],
        reason=reason,
        note=note,
        answered={**(answered or {}), **overridden_told(choice)},
        rearrangement=rearrangement,
        due_at=due_at,
    )


def shift_visit(
    access: Access,
    appointment: Appointment,
    start: datetime,
    providers: Sequence[Member],
    *,
    reason: str = Reason.TEAM,
    note: str = "",
    answered: Mapping[str, list[Any]] | None = None,
    rearrangement: Rearrangement | None = None,
    due_at: datetime | None = None,
    told: bool = True,
) -> Move:
    """Put the visit at `start` with these providers, whatever the rules say; the database refuses time that is taken.

    Written, recorded with what was `answered` (what changed in own fields) and, unless not `told`, announced.
    """
    zone = access.organisation.zone
    before = _providers(appointment)
    move = Move(
        organisation=access.organisation,
        appointment=appointment,
        from_starts_at=appointment.starts_at,
        to_starts_at=start,
        from_members=[name for _pk, name in before],
        to_members=[provider.name for provider in providers],
        from_providers=[pk for pk, _name in before],
        to_providers=[provider.pk for provider in providers],
        rearrangement=rearrangement,
        reason=reason,
        note=note,
        member=access.member,
        at=access.now,
    )
    _shift(appointment, start, zone, providers)
    move.save()
    changes: dict[str, list[Any]] = {"start": [move.from_starts_at.isoformat(), start.isoformat()]}
    if move.from_members != move.to_members:
        changes["members"] = [move.from_members, move.to_members]
    changes |= answered or {}
    record(access, "appointment.moved", appointment, changes=changes)
    if told:
        # What is held back about an earlier move leaves first, or the customer would read them the wrong way round.
        let_go(access, appointment)
        recipient, facts = facts_of(access, appointment)
        facts["before"] = wall.to_zone(move.from_starts_at, zone).isoformat()
        announce(access, "appointment_moved", appointment, recipient=recipient, facts=facts, due_at=due_at)
    return move


def _providers(appointment: Appointment) -> list[tuple[int, str]]:
    """Return id and name of who provides each segment, in order."""
    rows = SegmentMember.objects.filter(segment__appointment=appointment, part=SegmentMember.Part.PROVIDES)
    return list(rows.order_by("segment__position").values_list("member_id", "member__name"))


def _shift(appointment: Appointment, start: datetime, zone: str, providers: Sequence[Member]) -> None:
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

"""Moving an appointment: the old time is freed only if the new one is held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from carnet.appointments.actions.answers import keep_answers, require_reason_note
from carnet.appointments.actions.moving import move_visit, must_be_movable
from carnet.appointments.actions.segments import lock_resources, resources_of
from carnet.appointments.availability import next_slots, resources_concerned
from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment, Reason
from carnet.appointments.promised import asks_of
from carnet.appointments.refusals import alternatives, just_taken
from carnet.base.constraints import violated
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable, unit_of_work
from carnet.customers.lookup import clean
from carnet.customisation.actions.keeping import judged_anew
from carnet.organisations.access import Access
from carnet.organisations.models import Member


def reschedule_appointment(
    access: Access,
    appointment: Appointment,
    start: datetime,
    *,
    member: Member | None = None,
    anyone: bool = False,
    reason: str = Reason.CUSTOMER,
    note: str = "",
    custom: Mapping[str, Any] | None = None,
    version: int | None = None,
    outside: Collection[str] = (),
) -> Appointment:
    """Move the visit to `start` (aware), with the same member unless another or anyone is asked for.

    The rules about hours that `outside` names are overridden, which needs a permission of its own.
    `custom` are the values of the layout « reschedule ». Raises Invalid, AppointmentClosed, StaleVersion,
    BookingRefused or SlotTaken; the visit then stands where it stood.
    """
    access.require("appointments.move")
    if outside:
        access.require("appointments.book_outside")
    if reason not in Reason.values:
        raise Invalid(reason=_("Say who asked for this: the customer or the team."))
    if start.second or start.microsecond:
        raise Invalid(start=_("A visit starts at a whole minute."))
    if len(note) > 500:
        raise Invalid(note=_("This is longer than %(limit)d characters.") % {"limit": 500})
    try:
        to = start.astimezone(UTC)
        return _moved(access, appointment, to, member, anyone, reason, clean(note), custom, version, outside)
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
    custom: Mapping[str, Any] | None,
    version: int | None,
    outside: Collection[str],
) -> Appointment:
    with unit_of_work():
        appointment = locked(access.visible(Appointment.objects.all()), pk=appointment.pk)
        if version is not None and version != appointment.version:
            raise StaleVersion
        must_be_movable(appointment)
        require_reason_note(access, note, "reschedule")
        answers = judged_anew(access, APPOINTMENTS, custom, appointment.custom, layout="reschedule")
        asks = asks_of(appointment, anyone=anyone, member=member)
        concerned = set(resources_concerned(asks).values_list("pk", flat=True))
        lock_resources(concerned | resources_of(appointment))
        answered = keep_answers(access, appointment, answers, "reschedule")
        move_visit(access, appointment, start, asks, reason=reason, note=note, answered=answered, outside=outside)
    return appointment

"""Ending an appointment: cancelled, no-show, or completed.

No door completes through `close`: `carnet.jobsheets.actions.complete_appointment` does, which asks for the job sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from carnet.appointments.actions.answers import keep_answers, require_reason_note
from carnet.appointments.actions.segments import free_the_rest, release
from carnet.appointments.facts import facts_of
from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment, Ending, Reason, Status
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable, unit_of_work
from carnet.customers.lookup import clean
from carnet.customisation.actions.keeping import judged_anew
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.outbox.actions import announce, let_go
from carnet.scheduling.hours import local


def cancel_appointment(
    access: Access,
    appointment: Appointment,
    *,
    reason: str,
    note: str = "",
    custom: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Ending:
    """Cancel the visit and free its time; `custom` are the values of the layout « cancel ».

    Raises Invalid, and AppointmentClosed for one that has ended or is under way.
    """
    access.require("appointments.cancel")
    return _end(access, appointment, Status.CANCELLED, reason=reason, note=note, custom=custom, version=version)


def mark_no_show(access: Access, appointment: Appointment, *, note: str = "", version: int | None = None) -> Ending:
    """Note that the customer did not come; possible once the visit's start has passed."""
    access.require("appointments.close")
    return _end(access, appointment, Status.NO_SHOW, reason=Reason.CUSTOMER, note=note, version=version)


def close(access: Access, appointment: Appointment, *, version: int | None = None) -> Ending:
    """Mark the visit as completed: actual start and end are recorded, and what it holds no longer is freed."""
    access.require("appointments.close")
    return _end(access, appointment, Status.COMPLETED, version=version)


@repeatable
def _end(
    access: Access,
    appointment: Appointment,
    status: Status,
    *,
    reason: str = "",
    note: str = "",
    custom: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Ending:
    access.require_fields(APPOINTMENTS, ["reason"] if note else [])
    if status == Status.CANCELLED and reason not in Reason.values:
        raise Invalid(reason=_("Say who asked for this: the customer or the team."))
    if len(note) > 500:
        raise Invalid(note=_("This is longer than %(limit)d characters.") % {"limit": 500})
    with unit_of_work():
        # Lock the visit, not its time: freeing time hurts nobody, but two may end the same visit at once.
        appointment = locked(access.visible(Appointment.objects.all()), pk=appointment.pk)
        if version is not None and version != appointment.version:
            raise StaleVersion
        before = appointment.status
        must_be_endable(access, appointment, status)
        held, answered = appointment.custom, {}
        if status == Status.CANCELLED:
            require_reason_note(access, clean(note), "cancel")
            answers = judged_anew(access, APPOINTMENTS, custom, held, layout="cancel")
            answered = keep_answers(access, appointment, answers, "cancel")
        appointment.status = status
        appointment.version += 1
        if status == Status.COMPLETED:
            appointment.started_at, appointment.ended_at = actual_times(access, appointment)
            free_the_rest(appointment, access.now)
        else:
            release(appointment)
        appointment.save(update_fields=["status", "version", "started_at", "ended_at"])
        ending = Ending.objects.create(
            organisation=access.organisation,
            appointment=appointment,
            status=status,
            before=before,
            reason=reason,
            note=clean(note),
            custom_before=held if answered else None,
            member=access.member,
            at=access.now,
        )
        changes = {"status": [before, status.value], **answered}
        record(access, f"appointment.{status.value}", appointment, changes=changes)
        if status == Status.CANCELLED:
            let_go(access, appointment)
            recipient, facts = facts_of(access, appointment)
            announce(access, "appointment_cancelled", appointment, recipient=recipient, facts=facts)
    return ending


def must_be_endable(access: Access, appointment: Appointment, status: Status) -> None:
    """Raise AppointmentClosed unless the visit may come to `status` from the state it is in."""
    if not appointment.is_open or (status != Status.COMPLETED and appointment.status == Status.IN_PROGRESS):
        raise appointment.closed()
    if appointment.status == Status.SCHEDULED and appointment.starts_at > access.now:
        if status == Status.COMPLETED:
            raise appointment.closed(_("This visit has not begun: start it first."))
        if status == Status.NO_SHOW:
            raise appointment.closed(_("This visit has not begun: cancel it instead."))


def actual_times(access: Access, appointment: Appointment) -> tuple[datetime, datetime]:
    """Return when the work began and ended: as started, or as planned; closed on a later day, it ended as planned."""
    started = appointment.started_at or appointment.starts_at
    same_day = local(access.now, appointment.zone).date == local(appointment.starts_at, appointment.zone).date
    as_now = appointment.started_at is not None and same_day
    ended = access.now if as_now else min(access.now, appointment.ends_at)
    return started, max(started, ended)

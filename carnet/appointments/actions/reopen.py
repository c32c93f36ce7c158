"""Taking an ending back: for ten minutes by who made it, later by an administrator with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from carnet.appointments.actions.answers import keep_answers
from carnet.appointments.actions.segments import hold_again, lock_resources, resources_of
from carnet.appointments.errors import TooLate
from carnet.appointments.facts import facts_of
from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import FINAL, Appointment, Ending, Status
from carnet.appointments.refusals import just_taken
from carnet.base.constraints import violated
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable, unit_of_work
from carnet.customers.lookup import clean
from carnet.customisation.queries import all_fields, current_layout, key_of
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.outbox.actions import announce

UNDO = timedelta(minutes=10)


def undo_ending(access: Access, appointment: Appointment, *, version: int | None = None) -> Appointment:
    """Take back one's own ending of the last ten minutes.

    Raises TooLate, AppointmentClosed, StaleVersion or SlotTaken.
    """
    access.require("appointments.close")
    return _back(access, appointment, version, reason="", undoing=True)


def reopen_appointment(
    access: Access, appointment: Appointment, *, reason: str, version: int | None = None
) -> Appointment:
    """Reopen an ended visit, if its time is still free.

    Raises Invalid without a reason, AppointmentClosed, StaleVersion or SlotTaken.
    """
    access.require("appointments.reopen")
    access.require_fields(APPOINTMENTS, ["reason"])
    if not clean(reason):
        raise Invalid(reason=_("Say why the appointment is reopened."))
    return _back(access, appointment, version, reason=clean(reason)[:500], undoing=False)


def may_undo(access: Access, appointment: Appointment) -> bool:
    """Return whether « Annuler cette action » is to be offered to this reader now."""
    if appointment.status not in FINAL:
        return False
    ending = last_ending(appointment)
    return ending is not None and is_own_and_recent(access, ending)


def last_ending(appointment: Appointment) -> Ending | None:
    return appointment.endings.filter(undone_at__isnull=True).first()


def is_own_and_recent(access: Access, ending: Ending) -> bool:
    mine = access.member is not None and ending.member_id == access.member.pk
    return mine and access.now - ending.at <= UNDO


def _back(access: Access, appointment: Appointment, version: int | None, *, reason: str, undoing: bool) -> Appointment:
    try:
        return _taken_back(access, appointment, version, reason, undoing)
    except IntegrityError as error:
        if violated(error) != "claim_no_overlap":
            raise
        raise just_taken((), access.organisation.zone) from None


@repeatable
def _taken_back(
    access: Access, appointment: Appointment, version: int | None, reason: str, undoing: bool
) -> Appointment:
    with unit_of_work():
        appointment = locked(access.visible(Appointment.objects.all()), pk=appointment.pk)
        if version is not None and version != appointment.version:
            raise StaleVersion
        if appointment.status not in FINAL:
            raise appointment.closed(_("This appointment has not ended."))
        ending = last_ending(appointment)
        if undoing and (ending is None or not is_own_and_recent(access, ending)):
            raise TooLate
        lock_resources(resources_of(appointment))
        was = appointment.status
        appointment.status = ending.before if ending else Status.SCHEDULED
        appointment.ended_at = None
        if appointment.status == Status.SCHEDULED:
            appointment.started_at = None
        appointment.version += 1
        appointment.save(update_fields=["status", "started_at", "ended_at", "version"])
        hold_again(appointment)
        taken_back: dict[str, list[Any]] = {}
        if undoing and ending is not None and ending.custom_before is not None:
            taken_back = keep_answers(
                access, appointment, _as_before(access, appointment, ending.custom_before), "cancel"
            )
        if ending is not None:
            ending.undone_at = access.now
            ending.save(update_fields=["undone_at"])
        kind = "appointment.undone" if undoing else "appointment.reopened"
        changes: dict[str, list[Any]] = {"status": [was, appointment.status], **taken_back}
        if reason:
            changes["reason"] = [None, reason]
        record(access, kind, appointment, changes=changes)
        if was == Status.CANCELLED:
            recipient, facts = facts_of(access, appointment)
            announce(access, "appointment_booked", appointment, recipient=recipient, facts=facts)
    return appointment


def _as_before(access: Access, appointment: Appointment, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the visit holds without what the ending asked; what a conversion has copied since stays."""
    asked = {key_of(field) for field in all_fields(current_layout(access, APPOINTMENTS, "cancel").document)}
    kept = {key: value for key, value in appointment.custom.items() if key not in asked}
    return kept | {key: value for key, value in before.items() if key in asked}

"""Giving an appointment to somebody else."""

from __future__ import annotations

from carnet.appointments.models import Appointment
from carnet.base.unit_of_work import repeatable
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.organisations.owners import give


@repeatable
def give_appointment(
    access: Access, appointment: Appointment, owner: Member | None, *, version: int | None = None
) -> Appointment:
    """Let `owner` own the appointment, or nobody: its members see it all the same; who provides it stays who it was.

    Raises StaleVersion when `version` is no longer the appointment's, Invalid for an owner whom the actor does not
    reach.
    """
    access.require("appointments.move")
    rows, kind = Appointment.objects.all(), "appointment.owner_changed"
    # Without an owner it is seen by its members only, so only who sees everything can take the owner away.
    return give(access, rows, appointment.pk, owner, house=access.reaches_everything, kind=kind, version=version)

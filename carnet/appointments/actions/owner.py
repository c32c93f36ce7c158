"""Giving an appointment to somebody else."""

from __future__ import annotations

from carnet.appointments.models import Appointment
from carnet.base.errors import StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member
from carnet.organisations.owners import checked_owner


@repeatable
def give_appointment(
    access: Access, appointment: Appointment, owner: Member | None, *, version: int | None = None
) -> Appointment:
    """Let `owner` own the appointment, or nobody: its members see it all the same; who provides it stays who it was.

    Raises StaleVersion when `version` is no longer the appointment's, Invalid for an owner whom the actor does not
    reach.
    """
    access.require("appointments.move")
    # Without an owner it is seen by its members only, so only who sees everything can take the owner away.
    owner = checked_owner(access, owner, house=access.reaches_everything)
    appointment = locked(access.visible(Appointment.objects.all()), pk=appointment.pk)
    if version is not None and version != appointment.version:
        raise StaleVersion
    if appointment.owner != owner:
        names = [one.name if one else None for one in (appointment.owner, owner)]
        appointment.owner = owner
        appointment.version += 1
        appointment.save(update_fields=["owner", "version"])
        record(access, "appointment.owner_changed", appointment, changes={"owned_by": names})
    return appointment

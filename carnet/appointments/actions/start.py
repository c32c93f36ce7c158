"""Starting the work: any time on the day of the visit, early too."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.appointments.models import Appointment, Status
from carnet.base.errors import StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable, unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.scheduling.hours import local


@repeatable
def start_appointment(access: Access, appointment: Appointment, *, version: int | None = None) -> Appointment:
    """Note that the work began now; starting twice changes nothing. Raises AppointmentClosed or StaleVersion."""
    access.require("appointments.close")
    with unit_of_work():
        appointment = locked(access.visible(Appointment.objects.all()), pk=appointment.pk)
        if appointment.status == Status.IN_PROGRESS:
            # What was asked for is so, whoever asked first: a second press is no conflict.
            return appointment
        if version is not None and version != appointment.version:
            raise StaleVersion
        if appointment.status != Status.SCHEDULED:
            raise appointment.closed()
        if local(access.now, appointment.zone).date != local(appointment.starts_at, appointment.zone).date:
            raise appointment.closed(_("A visit can be started on its day only."))
        appointment.status = Status.IN_PROGRESS
        appointment.started_at = access.now
        appointment.version += 1
        appointment.save(update_fields=["status", "started_at", "version"])
        record(access, "appointment.started", appointment, changes={"status": ["scheduled", "in_progress"]})
    return appointment

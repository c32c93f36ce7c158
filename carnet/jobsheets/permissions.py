"""Who may see a job sheet: whoever sees its appointment."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from carnet.appointments.models import Appointment
from carnet.appointments.permissions import appointments_seen
from carnet.customisation.holders import holds_values
from carnet.jobsheets.models import JobSheet
from carnet.organisations.access import Access, sees


@sees(JobSheet)
def job_sheets_seen(access: Access) -> Q:
    return Q(Exists(Appointment.objects.filter(appointments_seen(access), pk=OuterRef("appointment_id")).order_by()))


# A sheet is opened from its visit.
holds_values("job_sheets", JobSheet, seen_by=("appointments.see", "job_sheets.see"), filled_by=("job_sheets.fill",))

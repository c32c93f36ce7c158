"""Job sheets: what was done, used, signed."""

from __future__ import annotations

from django.db import models

from carnet.appointments.models import Appointment
from carnet.base.constraints import tenant_constraints
from carnet.base.records import Addressable, Customisable
from carnet.base.scopes import Tenant
from carnet.customisation.models import LayoutVersion
from carnet.organisations.models import Member


class JobSheet(Addressable, Customisable, Tenant):
    """The sheet of one visit; keeps the layout version it was filled in with."""

    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, related_name="job_sheet")
    layout_version = models.ForeignKey(LayoutVersion, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [*tenant_constraints("job_sheet", "appointment", "layout_version", "member")]

    def __str__(self) -> str:
        return str(self.public_id)

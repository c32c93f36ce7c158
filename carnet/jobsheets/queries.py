"""Reading job sheets."""

from __future__ import annotations

from django.db.models import QuerySet

from carnet.appointments.models import Appointment
from carnet.base.typed_text import fold
from carnet.customisation.lookups import known_of
from carnet.customisation.models import Layout, LayoutVersion, Module
from carnet.customisation.permissions import module_is_on
from carnet.customisation.predefined import STANDARD
from carnet.customisation.queries import FieldEntry, key_of, newest_version
from carnet.customisation.values import Setting, missing_required
from carnet.jobsheets.fields import JOB_SHEETS
from carnet.jobsheets.models import JobSheet
from carnet.organisations.access import Access
from carnet.scheduling.hours import local


def sheet_of(access: Access, appointment: Appointment, drawn: LayoutVersion | None = None) -> JobSheet:
    """Return the visit's sheet with the layout version it was filled in with.

    Nobody having saved one yet, it is blank: unsaved (`pk` is None), version 0, drawn by the layout as it is now,
    or as it was when the form was `drawn` that is being sent.
    """
    access.require("job_sheets.see")
    return kept_or_blank(access, appointment, drawn)


def kept_or_blank(access: Access, appointment: Appointment, drawn: LayoutVersion | None = None) -> JobSheet:
    """Return what `sheet_of` does, for actions that have asked for their own permission."""
    kept = JobSheet.objects.select_related("layout_version__layout", "member").filter(appointment=appointment).first()
    if kept is not None:
        return kept
    return JobSheet(
        organisation=access.organisation,
        appointment=appointment,
        layout_version=drawn or newest_version(access, Module.Key.JOB_SHEETS, layout_name_of(appointment)),
        version=0,
        saved_at=access.now,
    )


def layout_name_of(appointment: Appointment) -> str:
    """Return what a blank sheet of the visit is drawn with: the layout of its first service that asks for a sheet.

    Where none of them does, that of its first service.
    """
    segments = appointment.segments.order_by("-service__asks_job_sheet", "position", "pk")
    return segments.values_list("service__job_sheet_layout__name", flat=True).first() or STANDARD


def sheet_layouts() -> list[Layout]:
    """Return the layouts that a service's sheets can be drawn with, the standard one first."""
    return sorted(_layouts().filter(archived=False), key=lambda one: (one.name != STANDARD, fold(one.label), one.pk))


def removed_sheet_layouts() -> list[Layout]:
    """Return the layouts that were taken away and can be put back."""
    return sorted(_layouts().filter(archived=True), key=lambda one: (fold(one.label), one.pk))


def _layouts() -> QuerySet[Layout]:
    return Layout.objects.filter(module=Module.Key.JOB_SHEETS)


def sheet_is_demanded(access: Access, appointment: Appointment) -> bool:
    """Return whether the visit cannot be completed before its sheet is filled in."""
    if not module_is_on(access, Module.Key.JOB_SHEETS):
        return False
    return appointment.segments.filter(service__asks_job_sheet=True).exists()


def fields_awaited(access: Access, appointment: Appointment) -> tuple[FieldEntry, ...]:
    """Return the required fields that still keep the visit from being completed, in the sheet's order.

    Of a field that may not be edited nothing is demanded: nobody is held up by what they cannot fill in.
    """
    if not sheet_is_demanded(access, appointment):
        return ()
    sheet = kept_or_blank(access, appointment)
    missing = missing_required(sheet.layout_version.document, sheet.custom)
    return tuple(field for field in missing if access.may_edit_field(JOB_SHEETS, key_of(field)))


def version_drawn(text: str) -> LayoutVersion | None:
    """Return the version of a layout that a form says it was drawn with ("repair/3"), None if there is none such."""
    name, _slash, number = text.rpartition("/")
    if not (number.isascii() and number.isdecimal() and len(number) < 9):
        return None
    versions = LayoutVersion.objects.select_related("layout").filter(layout__module=Module.Key.JOB_SHEETS)
    return versions.filter(layout__name=name[:80], number=int(number)).first()


def setting_of(access: Access, appointment: Appointment) -> Setting:
    """Return where the sheet's wall times are: the visit's zone, and its day for a time alone; and who it names."""
    day = local(appointment.starts_at, appointment.zone).date
    return Setting(appointment.zone, day, lookups=known_of(access))

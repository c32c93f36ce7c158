"""Filling in job sheets, and completing a visit: the only way to do so, because it asks for the sheet first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnet.appointments.actions import close
from carnet.appointments.actions.close import must_be_endable
from carnet.appointments.models import Appointment, Ending, Status
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable
from carnet.customisation.actions.files import files_in, hold_files
from carnet.customisation.actions.keeping import defaults_kept
from carnet.customisation.models import LayoutVersion
from carnet.customisation.queries import fields_of, key_of
from carnet.customisation.values import missing_required, validated
from carnet.jobsheets.errors import SheetIncomplete
from carnet.jobsheets.fields import JOB_SHEETS
from carnet.jobsheets.models import JobSheet
from carnet.jobsheets.queries import fields_awaited, kept_or_blank, setting_of, sheet_is_demanded
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.fields import is_added


@repeatable
def fill_job_sheet(
    access: Access,
    appointment: Appointment,
    values: Mapping[str, Any],
    *,
    version: int | None = None,
    drawn: LayoutVersion | None = None,
) -> JobSheet:
    """Save `values` ("f<field id>" -> value); fields not given stay as they are, an empty value empties its field.

    `version` is that of the sheet as it was read, 0 for a blank one; None asks nothing. Sent twice, it is saved once.
    A blank sheet begins with its defaults, and keeps the layout version it was `drawn` with, else the newest. Required
    fields may still be empty: they are demanded at completion, and kept from then on. Raises Invalid by key,
    FieldRefused, StaleVersion, SheetIncomplete, or AppointmentClosed for a visit that did not take place.
    """
    access.require("job_sheets.fill")
    access.require_fields(JOB_SHEETS, [key for key in values if is_added(key)])
    appointment = locked(access.visible(Appointment.objects.all()), pk=appointment.pk)
    if appointment.status in (Status.CANCELLED, Status.NO_SHOW):
        raise appointment.closed()
    sheet = kept_or_blank(access, appointment, drawn)
    document = sheet.layout_version.document
    known = {key_of(field) for field in fields_of(document)}
    begun = sheet.custom if sheet.pk is not None else defaults_kept(document)
    checked = validated(document, values, setting=setting_of(access, appointment), before=begun)
    if version is not None and version != sheet.version and (checked.errors or checked.after != sheet.custom):
        raise StaleVersion
    if checked.errors:
        raise Invalid(**checked.errors)
    before = dict(sheet.custom)
    after = checked.after
    if sheet.pk is not None and before == after:
        return sheet
    # What a completed visit rests on stays written; what nobody demanded then is not demanded now.
    emptied = [field for field in missing_required(document, after) if key_of(field) in before]
    if emptied and appointment.status == Status.COMPLETED and sheet_is_demanded(access, appointment):
        raise SheetIncomplete(emptied)
    sheet.custom = after
    sheet.version += 1
    sheet.saved_at = access.now
    sheet.member = access.member
    sheet.save()
    fields = list(fields_of(document))
    hold_files(access, files_in(fields, after), files_in(fields, before), sheet.pk)
    changes = {key: [before.get(key), after.get(key)] for key in sorted(known) if before.get(key) != after.get(key)}
    record(access, "job_sheet.saved", sheet, changes=changes)
    return sheet


@repeatable
def complete_appointment(
    access: Access,
    appointment: Appointment,
    *,
    values: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Ending:
    """Mark the visit as complete, after saving `values` into its sheet if any are given: both or neither.

    `version` is the appointment's. Raises SheetIncomplete when its service asks for a sheet that lacks required
    fields, Invalid for a value, AppointmentClosed, or StaleVersion; nothing has changed then.
    """
    access.require("appointments.close")
    appointment = locked(access.visible(Appointment.objects.all()), pk=appointment.pk)
    if version is not None and version != appointment.version:
        raise StaleVersion
    # A visit that has ended cannot be completed, whatever its sheet says: that refusal comes first.
    must_be_endable(access, appointment, Status.COMPLETED)
    if values is not None:
        fill_job_sheet(access, appointment, values)
    if missing := fields_awaited(access, appointment):
        raise SheetIncomplete(missing)
    return close(access, appointment, version=version)

"""The job sheet: saved as it is filled in, demanded when the visit is completed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carnet.appointments.errors import AppointmentClosed
from carnet.appointments.models import Appointment, Status
from carnet.appointments.refusals import time_text
from carnet.base.errors import Invalid, StaleVersion, TradeError
from carnet.customisation.actions.keeping import defaults_kept
from carnet.customisation.queries import fields_of, key_of
from carnet.customisation.values import moment_value
from carnet.desk.forms.appointments import version_read
from carnet.desk.forms.job_sheet import JobSheetForm
from carnet.desk.queries.appointments import visit_of
from carnet.desk.queries.history import record_history
from carnet.desk.sheets import day_changed, private, see_other, sheet, wants_fragment
from carnet.desk.views.appointments import (
    appointment_of,
    back_to,
    came_from_my_day,
    day_of,
    done,
    refused,
    way_back,
)
from carnet.jobsheets.actions import complete_appointment, fill_job_sheet
from carnet.jobsheets.errors import SheetIncomplete
from carnet.jobsheets.fields import JOB_SHEETS
from carnet.jobsheets.models import JobSheet
from carnet.jobsheets.queries import setting_of, sheet_is_demanded, sheet_of, version_drawn
from carnet.organisations.access import Access
from carnet.organisations.requests import OrganisationRequest


@require_http_methods(["GET", "POST"])
def job_sheet(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    """Show the sheet; POST saves it: a part while it is being filled in, or the whole, and then completes the visit."""
    found = appointment_of(request, appointment_id)
    if request.method == "GET":
        return _draw(request, found)
    request.access.require("job_sheets.fill")
    if request.POST.get("part"):
        return _save_part(request, found)
    return _save_whole(request, found)


def incomplete_sheet(request: OrganisationRequest, appointment: Appointment, error: SheetIncomplete) -> HttpResponse:
    """Open the sheet because it is demanded: the empty fields are named, the first of them has the focus."""
    response = _draw(request, appointment, incomplete=error, status=error.status)
    address = reverse("job_sheet", args=[appointment.public_id])
    response["HX-Push-Url"] = f"{address}?back=my-day" if came_from_my_day(request) else address
    response["HX-Retarget"], response["HX-Reswap"] = "#sheet", "innerHTML"
    return response


def _save_part(request: OrganisationRequest, appointment: Appointment) -> HttpResponse:
    """Answer the page's own script, which sends what has changed: the new version, or why it is not saved."""
    access, drawn = request.access, version_drawn(request.POST.get("drawn", ""))
    kept = sheet_of(access, appointment, drawn)
    values = _typed(access, kept, appointment, request.POST)
    if not kept.pk:
        # What the blank sheet showed filled in beforehand is on it from the first word that is saved.
        values = _known_already(access, kept, appointment) | values
    try:
        saved = fill_job_sheet(access, appointment, values, version=version_read(request.POST), drawn=drawn)
    except Invalid as error:
        return JsonResponse({"sentence": error.sentence(), "errors": error.errors}, status=error.status)
    except (StaleVersion, AppointmentClosed, SheetIncomplete) as error:
        return JsonResponse({"sentence": error.sentence(), "errors": {}}, status=error.status)
    said = _("Saved at %(time)s") % {"time": time_text(saved.saved_at, appointment.zone)}
    return private(JsonResponse({"version": saved.version, "sentence": said}))


def _typed(access: Access, kept: JobSheet, appointment: Appointment, data: QueryDict) -> dict[str, Any]:
    return JobSheetForm(access, kept, setting_of(access, appointment), data).custom or {}


def _save_whole(request: OrganisationRequest, appointment: Appointment) -> HttpResponse:
    access, drawn = request.access, version_drawn(request.POST.get("drawn", ""))
    values = _typed(access, sheet_of(access, appointment, drawn), appointment, request.POST)
    version = version_read(request.POST)
    errors: dict[str, str] = {}
    try:
        try:
            fill_job_sheet(access, appointment, values, version=version, drawn=drawn)
        except Invalid as error:
            # What can be kept is kept; the rest stays on the page, each beside its field.
            errors = error.errors
            kept = {key: value for key, value in values.items() if key not in errors}
            fill_job_sheet(access, appointment, kept, version=version, drawn=drawn)
        if errors:
            return _draw(request, appointment, data=request.POST, errors=errors, status=422)
        if "complete" in request.POST:
            complete_appointment(access, appointment, version=version_read(request.POST, "visit_version"))
            return done(request, appointment, _("The visit is complete."), undo=True)
    except SheetIncomplete as error:
        return _draw(request, appointment, data=request.POST, incomplete=error, status=error.status)
    except StaleVersion as error:
        fresh = appointment_of(request, appointment.public_id)
        return _draw(request, fresh, data=request.POST, stale=error, status=error.status)
    except AppointmentClosed as error:
        fresh = appointment_of(request, appointment.public_id)
        if fresh.status == Status.COMPLETED:
            return refused(request, appointment, error)
        # It did not take place, so nothing can be saved; what was typed stays on the page, to be copied elsewhere.
        return _draw(request, fresh, data=request.POST, closed=error, status=error.status)
    if wants_fragment(request):
        return day_changed(_draw(request, appointment_of(request, appointment.public_id), saved=True))
    messages.success(request, _("The job sheet is saved."))
    return see_other(back_to(request, appointment))


def _draw(
    request: OrganisationRequest,
    appointment: Appointment,
    *,
    data: QueryDict | None = None,
    errors: dict[str, str] | None = None,
    incomplete: SheetIncomplete | None = None,
    stale: TradeError | None = None,
    closed: TradeError | None = None,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    access = request.access
    kept = sheet_of(access, appointment, version_drawn(data.get("drawn", "")) if data is not None else None)
    demanded = sheet_is_demanded(access, appointment)
    shown = kept.custom
    if not kept.pk:
        shown = defaults_kept(kept.layout_version.document) | _known_already(access, kept, appointment)
    form = JobSheetForm(access, kept, setting_of(access, appointment), data, stored=shown, demanded=demanded)
    refusal = ""
    if incomplete is not None:
        refusal = incomplete.sentence()
        empty = _("Fill this in to mark the appointment as complete.")
        form.refused({key_of(field): empty for field in incomplete.fields})
    elif stale is not None:
        refusal = stale.sentence()
        form.tell_what_is_new(kept.custom)
    elif closed is not None:
        kept_here = _("Nothing was saved; what was typed is still here.")
        refusal = f"{closed.sentence()} {kept_here}"
    elif errors:
        form.refused(errors)
    context = {
        "visit": visit_of(access, appointment),
        "appointment": appointment,
        "job_sheet": kept,
        "form": form,
        "demanded": demanded,
        "refusal": refusal,
        "saved": saved,
        "history": record_history(access, kept) if kept.pk else [],
        "may_fill": access.may("job_sheets.fill"),
        **way_back(request, appointment),
    }
    return sheet(request, "desk/job_sheet/_job_sheet.html", context, day=day_of(appointment), status=status)


def _known_already(access: Access, blank: JobSheet, appointment: Appointment) -> dict[str, Any]:
    """Return what a blank sheet need not be told: for whom it is, and when the work began."""
    customer = appointment.customer
    known = {
        "name": customer.name if customer else "",
        "actual_start": moment_value(appointment.started_at) if appointment.started_at else None,
    }
    fields = fields_of(blank.layout_version.document)
    return {
        key_of(field): known[field["key"]]
        for field in fields
        if known.get(field.get("key", "")) and access.may_edit_field(JOB_SHEETS, key_of(field))
    }

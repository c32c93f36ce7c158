"""A visit's sheet, and what is done with a visit: start, complete, move, cancel, no-show, undo, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.appointments.actions import (
    cancel_appointment,
    edit_appointment,
    mark_no_show,
    reopen_appointment,
    reschedule_appointment,
    start_appointment,
    undo_ending,
)
from carnet.appointments.errors import AppointmentClosed, BookingRefused, TooLate
from carnet.appointments.facts import their_time
from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment
from carnet.appointments.refusals import moment_text, time_text
from carnet.base.errors import Invalid, StaleVersion, TradeError
from carnet.desk.forms.appointments import (
    CancellationForm,
    DetailsForm,
    NoShowForm,
    ReopeningForm,
    ScheduleForm,
    version_read,
)
from carnet.desk.forms.field_rights import drop_disabled, leave_editable, require_named
from carnet.desk.forms.own_fields import OwnFields
from carnet.desk.queries.appointments import visible_appointments, visit_of
from carnet.desk.queries.history import record_history
from carnet.desk.queries.moving import moving, whom
from carnet.desk.sheets import day_changed, see_other, sheet, wants_fragment
from carnet.desk.views.outside import may_outside, offer, overridden, with_time_typed
from carnet.jobsheets.actions import complete_appointment
from carnet.jobsheets.errors import SheetIncomplete
from carnet.organisations.requests import OrganisationRequest
from carnet.scheduling.hours import local

FormT = TypeVar("FormT", bound=forms.Form)

#: What a sheet says itself; every other error of the trade is answered by the middleware.
TOLD_IN_SHEET = (AppointmentClosed, TooLate, StaleVersion, BookingRefused)


def appointment_of(request: OrganisationRequest, appointment_id: UUID) -> Appointment:
    """Return the visit as it is now; 404 for one that does not exist or that this reader may not see."""
    return get_object_or_404(visible_appointments(request.access), public_id=appointment_id)


def day_of(appointment: Appointment) -> date:
    return local(appointment.starts_at, appointment.zone).date


def back_to(request: HttpRequest, appointment: Appointment) -> str:
    """Return where the reader came from: one's own day (`back=my-day`), else the visit's sheet."""
    if came_from_my_day(request):
        return f"{reverse('my_day')}?{urlencode({'day': day_of(appointment).isoformat()})}"
    return reverse("appointment", args=[appointment.public_id])


def came_from_my_day(request: HttpRequest) -> bool:
    return (request.POST.get("back") or request.GET.get("back")) == "my-day"


def way_back(request: HttpRequest, appointment: Appointment) -> dict[str, str]:
    """Return what a sheet needs to lead back: where its cross goes, and what its forms and links carry along."""
    if came_from_my_day(request):
        return {"close_url": back_to(request, appointment), "back": "my-day", "suffix": "?back=my-day"}
    return {"close_url": reverse("day", args=[day_of(appointment)]), "back": "", "suffix": ""}


def appointment_sheet(
    request: OrganisationRequest,
    appointment: Appointment,
    *,
    toast: str = "",
    undo: bool = False,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with the visit's sheet as it is now; `toast` says what has happened, `undo` offers to take it back."""
    appointment = appointment_of(request, appointment.public_id)
    context = {
        "visit": visit_of(request.access, appointment),
        "appointment": appointment,
        "history": record_history(request.access, appointment),
        "refusal": refusal,
        "toast": toast if wants_fragment(request) else "",
        "toast_undo": reverse("appointment_undo", args=[appointment.public_id]) if undo else "",
        **way_back(request, appointment),
        "their_time": bool(their_time(appointment)) and request.access.may_read_field("customers", "zone"),
        "may_see_customer": request.access.may("customers.see"),
    }
    return sheet(request, "desk/appointments/_appointment.html", context, day=day_of(appointment), status=status)


def done(request: OrganisationRequest, appointment: Appointment, said: str, *, undo: bool = False) -> HttpResponse:
    """Answer after a change: the sheet anew beside a refreshed day, or back to where the form was."""
    if not wants_fragment(request):
        messages.success(request, said)
        return see_other(back_to(request, appointment))
    if came_from_my_day(request):
        messages.success(request, said)
        return HttpResponse(headers={"HX-Redirect": back_to(request, appointment)})
    response = appointment_sheet(request, appointment, toast=said, undo=undo)
    response["HX-Push-Url"] = reverse("appointment", args=[appointment.public_id])
    response["HX-Retarget"], response["HX-Reswap"] = "#sheet", "innerHTML"
    return day_changed(response)


def refused(request: OrganisationRequest, appointment: Appointment, error: TradeError) -> HttpResponse:
    """Answer with the visit as it is now and why it could not be changed; the day beside it looks again."""
    return day_changed(appointment_sheet(request, appointment, refusal=error.sentence(), status=error.status))


@require_GET
def appointment(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    return appointment_sheet(request, appointment_of(request, appointment_id))


@require_POST
def start(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    found = appointment_of(request, appointment_id)
    try:
        start_appointment(request.access, found, version=version_read(request.POST))
    except TOLD_IN_SHEET as error:
        return refused(request, found, error)
    return done(request, found, _("The visit has started."))


@require_POST
def completion(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    """Mark the visit as complete; its job sheet opens by itself when it is demanded and not filled in."""
    from carnet.desk.views.job_sheet import incomplete_sheet

    found = appointment_of(request, appointment_id)
    try:
        complete_appointment(request.access, found, version=version_read(request.POST))
    except SheetIncomplete as error:
        return incomplete_sheet(request, found, error)
    except TOLD_IN_SHEET as error:
        return refused(request, found, error)
    return done(request, found, _("The visit is complete."), undo=True)


@require_POST
def undo(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    found = appointment_of(request, appointment_id)
    try:
        undo_ending(request.access, found, version=version_read(request.POST))
    except TOLD_IN_SHEET as error:
        return refused(request, found, error)
    return done(request, found, _("The action has been taken back."))


@require_http_methods(["GET", "POST"])
def cancellation(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    request.access.require("appointments.cancel")
    found = appointment_of(request, appointment_id)
    form = _for_reader(
        request, CancellationForm, request.POST or None, initial={"version": found.version}, auto_id="cancellation-%s"
    )
    own = _own(request, "cancel", form, {"note": "reason_note"})
    if request.method == "GET" or not form.is_valid():
        return _ask(request, found, "cancellation", form, own)
    data = form.cleaned_data
    try:
        cancel_appointment(
            request.access,
            found,
            reason=data["reason"],
            note=data.get("note", ""),
            custom=own.custom,
            version=data["version"],
        )
    except Invalid as error:
        _tell(form, own.refused(error.errors))
        return _ask(request, found, "cancellation", form, own)
    except TOLD_IN_SHEET as error:
        return refused(request, found, error)
    return done(request, found, _("The appointment is cancelled."), undo=True)


@require_http_methods(["GET", "POST"])
def no_show(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    request.access.require("appointments.close")
    found = appointment_of(request, appointment_id)
    form = _for_reader(
        request, NoShowForm, request.POST or None, initial={"version": found.version}, auto_id="no-show-%s"
    )
    if request.method == "GET" or not form.is_valid():
        return _ask(request, found, "no_show", form)
    try:
        mark_no_show(
            request.access, found, note=form.cleaned_data.get("note", ""), version=form.cleaned_data["version"]
        )
    except TOLD_IN_SHEET as error:
        return refused(request, found, error)
    return done(request, found, _("It is noted that the customer did not come."), undo=True)


@require_http_methods(["GET", "POST"])
def reopening(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    request.access.require("appointments.reopen")
    found = appointment_of(request, appointment_id)
    form = _for_reader(
        request, ReopeningForm, request.POST or None, initial={"version": found.version}, auto_id="reopening-%s"
    )
    if request.method == "GET" or not form.is_valid():
        return _ask(request, found, "reopening", form)
    try:
        reopen_appointment(
            request.access, found, reason=form.cleaned_data["reason"], version=form.cleaned_data["version"]
        )
    except Invalid as error:
        for name, sentence in error.errors.items():
            form.add_error(name, sentence)
        return _ask(request, found, "reopening", form)
    except TOLD_IN_SHEET as error:
        return refused(request, found, error)
    return done(request, found, _("The appointment is open again."))


def _for_reader(request: OrganisationRequest, form: type[FormT], data: QueryDict | None = None, **more: Any) -> FormT:
    """Return the form without the note, for who may not write it; raises FieldRefused if it was sent all the same."""
    names = {"note": "reason"}
    require_named(request.access, APPOINTMENTS, data or (), names)
    made = form(data, **more)
    leave_editable(request.access, APPOINTMENTS, made, names)
    drop_disabled(made)
    return made


def _own(request: OrganisationRequest, layout: str, form: forms.Form, inputs: Mapping[str, str]) -> OwnFields:
    """Return what a layout of visits asks besides; `inputs` of the `form` are called, demanded, or gone as it says."""
    own = OwnFields(request.access, APPOINTMENTS, layout=layout, data=request.POST or None)
    for name, key in inputs.items():
        if name in form.fields:
            own.lay_out(form, name, key)
    return own


def _tell(form: forms.Form, errors: Mapping[str, Any]) -> None:
    for name, sentence in errors.items():
        form.add_error(name if name in form.fields else None, str(sentence))


def _ask(
    request: OrganisationRequest, appointment: Appointment, what: str, form: forms.Form, own: OwnFields | None = None
) -> HttpResponse:
    """Answer with the small form that a change needs; 422 when it comes back with something wrong."""
    context = {
        "visit": visit_of(request.access, appointment),
        "appointment": appointment,
        "form": form,
        "own": own,
        **way_back(request, appointment),
    }
    status = 422 if form.is_bound else 200
    return sheet(request, f"desk/appointments/_{what}.html", context, day=day_of(appointment), status=status)


@require_http_methods(["GET", "POST"])
def details(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    """Correct what was said when the visit was booked."""
    access = request.access
    access.require("appointments.move")
    found = appointment_of(request, appointment_id)
    require_named(access, APPOINTMENTS, request.POST, {"note": "note"})
    form = DetailsForm(
        request.POST or None, initial={"version": found.version, "note": found.note}, auto_id="details-%s"
    )
    own = OwnFields(access, APPOINTMENTS, layout="create", stored=found.custom, data=request.POST or None, around=form)
    leave_editable(access, APPOINTMENTS, form, {"note": "note"})
    drop_disabled(form)
    if request.method == "GET" or not form.is_valid():
        return _ask(request, found, "details", form, own)
    data = form.cleaned_data
    try:
        edited = edit_appointment(access, found, note=data.get("note"), custom=own.custom, version=data["version"])
    except Invalid as error:
        _tell(form, own.refused(error.errors))
        return _ask(request, found, "details", form, own)
    except TOLD_IN_SHEET as error:
        return refused(request, found, error)
    return done(request, edited, _("The details are saved."))


@require_http_methods(["GET", "POST"])
def schedule(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    """Move the visit: free starts to choose from, the same member first."""
    access = request.access
    access.require("appointments.move")
    found = appointment_of(request, appointment_id)
    if request.method == "GET":
        if not visit_of(access, found).possible.move:
            return refused(request, found, found.closed())
        form = _for_reader(request, ScheduleForm, initial={"version": found.version}, auto_id="move-%s")
        return _schedule(request, found, form, _own(request, "reschedule", form, {"note": "reason_note"}))
    sent = with_time_typed(access, request.POST)
    form = _for_reader(request, ScheduleForm, sent, auto_id="move-%s")
    own = _own(request, "reschedule", form, {"note": "reason_note"})
    if not form.is_valid():
        return _schedule(request, found, form, own, status=422)
    data = form.cleaned_data
    who = whom(access, found, data["who"])
    try:
        moved = reschedule_appointment(
            access,
            found,
            data["start"],
            member=who.member,
            anyone=who.anyone,
            reason=data["reason"],
            note=data.get("note", ""),
            custom=own.custom,
            version=data["version"],
            outside=overridden(sent),
        )
    except BookingRefused as error:
        return _schedule(request, found, form, own, refusal=error, start=data["start"], status=error.status)
    except Invalid as error:
        _tell(form, own.refused(error.errors))
        return _schedule(request, found, form, own, status=422)
    except TOLD_IN_SHEET as error:
        return refused(request, found, error)
    moment = moment_text(moved.starts_at, moved.zone)
    return done(request, moved, _("The appointment is moved to %(moment)s.") % {"moment": moment})


def _schedule(
    request: OrganisationRequest,
    appointment: Appointment,
    form: ScheduleForm,
    own: OwnFields,
    *,
    refusal: BookingRefused | None = None,
    start: datetime | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    zone = request.access.organisation.zone
    seen = moving(
        request.access,
        appointment,
        whom(request.access, appointment, asked.get("who", "")),
        day=_date(asked.get("day", "")),
        first=_date(asked.get("from", "")),
    )
    alternatives = [
        {
            "value": other.start.isoformat(),
            "label": moment_text(other.start, zone)
            if other.start.date() != seen.chosen
            else time_text(other.start, zone),
        }
        for other in (refusal.alternatives if refusal else ())
    ]
    context: dict[str, Any] = {
        "visit": visit_of(request.access, appointment),
        "appointment": appointment,
        "form": form,
        "own": own,
        "moving": seen,
        "refusal": refusal,
        "alternatives": alternatives,
        "may_outside": may_outside(request.access),
        "outside": offer(refusal, start),
        "chosen_start": asked.get("start", ""),
        **way_back(request, appointment),
    }
    day = seen.chosen if seen.days else day_of(appointment)
    return sheet(request, "desk/appointments/_schedule.html", context, day=day, status=status)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

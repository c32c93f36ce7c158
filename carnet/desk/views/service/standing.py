"""Whether a service can be had: outages from now or planned, not in use, and available again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from carnet.appointments.actions.changes import OutageAdded, TakenOutOfUse
from carnet.appointments.refusals import moment_text
from carnet.base.errors import Invalid
from carnet.catalogue.actions import end_outage, mark_available
from carnet.catalogue.models import Outage, Service
from carnet.catalogue.returning import back_at, choices
from carnet.desk.forms.service import ServiceForm
from carnet.desk.forms.service_errors import refuse as refuse_service
from carnet.desk.forms.service_outage import OutageForm, PlannedOutageForm, asked_period, refuse
from carnet.desk.forms.service_typed import AVAILABLE, as_posted
from carnet.desk.queries.service import visits_within
from carnet.desk.sheets import sheet
from carnet.desk.views.impact import made
from carnet.desk.views.price_list import customer_on_the_phone
from carnet.desk.views.service.form import EDIT, edited_form, form_sheet
from carnet.desk.views.service.record import (
    address_of,
    done,
    question,
    service_asked,
    suffix_of,
)
from carnet.organisations.requests import OrganisationRequest


@require_http_methods(["GET", "POST"])
def outage(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    """« Marquer comme temporairement indisponible »; `plan` in what is posted says that it is a period to come."""
    request.access.require("catalogue.edit")
    found = service_asked(request, service_id)
    if request.method == "GET":
        return _outage_sheet(request, found)
    access = request.access
    planned = "plan" in request.POST
    form: OutageForm | PlannedOutageForm = (
        PlannedOutageForm(access, request.POST) if planned else OutageForm(access, choices(access, found), request.POST)
    )
    if form.is_valid():
        try:
            starts_at, ends_at = form.period()
            change = OutageAdded(found, starts_at, ends_at, form.cleaned_data["reason"])
            standing_visits = visits_within(access, found, starts_at, ends_at)
            if (preview := made(request, change)) is not None:
                return preview
            return done(request, found, _marked(request, starts_at, ends_at, standing_visits))
        except Invalid as error:
            refuse(form, error.errors)
    return _outage_sheet(request, found, form, status=422)


def _outage_sheet(
    request: OrganisationRequest,
    found: Service,
    bound: OutageForm | PlannedOutageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    access = request.access
    suffix = suffix_of(customer_on_the_phone(request))
    planned = isinstance(bound, PlannedOutageForm)
    asked = request.GET if request.method == "GET" else request.POST
    typed = {name: asked[name] for name in ("until", "on", "at", "reason") if name in asked}
    now = bound if isinstance(bound, OutageForm) else OutageForm(access, choices(access, found), initial=typed)
    period = asked_period(access, typed)
    context = {
        "service": found,
        "form": now,
        "planned_form": bound if planned else PlannedOutageForm(access),
        "plans": planned,
        "period": period,
        "back": back_at(access, found, period[1]) if period else None,
        "visits": visits_within(access, found, *period) if period else 0,
        "action": reverse("service_outage", args=[found.public_id]) + suffix,
        "back_url": address_of(found, suffix),
        "close_url": address_of(found, suffix),
    }
    return sheet(request, "desk/service/_outage.html", context, status=status)


def _marked(request: OrganisationRequest, starts_at: datetime, ends_at: datetime, visits: int) -> str:
    zone = request.access.organisation.zone
    end = moment_text(ends_at, zone)
    if starts_at > request.access.now:
        said = _("Unavailable from %(start)s until %(end)s.") % {"start": moment_text(starts_at, zone), "end": end}
    else:
        said = _("Temporarily unavailable until %(moment)s.") % {"moment": end}
    if visits:
        stand = ngettext("%(count)d visit in it stands.", "%(count)d visits in it stand.", visits) % {"count": visits}
        said = f"{said} {stand}"
    return said


@require_POST
def outage_end(request: OrganisationRequest, service_id: UUID, outage_id: UUID) -> HttpResponse:
    """« Terminer maintenant »; one that has not begun is taken back."""
    request.access.require("catalogue.edit")
    found = service_asked(request, service_id)
    row = get_object_or_404(request.access.visible(Outage.objects.filter(service=found)), public_id=outage_id)
    planned = row.starts_at > request.access.now
    end_outage(request.access, row)
    return done(request, found, _("The planned outage is taken back.") if planned else _("The outage is over."))


@require_http_methods(["GET", "POST"])
def not_in_use(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    """« Marquer comme non utilisé », once « Oui » is pressed."""
    request.access.require("catalogue.edit")
    found = service_asked(request, service_id)
    suffix = suffix_of(customer_on_the_phone(request))
    if request.method == "GET":
        context: dict[str, object] = {
            "service": found,
            "action": reverse("service_not_in_use", args=[found.public_id]) + suffix,
            "close_url": address_of(found, suffix),
        }
        return question(request, "desk/service/_not_in_use.html", context)
    if (preview := made(request, TakenOutOfUse(found))) is not None:
        return preview
    return done(request, found, _("“%(name)s” is marked as not in use.") % {"name": found.name})


@require_POST
def available(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    """« Marquer comme disponible »; where something is missing for that, its form opens there."""
    request.access.require("catalogue.edit")
    found = service_asked(request, service_id)
    try:
        mark_available(request.access, found)
    except Invalid as error:
        form = _form_to_complete(request, found)
        refuse_service(form, error.errors)
        return form_sheet(
            request, form, EDIT, found, refusal=_("Something is missing before it can be had again."), status=422
        )
    return done(request, found, _("“%(name)s” is available again.") % {"name": found.name})


def _form_to_complete(request: OrganisationRequest, found: Service) -> ServiceForm:
    """Return the service's form as if it had just been sent, with the state that is wished for."""
    blank = edited_form(request.access, found, state=AVAILABLE)
    form = ServiceForm(request.access, as_posted(blank), of=blank.of)
    form.is_valid()
    return form

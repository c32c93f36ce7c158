"""« Absences » of a member: noted beside the day, with what stands in them shown first; and taken away again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carnet.appointments.actions.changes_of_time import AbsenceAdded
from carnet.base.errors import Invalid
from carnet.desk.forms.absences import AbsenceForm
from carnet.desk.queries.absences import coming_absences, period_text
from carnet.desk.queries.impact import changes_of_time
from carnet.desk.sheets import date_asked, day_changed, see_other, sheet, wants_fragment
from carnet.desk.views.impact import made
from carnet.organisations.requests import OrganisationRequest
from carnet.resources.actions import end_time_off
from carnet.resources.models import Resource, TimeOff
from carnet.resources.queries import times_open_to
from carnet.scheduling import hours as wall


def times_asked(request: OrganisationRequest, member_id: UUID) -> Resource:
    """Return the member's time, for whoever may set it; 404 for one out of reach."""
    request.access.require("resources.edit")
    return get_object_or_404(times_open_to(request.access), member__public_id=member_id)


def beside(request: OrganisationRequest, name: str, resource: Resource) -> str:
    """Return the address of a sheet about the member's time, beside the same day as now."""
    assert resource.member is not None
    address = reverse(name, args=[resource.member.public_id])
    on = date_asked(request.GET)
    return f"{address}?{urlencode({'day': on.isoformat()})}" if on else address


def day_behind(request: OrganisationRequest) -> str:
    on = date_asked(request.GET)
    return reverse("day", args=[on]) if on else reverse("home")


@require_http_methods(["GET", "POST"])
def absences(request: OrganisationRequest, member_id: UUID) -> HttpResponse:
    """« Absence… »: note one; below it those that are coming."""
    resource = times_asked(request, member_id)
    if request.method == "GET":
        return _sheet(request, resource)
    form = AbsenceForm(request.access, resource, request.POST)
    if form.is_valid():
        try:
            starts_at, ends_at = form.period()
            change = AbsenceAdded(resource, starts_at, ends_at, form.cleaned_data["reason"])
            if (preview := made(request, change)) is not None:
                return preview
            zone = request.access.organisation.zone
            period = period_text(starts_at, ends_at, zone, wall.local(request.access.now, zone).date.year)
            said = _("%(name)s is absent: %(period)s.") % {"name": change.title, "period": period}
            return _done(request, resource, said)
        except Invalid as error:
            form.refuse(error.errors)
    return _sheet(request, resource, form, status=422)


@require_POST
def absence_end(request: OrganisationRequest, member_id: UUID, absence_id: UUID) -> HttpResponse:
    """« Retirer »; one that has begun is ended now."""
    resource = times_asked(request, member_id)
    off = get_object_or_404(TimeOff.objects.filter(resource=resource), public_id=absence_id)
    begun = off.starts_at <= request.access.now
    end_time_off(request.access, off)
    return _done(request, resource, _("The absence is over.") if begun else _("The absence is removed."))


def done_beside(
    request: OrganisationRequest, address: str, said: str, drawn: Callable[..., HttpResponse]
) -> HttpResponse:
    """Answer a change of a member's time: its sheet as it is `drawn` now, at its address, and what was done."""
    if not wants_fragment(request):
        messages.success(request, said)
        return see_other(address)
    response = drawn(toast=said)
    response["HX-Push-Url"] = address
    response["HX-Retarget"], response["HX-Reswap"] = "#sheet", "innerHTML"
    return day_changed(response)


def _done(request: OrganisationRequest, resource: Resource, said: str) -> HttpResponse:
    return done_beside(request, beside(request, "member_absences", resource), said, partial(_sheet, request, resource))


def _sheet(
    request: OrganisationRequest,
    resource: Resource,
    form: AbsenceForm | None = None,
    *,
    toast: str = "",
    status: int = 200,
) -> HttpResponse:
    on: date | None = date_asked(request.GET)
    context: dict[str, Any] = {
        "member": resource.member,
        "form": form or AbsenceForm(request.access, resource, day=on),
        "absences": coming_absences(request.access, resource),
        "changes": changes_of_time(request.access, resource),
        "action": beside(request, "member_absences", resource),
        "suffix": f"?{urlencode({'day': on.isoformat()})}" if on else "",
        "close_url": day_behind(request),
        "toast": toast if wants_fragment(request) else "",
    }
    return sheet(request, "desk/times/_absences.html", context, day=on, status=status)

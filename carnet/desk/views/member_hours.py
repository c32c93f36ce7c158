"""« Horaires » of a member: changed beside the day, with what stands outside the new ones shown first."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carnet.appointments.actions.changes_of_time import MemberHoursSet
from carnet.base.errors import Invalid, StaleVersion
from carnet.desk.forms.member_hours import MemberHoursForm
from carnet.desk.queries.impact import changes_of_time
from carnet.desk.sheets import date_asked, sheet
from carnet.desk.views.absences import beside, day_behind, done_beside, times_asked
from carnet.desk.views.impact import made
from carnet.desk.views.set_up_places import tell
from carnet.organisations.requests import OrganisationRequest
from carnet.resources.models import Resource


@require_http_methods(["GET", "POST"])
def member_hours(request: OrganisationRequest, member_id: UUID) -> HttpResponse:
    """Read and replace when a member works."""
    resource = times_asked(request, member_id)
    if request.method == "GET":
        return _sheet(request, resource)
    form = MemberHoursForm(resource, request.POST)
    if form.is_valid():
        try:
            change = MemberHoursSet(resource, form.windows(), form.cleaned_data["seen"] or None)
            return made(request, change) or _done(request, resource)
        except Invalid as error:
            tell(form, error)
        except StaleVersion as error:
            # What is new must be seen before it is decided on: the hours as they are now.
            return _sheet(request, resource, refusal=error.sentence(), status=error.status)
    return _sheet(request, resource, form, status=422)


def _done(request: OrganisationRequest, resource: Resource) -> HttpResponse:
    address = beside(request, "member_hours", resource)
    return done_beside(request, address, _("Saved."), partial(_sheet, request, resource))


def _sheet(
    request: OrganisationRequest,
    resource: Resource,
    form: MemberHoursForm | None = None,
    *,
    toast: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "member": resource.member,
        "form": form or MemberHoursForm(resource),
        "action": beside(request, "member_hours", resource),
        "changes": changes_of_time(request.access, resource),
        "close_url": day_behind(request),
        "toast": toast,
        "refusal": refusal,
    }
    return sheet(request, "desk/times/_hours.html", context, day=date_asked(request.GET), status=status)

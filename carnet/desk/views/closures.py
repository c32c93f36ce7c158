"""« Fermetures »: the days on which the business is closed, added and opened again from the set-up."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carnet.appointments.actions.changes_of_time import ClosuresAdded
from carnet.base.errors import Invalid
from carnet.desk.forms.closures import ClosureForm, HolidaysForm
from carnet.desk.queries.absences import days_text
from carnet.desk.queries.closures import coming_closures, open_holidays
from carnet.desk.queries.day import today
from carnet.desk.sheets import open_page
from carnet.desk.views.impact import made
from carnet.desk.views.set_up_places import CLOSURES, set_up_page
from carnet.organisations.countries import country_names
from carnet.organisations.requests import OrganisationRequest
from carnet.resources.actions import reopen


@require_http_methods(["GET", "POST"])
def closures(request: OrganisationRequest) -> HttpResponse:
    """Read the closed days to come, and close on more; `holidays` in what is posted says that they are such."""
    access = request.access
    access.require("set_up.edit")
    if request.method == "GET":
        return _page(request)
    if "holidays" in request.POST:
        return _keep_holidays(request)
    form = ClosureForm(access, request.POST)
    if form.is_valid():
        try:
            days = form.days()
            return made(request, ClosuresAdded(days)) or _done(request, _closed(request, days))
        except Invalid as error:
            form.refuse(error.errors)
    return _page(request, form=form, status=422)


def _keep_holidays(request: OrganisationRequest) -> HttpResponse:
    """Close on those of the country's holidays that are ticked; the others stay as they are."""
    form = _holidays_form(request, bound=True)
    if form.is_valid():
        try:
            days = form.chosen()
            return made(request, ClosuresAdded(days, holiday=True)) or _done(request, _closed(request, days))
        except Invalid as error:
            for sentence in error.errors.values():
                form.add_error("days", sentence)
    return _page(request, holidays_form=form, status=422)


@require_POST
def reopening(request: OrganisationRequest, on: date) -> HttpResponse:
    """Open again on a closed day, and on those that follow it under the same name."""
    request.access.require("set_up.edit")
    found = next((one for one in coming_closures(request.access) if one.first == on), None)
    if found is None:
        raise Http404
    reopen(request.access, found.first, found.last)
    said = _("Open again: %(days)s (%(name)s).") % {"days": found.words, "name": found.name}
    return _done(request, said)


def _closed(request: OrganisationRequest, days: dict[date, str]) -> str:
    words = days_text(min(days), max(days), today(request.access).year)
    return _("Closed: %(name)s") % {"name": words}


def _done(request: OrganisationRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return open_page(request, CLOSURES.url)


def _holidays_form(request: OrganisationRequest, *, bound: bool = False) -> HolidaysForm:
    proposed, ticked = open_holidays(request.access)
    form = HolidaysForm(proposed, ticked, request.POST if bound else None)
    this_year = today(request.access).year
    form.offer({on: f"{days_text(on, on, this_year)} · {name}" for on, name in proposed.items()})
    return form


def _page(
    request: OrganisationRequest,
    *,
    form: ClosureForm | None = None,
    holidays_form: HolidaysForm | None = None,
    status: int = 200,
) -> HttpResponse:
    names = dict(country_names(get_language() or "fr"))
    context = {
        "closures": coming_closures(request.access),
        "form": form or ClosureForm(request.access),
        "holidays_form": holidays_form or _holidays_form(request),
        "country": names.get(request.organisation.country, request.organisation.country),
    }
    return set_up_page(request, CLOSURES, "closures", context, status=status)

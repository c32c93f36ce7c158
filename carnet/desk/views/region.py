"""« Pays, langue et devise »: where the business lies, and what another zone does to the visits that are coming."""

from __future__ import annotations

from dataclasses import fields

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from carnet.appointments.actions.region import Place, change_place, coming_visits, digest_of, has_prices
from carnet.base.errors import Invalid, StaleVersion
from carnet.desk.forms.guide import RegionForm
from carnet.desk.sheets import open_page
from carnet.desk.views.set_up_places import REGION, set_up_page, tell
from carnet.organisations.requests import OrganisationRequest

#: Coming visits that are shown with both times; of the others the number is told.
SHOWN = 20


@require_http_methods(["GET", "POST"])
def region(request: OrganisationRequest) -> HttpResponse:
    """Read and change it; a new zone is first shown with what it does."""
    access = request.access
    access.require("set_up.edit")
    now = Place.of(request.organisation)
    initial = {field.name: getattr(now, field.name) for field in fields(Place)}
    if request.method == "GET":
        return _page(request, RegionForm(initial=initial))
    if "propose" in request.POST:
        return _page(request, RegionForm(initial={**request.POST.dict(), "region": ""}))
    form = RegionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    place = Place(**form.cleaned_data)
    try:
        change_place(access, place, seen=request.POST.get("seen", ""))
    except Invalid as error:
        tell(form, error)
        return _page(request, form, status=422)
    except StaleVersion:
        return _page(request, form, zone=place.zone, status=200 if "seen" not in request.POST else 409)
    messages.success(request, _("Saved."))
    return open_page(request, REGION.url)


def _page(request: OrganisationRequest, form: RegionForm, *, zone: str = "", status: int = 200) -> HttpResponse:
    visits = coming_visits()
    count = visits.count() if zone else 0
    shown = request.access.visible(visits).select_related("customer")[:SHOWN] if zone else ()
    context = {
        "form": form,
        "zone": zone,
        "count": count,
        "visits": shown,
        "further": count - len(shown),
        "seen": digest_of(visits, zone) if zone else "",
        "changed": status == 409,
        "has_prices": has_prices(),
    }
    return set_up_page(request, REGION, "region", context, status=status)

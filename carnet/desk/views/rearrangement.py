"""A change that was made with visits in its way: what it did, and « Annuler »."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from carnet.appointments.actions import undo_rearrangement
from carnet.appointments.errors import UndoRefused
from carnet.appointments.models import Rearrangement
from carnet.desk.queries.impact import KINDS, address_of, done_of, of_what, permission_of, visible_rearrangements
from carnet.desk.sheets import date_asked, open_page, sheet
from carnet.desk.views.set_up_places import CLOSURES, HOURS, set_up_page
from carnet.organisations.requests import OrganisationRequest
from carnet.resources.models import Resource
from carnet.resources.queries import times_open_to


def _asked(request: OrganisationRequest, rearrangement_id: UUID, of: str) -> Rearrangement:
    """Return the change, for whoever could have made it; 404 for one that is no change of what the address says."""
    request.access.require(permission_of(KINDS[of][0]))
    found = visible_rearrangements(request.access).filter(kind__in=KINDS[of])
    return get_object_or_404(found, public_id=rearrangement_id)


@require_GET
def rearrangement(request: OrganisationRequest, rearrangement_id: UUID, of: str) -> HttpResponse:
    return _page(request, _asked(request, rearrangement_id, of))


@require_POST
def undo(request: OrganisationRequest, rearrangement_id: UUID, of: str) -> HttpResponse:
    """« Annuler »: the change and its moves, in one step."""
    found = _asked(request, rearrangement_id, of)
    try:
        undone = undo_rearrangement(request.access, found)
    except UndoRefused as error:
        return _page(request, found, refusal=error.sentence(), status=error.status)
    return _done(request, undone.rearrangement, _("The change is undone."))


def after_applying(request: OrganisationRequest, made: Rearrangement) -> HttpResponse:
    """Answer after a change that was looked at and applied: what it did, with the way to undo it."""
    return _done(request, made, _("The change is made."))


def _done(request: OrganisationRequest, found: Rearrangement, said: str) -> HttpResponse:
    messages.success(request, said)
    # The catalogue or the day beside it shows what has changed too: the whole page is opened anew.
    return open_page(request, address_of(found) + _day_behind(request))


def _page(request: OrganisationRequest, found: Rearrangement, *, refusal: str = "", status: int = 200) -> HttpResponse:
    done = done_of(request.access, get_object_or_404(Rearrangement.objects.select_related("member"), pk=found.pk))
    context = {
        "done": done,
        "undo_url": address_of(found, "_undo") + _day_behind(request),
        "refusal": refusal,
    }
    of = of_what(found.kind)
    if of == "hours":
        place = CLOSURES if found.kind == "closures" else HOURS
        context |= {"as_page": True, "on_url": place.url, "on_name": place.title}
        return set_up_page(request, place, "hours_change", context, status=status)
    if of == "member":
        return _beside(request, {**context, **_of_member(request, found)}, status)
    seen = request.access.may("catalogue.see")
    on_url = reverse("service", args=[done.service.public_id]) if done.service and seen else reverse("home")
    context |= {"on_url": on_url, "on_name": done.service.name if done.service else "", "close_url": on_url}
    return _beside(request, context, status)


def _of_member(request: OrganisationRequest, found: Rearrangement) -> dict[str, Any]:
    """Return where a change of a member's time leads on to, for a reader to whom her times are open."""
    resource = get_object_or_404(Resource.objects.select_related("member"), pk=found.change["resource"])
    view = "member_hours" if found.kind == "member_hours" else "member_absences"
    member = resource.member
    assert member is not None
    open_to_reader = times_open_to(request.access).filter(pk=resource.pk).exists()
    on_url = reverse(view, args=[member.public_id]) + _day_behind(request) if open_to_reader else ""
    on = date_asked(request.GET)
    return {"on_url": on_url, "on_name": member.name, "close_url": reverse("day", args=[on]) if on else reverse("home")}


def _day_behind(request: OrganisationRequest) -> str:
    """Return what of the address says which day lies behind the sheet, so that it stays there."""
    on = date_asked(request.GET)
    return f"?day={on.isoformat()}" if on else ""


def _beside(request: OrganisationRequest, context: dict[str, Any], status: int) -> HttpResponse:
    response = sheet(request, "desk/impact/_rearrangement.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#sheet", "innerHTML"
    return response

"""A change that was made with visits in its way: what it did, and « Annuler »."""

from __future__ import annotations

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
from carnet.desk.queries.impact import address_of, done_of, visible_rearrangements
from carnet.desk.sheets import open_page, sheet
from carnet.desk.views.set_up_places import HOURS, set_up_page
from carnet.organisations.requests import OrganisationRequest


def _asked(request: OrganisationRequest, rearrangement_id: UUID, of: str) -> Rearrangement:
    """Return the change; 404 for one that may not be seen, or that is no change of what the address says."""
    found = visible_rearrangements(request.access)
    found = found.filter(kind="hours") if of == "hours" else found.exclude(kind="hours")
    return get_object_or_404(found, public_id=rearrangement_id)


@require_GET
def rearrangement(request: OrganisationRequest, rearrangement_id: UUID, of: str) -> HttpResponse:
    request.access.require("set_up.edit" if of == "hours" else "catalogue.edit")
    return _page(request, _asked(request, rearrangement_id, of))


@require_POST
def undo(request: OrganisationRequest, rearrangement_id: UUID, of: str) -> HttpResponse:
    """« Annuler »: the change and its moves, in one step."""
    request.access.require("set_up.edit" if of == "hours" else "catalogue.edit")
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
    return open_page(request, address_of(found))


def _page(request: OrganisationRequest, found: Rearrangement, *, refusal: str = "", status: int = 200) -> HttpResponse:
    done = done_of(request.access, get_object_or_404(Rearrangement.objects.select_related("member"), pk=found.pk))
    context = {
        "done": done,
        "undo_url": address_of(found, "_undo"),
        "refusal": refusal,
    }
    if found.kind == "hours":
        context |= {"as_page": True, "on_url": HOURS.url}
        return set_up_page(request, HOURS, "hours_change", context, status=status)
    seen = request.access.may("catalogue.see")
    on_url = reverse("service", args=[done.service.public_id]) if done.service and seen else reverse("home")
    context |= {"on_url": on_url, "close_url": on_url}
    response = sheet(request, "desk/impact/_rearrangement.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#sheet", "innerHTML"
    return response

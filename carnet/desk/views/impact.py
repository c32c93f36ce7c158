"""Before a restrictive change is made: the visits that it hits are shown, with a better time for each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carnet.appointments.actions import rearrange
from carnet.appointments.actions.changes import Change, ServiceDeleted, ServiceEdited, title_of
from carnet.appointments.actions.delete_service import StillBooked
from carnet.appointments.errors import MoveRefused, SlotTaken
from carnet.appointments.impact import Impact, impact_of
from carnet.base.errors import Invalid, TradeError
from carnet.desk.kept_images import IMAGE, image_kept, keep_image, let_go_of_image
from carnet.desk.queries.impact import reason_for_all, visits_shown
from carnet.desk.sheets import sheet
from carnet.desk.views.rearrangement import after_applying
from carnet.desk.views.set_up_places import CLOSURES, HOURS, set_up_page
from carnet.organisations.requests import OrganisationRequest

#: What the preview adds to the form that it stands for; all else that was typed is handed on as it is.
SEEN, MOVE, ALL, NONE, BACK = "impact", "move", "impact-all", "impact-none", "impact-back"
_OWN = {SEEN, MOVE, ALL, NONE, BACK, IMAGE, "csrfmiddlewaretoken"}


def made(request: OrganisationRequest, change: Change) -> HttpResponse | None:
    """Make the change that a posted form asks for; or, if it hits visits not yet looked at, answer with the preview.

    None once it is made without hitting anybody; the caller then answers. Trade errors of the change pass through, and
    an Invalid without errors when the person goes back from the preview: the caller draws its form as it was typed.
    """
    access = request.access
    if BACK in request.POST:
        lost = {"image": _("Choose the image again.")} if IMAGE in request.POST else {}
        raise Invalid(**lost)
    if isinstance(change, ServiceEdited) and change.image is None and IMAGE in request.POST:
        change = replace(change, image=image_kept(request))
    change.check(access)
    impact = impact_of(access, change)
    if not impact.hits_any:
        change.apply(access)
        let_go_of_image(request)
        if impact.other_length:
            messages.info(request, other_length_text(impact.other_length))
        return None
    if isinstance(change, ServiceDeleted):
        return _preview(request, change, impact, refusal=StillBooked(change.service.name, impact.count))
    if ALL in request.POST or NONE in request.POST:
        return _preview(request, change, impact, ticked=None if ALL in request.POST else ())
    ticked = set(request.POST.getlist(MOVE))
    if SEEN not in request.POST:
        return _preview(request, change, impact)
    if request.POST[SEEN] != impact.digest:
        return _preview(request, change, impact, ticked=ticked, changed=True)
    moves = impact.planned(ticked)
    try:
        rearrangement = rearrange(access, change, moves, standing=impact.count - len(moves))
    except (MoveRefused, SlotTaken) as error:
        return _preview(request, change, impact_of(access, change), ticked=ticked, refusal=error)
    let_go_of_image(request)
    return after_applying(request, rearrangement)


def other_length_text(count: int) -> str:
    return ngettext(
        "%(count)d visit keeps the duration that was promised.",
        "%(count)d visits keep the duration that was promised.",
        count,
    ) % {"count": count}


def _preview(
    request: OrganisationRequest,
    change: Change,
    impact: Impact,
    *,
    ticked: Collection[str] | None = (),
    changed: bool = False,
    refusal: TradeError | None = None,
) -> HttpResponse:
    """Answer with the visits that are hit; `ticked` are those to move, None for all that can be."""
    visits = visits_shown(request.access, impact, ticked)
    kept = [(name, value) for name, values in request.POST.lists() if name not in _OWN for value in values]
    image = keep_image(request, change.image) if isinstance(change, ServiceEdited) and change.image else ""
    possible = sum(1 for visit in visits if visit.proposed)
    context = {
        "change": change,
        "title": title_of(change.kind, change.title),
        "impact": impact,
        "visits": visits,
        "shared": "" if refusal and change.kind == "deleted" else reason_for_all(impact),
        "may_move": request.access.may("appointments.move"),
        "not_offered": change.kind in ("not_in_use", "deleted"),
        "may_edit": request.access.may("catalogue.edit"),
        "further": impact.further + impact.unseen,
        "kept": [*kept, *([(IMAGE, image)] if image else [])],
        "typed": bool(kept),
        "possible": possible,
        "all_ticked": possible and all(visit.ticked for visit in visits if visit.proposed),
        "other_length": other_length_text(impact.other_length) if impact.other_length else "",
        "changed": changed,
        "refusal": refusal,
        "action": request.get_full_path(),
    }
    status = refusal.status if refusal else 200
    if change.service is None and change.member is None:
        place = CLOSURES if change.kind == "closures" else HOURS
        return set_up_page(request, place, "hours_impact", {**context, "as_page": True}, status=status)
    if change.service is not None:
        context["close_url"] = reverse("service", args=[change.service.public_id])
    else:
        context["close_url"] = request.get_full_path()
    response = sheet(request, "desk/impact/_impact.html", context, status=status)
    # Whatever the form would have filled, a dialog say: this is a sheet.
    response["HX-Retarget"], response["HX-Reswap"] = "#sheet", "innerHTML"
    return response

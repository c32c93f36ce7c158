"""« Supprimer », and « Corbeille »: what was deleted in the last sixty days, and the way back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.appointments.actions.changes import ServiceDeleted
from carnet.appointments.actions.delete_service import StillBooked
from carnet.catalogue.actions import restore_service
from carnet.catalogue.queries import KEPT, services_in_bin
from carnet.desk.sheets import open_page, sheet
from carnet.desk.views.impact import made
from carnet.desk.views.price_list import customer_on_the_phone
from carnet.desk.views.service.record import address_of, question, service_asked, suffix_of
from carnet.organisations.requests import OrganisationRequest

_DAY = timedelta(days=1)


@require_http_methods(["GET", "POST"])
def deletion(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    """« Supprimer », asked once; with visits to come it is refused, and taking it out of use is offered instead."""
    request.access.require("catalogue.delete")
    found = service_asked(request, service_id)
    suffix = suffix_of(customer_on_the_phone(request))
    context: dict[str, object] = {
        "service": found,
        "action": reverse("service_deletion", args=[found.public_id]) + suffix,
        "close_url": address_of(found, suffix),
        "suffix": suffix,
        "may_edit": request.access.may("catalogue.edit") and found.in_use,
    }
    if request.method == "GET":
        return question(request, "desk/service/_deletion.html", context)
    try:
        if (preview := made(request, ServiceDeleted(found))) is not None:
            return preview
    except StillBooked as error:
        context["refusal"] = error.sentence()
        return question(request, "desk/service/_deletion.html", context, status=error.status)
    messages.success(request, _("“%(name)s” is in the bin.") % {"name": found.name})
    # The catalogue beside it must lose a line: the whole page is opened anew.
    return open_page(request, reverse("services_bin"))


@require_GET
def services_bin(request: OrganisationRequest) -> HttpResponse:
    """« Corbeille »."""
    now = request.access.now
    lines = [
        # The day on which it goes counts as none.
        {"service": one, "days": (one.deleted_at + KEPT - now) // _DAY}
        for one in services_in_bin(request.access)
        if one.deleted_at
    ]
    return sheet(request, "desk/service/_bin.html", {"lines": lines, "close_url": reverse("services")})


@require_POST
def restoration(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    """« Restaurer »."""
    found = get_object_or_404(services_in_bin(request.access), public_id=service_id)
    restored = restore_service(request.access, found)
    messages.success(request, _("“%(name)s” is restored.") % {"name": restored.name})
    # Who may restore need not see the catalogue.
    seen = request.access.may("catalogue.see")
    return open_page(request, address_of(restored) if seen else reverse("services_bin"))

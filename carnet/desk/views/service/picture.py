"""The image of a service, for whoever may see the service; its address changes with every new image."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from carnet.catalogue.models import Picture
from carnet.catalogue.pictures import CONTENT_TYPE, SIZES
from carnet.catalogue.queries import visible_services
from carnet.organisations.requests import OrganisationRequest


@require_GET
def picture(request: OrganisationRequest, service_id: UUID, picture_id: UUID, size: str) -> HttpResponse:
    if not request.access.may_read_field("services", "image"):
        raise Http404
    services = visible_services(request.access).filter(public_id=service_id).values("pk")
    rows = Picture.objects.filter(public_id=picture_id, service__in=services)
    found = rows.values_list(size, flat=True).first() if size in SIZES else None
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found), content_type=CONTENT_TYPE)
    # For ever, since nothing else will ever lie there; in this reader's browser only, who may see it.
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["Content-Disposition"] = f'inline; filename="service-{size}.webp"'
    response["X-Content-Type-Options"] = "nosniff"
    return response

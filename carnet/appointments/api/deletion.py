"""Deleting a service over HTTP: here, since it is refused while visits are coming."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Path

from carnet.appointments.actions.delete_service import delete_service
from carnet.base.api import problems
from carnet.catalogue.api.services import HERE, router
from carnet.catalogue.api.standing import at_version
from carnet.organisations.tokens import ApiRequest


@router.delete(
    HERE,
    response={204: None},
    operation_id="services_delete",
    summary="Delete a service",
    openapi_extra=problems(409, 412),
)
def delete(
    request: ApiRequest,
    organisation: Path[str],
    service_id: Path[UUID],
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
) -> HttpResponse:
    """Put the service into the bin; refused (409, still_booked, with `coming_visits`) while visits are coming."""
    at_version(request, service_id, delete_service)
    return HttpResponse(status=204)

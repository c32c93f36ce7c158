"""A selection of services changed over HTTP in one step: all of them, or none and a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import Field

from carnet.base.api import Id, Input, answer, problems
from carnet.base.errors import Invalid
from carnet.catalogue.actions import add_provider, change_each, change_prices, mark_not_in_use
from carnet.catalogue.api.shapes import ChangedOut
from carnet.catalogue.models import Service
from carnet.catalogue.queries import visible_services
from carnet.organisations.access import Access
from carnet.organisations.api import member_asked
from carnet.organisations.tokens import ApiRequest, TokenAuth

router = Router(tags=["Catalogue"], auth=TokenAuth(seeing="catalogue.see"))


class BulkIn(Input):
    """The services, and one change."""

    services: Annotated[list[Id], Field(min_length=1, max_length=500)]
    not_in_use: Literal[True] | None = None
    add_member: Id | None = None
    #: Raises (or, below 0, lowers) all prices of each, half-up to the minor unit.
    price_percent: Annotated[int, Field(ge=-100, le=1000)] | None = None


@router.post(
    "/services/bulk",
    response=ChangedOut,
    operation_id="services_bulk",
    summary="Change several services",
    openapi_extra=problems(409),
)
def bulk(request: ApiRequest, organisation: Path[str], data: BulkIn) -> HttpResponse:
    """Change all of them, or none: 409 then tells under `refused` which cannot be changed, and why."""
    access = request.access
    found = {service.public_id: service for service in visible_services(access).filter(public_id__in=data.services)}
    access.require("catalogue.edit")
    for place, public_id in enumerate(data.services):
        if public_id not in found:
            raise Invalid(**{f"services.{place}": _("There is no such service.")})
    return answer({"changed": change_each(access, found.values(), change_asked(access, data))})


def change_asked(access: Access, data: BulkIn) -> Callable[[Access, Service], object]:
    """Return the one change that is asked for; raises Invalid for none or several."""
    asked = [name for name in ("not_in_use", "add_member", "price_percent") if getattr(data, name) is not None]
    if len(asked) != 1:
        raise Invalid(services=_("Send one change: not_in_use, add_member or price_percent."))
    if data.add_member is not None:
        return add_provider(member_asked(access, data.add_member, "add_member"))
    if data.price_percent is not None:
        return change_prices(data.price_percent)
    return mark_not_in_use

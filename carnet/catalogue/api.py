"""The catalogue over HTTP: what can be booked, by whom, for how much."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import BaseModel

from carnet.base.api import Id, Limit, listed, page_after
from carnet.base.errors import Invalid
from carnet.base.prepared import Prepared
from carnet.catalogue.models import Service
from carnet.catalogue.output import service_output
from carnet.catalogue.queries import services_to_book, visible_services
from carnet.organisations.access import Access
from carnet.organisations.tokens import ApiRequest

router = Router(tags=["Catalogue"])


class TaxOut(BaseModel):
    """One tax of a price; `rate` in thousandths of a percent, `amount` in minor units."""

    name: str
    rate: int
    amount: int


class PriceOut(BaseModel):
    """A price in minor units of `currency`; net + taxes = total."""

    net: int
    taxes: list[TaxOut]
    total: int
    currency: str


class DurationOut(BaseModel):
    """Minutes: the shortest, the usual and the longest a visit may be booked for."""

    shortest: int
    usual: int
    longest: int


class MemberOut(BaseModel):
    id: UUID
    name: str


class ServiceOut(BaseModel):
    """What the catalogue sells."""

    id: UUID
    version: int
    name: str
    category: str | None
    description: str
    status: Literal["not_in_use", "ended", "unavailable", "upcoming", "available"]
    unavailable_until: datetime | None
    offered_from: date | None
    offered_until: date | None
    duration: DurationOut
    place: Literal["customer", "business", "both"]
    price: PriceOut
    asks_job_sheet: bool
    members: list[MemberOut]


class ServicesOut(BaseModel):
    services: list[ServiceOut]
    next: UUID | None


@router.get("/services", response=ServicesOut, operation_id="services_list", summary="List services")
def services(
    request: ApiRequest,
    organisation: Path[str],
    bookable: Annotated[Literal["true", "false"], Query(description="Only what may be chosen when booking.")] = "false",
    after: Annotated[Id | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 100,
) -> HttpResponse:
    access = request.access
    found = services_to_book(access) if bookable == "true" else visible_services(access)
    page, more = page_after(found, "name", after, limit)
    return listed("services", [service_output(access, service) for service in page], more)


def service_asked(access: Access, public_id: UUID, field: str = "service") -> Service:
    """Return the service of that id; raises Invalid beside `field` if there is none to be seen."""
    access.require("catalogue.see")
    # Asked with every search: where all services are seen, by a statement that is written already.
    prepared = access.sees_every(Service)
    found = _by_id.one(public_id) if prepared else access.visible(_not_deleted(public_id)).first()
    if found is None:
        raise Invalid(**{field: _("There is no such service.")})
    return found


def _not_deleted(public_id: UUID) -> QuerySet[Service]:
    return Service.objects.filter(deleted_at__isnull=True, public_id=public_id)


_by_id = Prepared(_not_deleted, mark=UUID(int=1))

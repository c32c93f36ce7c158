"""Services over HTTP: listed, read, added, edited, cloned, restored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router

from carnet.base.api import Id, Key, Limit, Text, answer, expected_version, id_taken, listed, page_after, problems
from carnet.catalogue.actions import create_service, edit_service, restore_service
from carnet.catalogue.api.asking import record_asked, service_at
from carnet.catalogue.api.shapes import DeletedServicesOut, PlaceName, ServiceOut, ServicesOut, StatusName
from carnet.catalogue.api.typed import CloneIn, ServiceEdit, ServiceIn, details_typed, told_by_field, usual_details
from carnet.catalogue.details import details_of
from carnet.catalogue.fields import SERVICES
from carnet.catalogue.models import Category, Service, Tag
from carnet.catalogue.output import service_output, with_output
from carnet.catalogue.queries import categories_seen, services_in_bin, services_to_book, tags_seen, visible_services
from carnet.catalogue.search import Filters, filtered
from carnet.customisation.asked import ORDER, WHERE, Order, Where, in_order, narrowed, page_in_order
from carnet.organisations.access import Access
from carnet.organisations.api import member_asked
from carnet.organisations.idempotency import once
from carnet.organisations.tokens import ApiRequest, TokenAuth

router = Router(tags=["Catalogue"], auth=TokenAuth(seeing="catalogue.see"))

HERE = "/services/{uuid:service_id}"
IdempotencyKey = Annotated[
    Key | None,
    Header(alias="Idempotency-Key", description="Sent again with the same body, the request has one effect."),
]


def told(access: Access, public_id: UUID, status: int = 200) -> HttpResponse:
    service = service_at(access, public_id)
    return answer(service_output(access, service), status, version=service.version)


@router.get("/services", response=ServicesOut, operation_id="services_list", summary="List services")
def services(
    request: ApiRequest,
    organisation: Path[str],
    bookable: Annotated[Literal["true", "false"], Query(description="Only what may be chosen when booking.")] = "false",
    status: StatusName | None = None,
    category: Id | None = None,
    tag: Id | None = None,
    member: Annotated[Id | None, Query(description="Only what this member provides.")] = None,
    place: Annotated[
        PlaceName | None, Query(description="Only what can take place there; at either is found for both.")
    ] = None,
    q: Annotated[
        Text | None,
        Query(description="Words of the name, category, tags or description; accents and case do not matter."),
    ] = None,
    where: Annotated[Where | None, Query(description=WHERE)] = None,
    order: Annotated[Order | None, Query(description=ORDER)] = None,
    after: Annotated[Id | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 100,
) -> HttpResponse:
    """Return services by name or in the order of an own field; the filters all hold together."""
    access = request.access
    found = services_to_book(access) if bookable == "true" else visible_services(access)
    filters = Filters(
        status=status,
        category=_category(access, category) if category else None,
        tag=_tag(access, tag) if tag else None,
        member=member_asked(access, member) if member else None,
        place=place,
        text=q or "",
    )
    found = narrowed(filtered(access, found, filters), access, SERVICES, where or [])
    if order:
        pks, more = page_in_order(found, access, SERVICES, order, after, limit)
        page = in_order(with_output(access, found), pks)
    else:
        page, more = page_after(with_output(access, found), "name", after, limit)
    return listed("services", [service_output(access, service) for service in page], more)


def _category(access: Access, public_id: UUID) -> Category:
    return record_asked(categories_seen(access), public_id, "category", _("There is no such category."))


def _tag(access: Access, public_id: UUID) -> Tag:
    return record_asked(tags_seen(access), public_id, "tag", _("There is no such tag."))


@router.post(
    "/services",
    response={201: ServiceOut},
    operation_id="services_create",
    summary="Add a service",
    openapi_extra=problems(409),
)
def create(
    request: ApiRequest, organisation: Path[str], data: ServiceIn, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Add a service; one that is not in use, or past, may be entered just for the record."""
    access = request.access
    access.require("catalogue.see")
    access.require("catalogue.create")

    def created() -> Service:
        with told_by_field():
            details = details_typed(access, data, usual_details(access, data))
            return create_service(access, details, public_id=data.id)

    return _made(access, "services_create", idempotency_key, data.model_dump(mode="json", exclude_unset=True), created)


@router.get(
    "/services/bin",
    response=DeletedServicesOut,
    operation_id="services_bin",
    summary="List what was deleted and can be restored",
)
def thrown_away(request: ApiRequest, organisation: Path[str]) -> HttpResponse:
    """Return the services of the bin, last deleted first; they stay there for 60 days."""
    access = request.access
    access.require("catalogue.see")
    found = with_output(access, services_in_bin(access))
    deleted = [{**service_output(access, service), "deleted_at": service.deleted_at} for service in found]
    return answer({"services": deleted})


@router.get(HERE, response=ServiceOut, operation_id="services_get", summary="Read a service")
def service(request: ApiRequest, organisation: Path[str], service_id: Path[UUID]) -> HttpResponse:
    return told(request.access, service_id)


@router.put(
    HERE,
    response=ServiceOut,
    operation_id="services_update",
    summary="Edit a service",
    openapi_extra=problems(412, 428),
)
def update(
    request: ApiRequest,
    organisation: Path[str],
    service_id: Path[UUID],
    data: ServiceEdit,
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the service as it was read.")
    ] = None,
) -> HttpResponse:
    """Change what was sent; visits that are booked keep what they were sold as."""
    access = request.access
    found = service_at(access, service_id)
    access.require("catalogue.edit")
    version = expected_version(request, required=True)
    known = {add_on.public_id: add_on for add_on in found.add_ons.all()}
    with told_by_field():
        details = details_typed(access, data, details_of(found), known)
        try:
            # What was left out is as it was read: whoever changed it since must not be undone, whatever If-Match says.
            edit_service(access, found, details, version=found.version if version is None else version)
        except Service.DoesNotExist:
            raise Http404 from None
    return told(access, service_id)


@router.post(
    f"{HERE}/clone",
    response={201: ServiceOut},
    operation_id="services_clone",
    summary="Clone a service",
    openapi_extra=problems(409),
)
def clone(
    request: ApiRequest,
    organisation: Path[str],
    service_id: Path[UUID],
    data: CloneIn | None = None,
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """Add a service like this one but for what was sent; it is in use, and has no outages, visits or history."""
    access = request.access
    original = service_at(access, service_id)
    access.require("catalogue.create")
    data = data or CloneIn()

    def created() -> Service:
        with told_by_field():
            details = details_typed(access, data, replace(details_of(original), in_use=True))
            return create_service(access, details, cloned_from=original, public_id=data.id)

    body = {"clone": str(service_id), **data.model_dump(mode="json", exclude_unset=True)}
    return _made(access, "services_clone", idempotency_key, body, created)


@router.post(
    f"{HERE}/restoration",
    response={201: ServiceOut},
    operation_id="services_restore",
    summary="Take a service out of the bin",
    openapi_extra=problems(409),
)
def restore(request: ApiRequest, organisation: Path[str], service_id: Path[UUID]) -> HttpResponse:
    """Bring a deleted service back as it was; restoring twice changes nothing."""
    access = request.access
    access.require("catalogue.see")
    access.require("catalogue.delete")
    found = access.visible(Service.objects.filter(public_id=service_id)).first()
    if found is None:
        raise Http404
    restore_service(access, found)
    return told(access, service_id, 201)


def _made(
    access: Access, route: str, key: str | None, body: dict[str, Any], create: Callable[[], Service]
) -> HttpResponse:
    """Answer 201 with the service that `create` adds, once for each key."""

    def made() -> tuple[int, dict[str, Any]]:
        try:
            service = create()
        except IntegrityError as error:
            raise id_taken(error) from None
        output = service_output(access, service_at(access, service.public_id))
        # As plain as it will be stored, so that a repeated request reads the very same.
        return 201, orjson.loads(orjson.dumps(output))

    status, output = once(access, route, key, body, made) if key is not None else made()
    return answer(output, status, version=output["version"])

"""What can be had for now, over HTTP: outages, and services taken out of use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Path, Router

from carnet.base.api import Day, Input, Moment, Nothing, Text, answer, expected_version, problems
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.unit_of_work import repeatable
from carnet.catalogue.actions import add_outage, end_outage, mark_available, mark_not_in_use
from carnet.catalogue.actions.standing import change_offer
from carnet.catalogue.api.asking import service_at
from carnet.catalogue.api.services import HERE, told
from carnet.catalogue.api.shapes import OutageOut, OutagesOut, ServiceOut
from carnet.catalogue.api.typed import Clock, told_by_field
from carnet.catalogue.models import Outage, Service
from carnet.catalogue.output import outage_output
from carnet.catalogue.returning import Until, choices, end_of
from carnet.organisations.access import Access
from carnet.organisations.tokens import ApiRequest, TokenAuth
from carnet.scheduling.hours import to_zone

router = Router(tags=["Catalogue"], auth=TokenAuth(seeing="catalogue.see"))
IfMatch = Annotated[str | None, Header(alias="If-Match")]


class OutageIn(Input):
    """Until when, from now on (`on` and `at` with "date"); or from `starts_at` to `ends_at`."""

    until: Literal["rest_of_day", "tomorrow", "end_of_week", "end_of_month", "date"] | None = None
    #: The last day; it is included, whole, unless `at` says until when.
    on: Day | None = None
    at: Clock | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    reason: Text = ""


@router.get(
    f"{HERE}/outages", response=OutagesOut, operation_id="services_outages", summary="List the outages of a service"
)
def outages(request: ApiRequest, organisation: Path[str], service_id: Path[UUID]) -> HttpResponse:
    """Return all outages, past ones too, and the choices for a new one with what they would mean now."""
    access = request.access
    service = service_at(access, service_id)
    zone = access.organisation.zone
    return answer(
        {
            "outages": [outage_output(access.organisation, outage) for outage in service.outages.all()],
            "choices": [
                {
                    "until": choice.until.value,
                    "ends_at": to_zone(choice.ends_at, zone),
                    "back_at": to_zone(choice.back_at, zone) if choice.back_at else None,
                }
                for choice in choices(access, service)
            ],
        }
    )


@router.post(
    f"{HERE}/outages",
    response={201: OutageOut},
    operation_id="services_outages_add",
    summary="Mark a service as temporarily unavailable",
)
def outage_add(request: ApiRequest, organisation: Path[str], service_id: Path[UUID], data: OutageIn) -> HttpResponse:
    """Refuse bookings for a period; visits that stand in it stand."""
    access = request.access
    service = service_at(access, service_id)
    access.require("catalogue.edit")
    if data.until is not None:
        if data.starts_at is not None or data.ends_at is not None:
            raise Invalid(until=_("Send either until when, or beginning and end."))
        if data.until != "date" and not (data.on is None and data.at is None):
            raise Invalid(on=_("A day is sent with “date” only."))
        starts_at, ends_at = access.now, end_of(access, Until(data.until), data.on, data.at)
    elif data.starts_at is None or data.ends_at is None:
        raise Invalid(until=_("Say until when, or send beginning and end."))
    elif data.on is not None or data.at is not None:
        raise Invalid(on=_("A day is sent with “date” only."))
    else:
        starts_at, ends_at = data.starts_at, data.ends_at
    outage = add_outage(access, service, starts_at, ends_at, reason=data.reason)
    return answer(outage_output(access.organisation, outage), 201)


@router.delete(
    f"{HERE}/outages/{{uuid:outage_id}}",
    response={204: None},
    operation_id="services_outages_end",
    summary="End an outage now",
)
def outage_end(
    request: ApiRequest, organisation: Path[str], service_id: Path[UUID], outage_id: Path[UUID]
) -> HttpResponse:
    """End it now; one that has not begun is taken back, one that is over stays as it was."""
    access = request.access
    service = service_at(access, service_id)
    outage = (
        access.visible(Outage.objects.filter(service=service, public_id=outage_id)).select_related("service").first()
    )
    if outage is None:
        raise Http404
    end_outage(access, outage)
    return HttpResponse(status=204)


@router.post(
    f"{HERE}/not-in-use",
    response=ServiceOut,
    operation_id="services_not_in_use",
    summary="Mark a service as not in use",
    openapi_extra=problems(412),
)
def not_in_use(
    request: ApiRequest,
    organisation: Path[str],
    service_id: Path[UUID],
    data: Nothing | None = None,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Take it out of use: it can no longer be booked, visits that stand stand."""
    at_version(request, service_id, mark_not_in_use)
    return told(request.access, service_id)


@router.post(
    f"{HERE}/available",
    response=ServiceOut,
    operation_id="services_available",
    summary="Mark a service as available",
    openapi_extra=problems(412),
)
def available(
    request: ApiRequest,
    organisation: Path[str],
    service_id: Path[UUID],
    data: Nothing | None = None,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Put it back in use, and end an outage that covers now; refused while members or hours are wrong."""
    with told_by_field():
        at_version(request, service_id, mark_available)
    return told(request.access, service_id)


def at_version(request: HttpRequest, service_id: UUID, action: Callable[[Access, Service], object]) -> None:
    """Run an action that asks no version itself; raise StaleVersion if If-Match names another than is found."""
    access: Access = request.access  # type: ignore[attr-defined]
    service = service_at(access, service_id)
    version = expected_version(request)

    @repeatable
    def run() -> None:
        if version is not None:
            # The locks of the action first, in its order.
            change_offer(access, service)
            if Service.objects.values_list("version", flat=True).get(pk=service.pk) != version:
                raise StaleVersion
        action(access, service)

    run()

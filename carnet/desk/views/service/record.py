"""The page of a service, and what every change of one answers with."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from carnet.catalogue.fields import SERVICES
from carnet.catalogue.models import Service
from carnet.catalogue.queries import visible_services
from carnet.customers.models import Customer
from carnet.customisation.built_in import words_on_page
from carnet.customisation.showing import told_fields
from carnet.desk.queries.history import record_history
from carnet.desk.queries.service import next_starts, record_of
from carnet.desk.sheets import day_changed, private, sheet, wants_fragment
from carnet.desk.views.price_list import catalogue_address, customer_on_the_phone
from carnet.organisations.requests import OrganisationRequest


def service_asked(request: OrganisationRequest, service_id: UUID) -> Service:
    """Return the service as it is now; 404 for one that does not exist, lies in the bin, or may not be seen."""
    return get_object_or_404(visible_services(request.access), public_id=service_id)


def suffix_of(customer: Customer | None) -> str:
    """Return the end of the addresses that keep the customer."""
    return "?" + urlencode({"customer": customer.public_id_text}) if customer else ""


def address_of(service: Service, suffix: str = "") -> str:
    return reverse("service", args=[service.public_id]) + suffix


@require_GET
def service(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    return record_sheet(request, service_asked(request, service_id))


def record_sheet(
    request: OrganisationRequest, found: Service, *, toast: str = "", refusal: str = "", status: int = 200
) -> HttpResponse:
    """Answer with the page of a service as it is now; `toast` says what has happened."""
    access = request.access
    customer = customer_on_the_phone(request)
    suffix = suffix_of(customer)
    record = record_of(access, found)
    booking = {"service": found.public_id_text} | ({"customer": customer.public_id_text} if customer else {})
    context = {
        "record": record,
        "starts": next_starts(access, found) if record.possible.book else [],
        "laid_out": words_on_page(access, SERVICES),
        "told": told_fields(access, SERVICES, found.custom, "page"),
        "history": record_history(access, found),
        "customer": customer,
        "suffix": suffix,
        "booking": urlencode(booking),
        "close_url": catalogue_address(request),
        "refusal": refusal,
        "toast": toast if wants_fragment(request) else "",
    }
    return sheet(request, "desk/service/_service.html", context, status=status)


def done(request: OrganisationRequest, changed: Service, said: str) -> HttpResponse:
    """Answer after a change: the service's page anew beside what may show it too, or by a redirect there."""
    address = address_of(changed, suffix_of(customer_on_the_phone(request)))
    if not wants_fragment(request):
        messages.success(request, said)
        return HttpResponse(status=303, headers={"Location": address})
    response = record_sheet(request, service_asked(request, changed.public_id), toast=said)
    response["HX-Push-Url"] = address
    response["HX-Retarget"], response["HX-Reswap"] = "#sheet", "innerHTML"
    return day_changed(response)


def question(
    request: OrganisationRequest, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Answer with a question: a dialog over the page, or lying in a sheet of its own where there is no script."""
    if wants_fragment(request):
        response = private(render(request, template, {**context, "close": ""}, status=status))
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog-place", "innerHTML"
        return response
    return sheet(request, "desk/service/_question.html", {**context, "question": template}, status=status)

"""The catalogue beside the day: a price list that keeps the customer on the phone in mind."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from carnet.catalogue.queries import visible_services
from carnet.customers.models import Customer
from carnet.customers.queries import visible_customers
from carnet.desk.queries.catalogue import next_free_starts, price_list
from carnet.desk.sheets import sheet
from carnet.organisations.requests import OrganisationRequest


def _customer(request: OrganisationRequest) -> Customer | None:
    """Return the customer that the catalogue must not forget; one that may not be seen counts as none."""
    try:
        asked = UUID(request.GET.get("customer", ""))
    except ValueError:
        return None
    if not request.access.may("customers.see"):
        return None
    return visible_customers(request.access).filter(public_id=asked).first()


def _kept(customer: Customer | None) -> str:
    """Return the end of the addresses that keep the customer."""
    return urlencode({"customer": customer.public_id_text}) if customer else ""


@require_GET
def services(request: OrganisationRequest) -> HttpResponse:
    groups, rest = price_list(request.access)
    customer = _customer(request)
    context = {
        "groups": groups,
        "rest": rest,
        "customer": customer,
        "kept": _kept(customer),
        "booking": _kept(customer),
        "may_create": request.access.may("catalogue.create"),
        "may_book": request.access.may("appointments.book"),
        "close_url": reverse("home"),
    }
    return sheet(request, "desk/catalogue/_services.html", context)


@require_GET
def service_next(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    """When the service can next be had: fetched by each line for itself, so that the list never waits for it."""
    found = get_object_or_404(visible_services(request.access), public_id=service_id)
    starts = next_free_starts(request.access, found)
    return render(request, "desk/catalogue/_next.html", {"at": starts[0] if starts else None})

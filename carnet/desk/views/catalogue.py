"""The catalogue beside the day: a price list that keeps the customer on the phone in mind."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from carnet.base.errors import Invalid
from carnet.catalogue.actions import create_service
from carnet.catalogue.models import Category, Service
from carnet.catalogue.queries import visible_services
from carnet.customers.models import Customer
from carnet.customers.queries import visible_customers
from carnet.desk.forms.catalogue import ServiceForm
from carnet.desk.forms.hours import hours_text
from carnet.desk.queries.catalogue import entry_of, hours_of, next_free_starts, price_list
from carnet.desk.sheets import day_changed, sheet, wants_fragment
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
def service(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    return _record(request, get_object_or_404(visible_services(request.access), public_id=service_id))


def _record(request: OrganisationRequest, found: Service) -> HttpResponse:
    customer = _customer(request)
    kept = _kept(customer)
    may_book = request.access.may("appointments.book")
    entry = entry_of(request.access, found)
    context = {
        "entry": entry,
        "hours": [(day, hours_text(windows)) for day, windows in hours_of(found)],
        "starts": next_free_starts(request.access, found, limit=3) if may_book and entry.can_be_booked else [],
        "customer": customer,
        "kept": kept,
        "booking": urlencode({"service": found.public_id_text}) + (f"&{kept}" if kept else ""),
        "may_book": may_book,
        "close_url": reverse("services") + (f"?{kept}" if kept else ""),
    }
    return sheet(request, "desk/catalogue/_service.html", context)


@require_GET
def service_next(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    """When the service can next be had: fetched by each line for itself, so that the list never waits for it."""
    found = get_object_or_404(visible_services(request.access), public_id=service_id)
    starts = next_free_starts(request.access, found)
    return render(request, "desk/catalogue/_next.html", {"at": starts[0] if starts else None})


@require_http_methods(["GET", "POST"])
def service_new(request: OrganisationRequest) -> HttpResponse:
    """« + Service »."""
    access = request.access
    access.require("catalogue.create")
    form = ServiceForm(access, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _created(request, create_service(access, form.new_service()))
        except Invalid as error:
            for key, text in error.errors.items():
                field = "usual" if key == "duration" else key
                form.add_error(field if field in form.fields else None, str(text))
    context = {
        "form": form,
        "categories": Category.objects.values_list("name", flat=True),
        "close_url": reverse("services"),
    }
    return sheet(request, "desk/catalogue/_new.html", context, status=422 if request.method == "POST" else 200)


def _created(request: OrganisationRequest, created: Service) -> HttpResponse:
    address = reverse("service", args=[created.public_id])
    if not wants_fragment(request):
        return HttpResponseRedirect(address, status=303)
    response = day_changed(_record(request, visible_services(request.access).get(pk=created.pk)))
    response["HX-Push-Url"] = address
    return response

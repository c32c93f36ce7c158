"""The catalogue beside the day: a price list that keeps the customer on the phone in mind."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from carnet.base.errors import Invalid
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions import add_category, create_service
from carnet.catalogue.models import Category, Service
from carnet.catalogue.queries import visible_services
from carnet.desk.forms.catalogue import ServiceForm
from carnet.desk.queries.catalogue import entry_of, next_free_start, price_list
from carnet.desk.sheets import sheet, wants_fragment
from carnet.organisations.requests import OrganisationRequest


def _kept(request: OrganisationRequest) -> str:
    """Return the customer that the catalogue must not forget, as the end of an address."""
    customer = request.GET.get("customer", "")
    return urlencode({"customer": customer}) if customer else ""


@require_GET
def services(request: OrganisationRequest) -> HttpResponse:
    groups, rest = price_list(request.access)
    context = {
        "groups": groups,
        "rest": rest,
        "kept": _kept(request),
        "may_create": request.access.may("catalogue.create"),
        "may_book": request.access.may("appointments.book"),
        "close_url": reverse("home"),
        "booking_state": _kept(request),
    }
    return sheet(request, "desk/catalogue/_services.html", context)


@require_GET
def service(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    found = get_object_or_404(visible_services(request.access), public_id=service_id)
    return _record(request, found)


def _record(request: OrganisationRequest, found: Service) -> HttpResponse:
    context = {
        "entry": entry_of(request.access, found),
        "kept": _kept(request),
        "may_book": request.access.may("appointments.book"),
        "close_url": reverse("services"),
    }
    return sheet(request, "desk/catalogue/_service.html", context)


@require_GET
def service_next(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    """When the service can next be had: fetched by each line for itself, so that the list never waits for it."""
    found = get_object_or_404(visible_services(request.access), public_id=service_id)
    return render(request, "desk/catalogue/_next.html", {"at": next_free_start(request.access, found)})


@require_http_methods(["GET", "POST"])
def service_new(request: OrganisationRequest) -> HttpResponse:
    """« + Service »."""
    access = request.access
    access.require("catalogue.create")
    form = ServiceForm(access, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with unit_of_work():
                new = form.new_service()
                name = form.cleaned_data["category"].strip()
                if name:
                    known = Category.objects.filter(name=name).first()
                    new = replace(new, category=known or add_category(access, name))
                created = create_service(access, new)
        except Invalid as error:
            for key, text in error.errors.items():
                field = "usual" if key == "duration" else key
                form.add_error(field if field in form.fields else None, str(text))
        else:
            if wants_fragment(request):
                response = _record(request, Service.objects.get(pk=created.pk))
                response["HX-Push-Url"] = reverse("service", args=[created.public_id])
                response["HX-Trigger"] = "day-changed"
                return response
            return redirect("service", created.public_id)
    context = {
        "form": form,
        "categories": Category.objects.values_list("name", flat=True),
        "close_url": reverse("services"),
    }
    return sheet(request, "desk/catalogue/_new.html", context, status=422 if request.method == "POST" else 200)

"""« + Service », « Modifier », « Cloner »: one form, three ways to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from carnet.appointments.actions.changes import ServiceEdited
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.money import Price, priced
from carnet.catalogue.actions import create_service
from carnet.catalogue.details import details_of
from carnet.catalogue.fields import NAMES_IT, SERVICES, may_read_prices
from carnet.catalogue.models import HIGHEST_PRICE, Service, Tax
from carnet.catalogue.queries import categories_seen, visible_services
from carnet.customisation.actions.keeping import values_to_clone
from carnet.desk.forms.amounts import amount_of
from carnet.desk.forms.service import ServiceForm, field_typed
from carnet.desk.forms.service_errors import begin_at_error, refuse, saved_meanwhile
from carnet.desk.queries.service import picture_of
from carnet.desk.sheets import private, sheet, wants_fragment
from carnet.desk.views.impact import made
from carnet.desk.views.price_list import catalogue_address, customer_on_the_phone
from carnet.desk.views.service.record import (
    address_of,
    done,
    service_asked,
    suffix_of,
)
from carnet.organisations.access import Access
from carnet.organisations.requests import OrganisationRequest

NEW, EDIT, CLONE = "new", "edit", "clone"
_IN_USE = {"state": "available"}


@require_http_methods(["GET", "POST"])
def new(request: OrganisationRequest) -> HttpResponse:
    """« + Service »."""
    request.access.require("catalogue.create")
    if request.method == "GET":
        return form_sheet(request, ServiceForm(request.access), NEW)
    return _posted(request, NEW)


@require_http_methods(["GET", "POST"])
def clone(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    """« Service de clonage »: the form, filled in; leaving it without saving creates nothing."""
    request.access.require("catalogue.create")
    original = service_asked(request, service_id)
    if request.method == "GET":
        details = details_of(original)
        form = ServiceForm(
            request.access, of=details, stored=_stored(request, CLONE, original), selected=True, initial=_IN_USE
        )
        return form_sheet(request, form, CLONE, original)
    return _posted(request, CLONE, original)


@require_http_methods(["GET", "POST"])
def edit(request: OrganisationRequest, service_id: UUID) -> HttpResponse:
    request.access.require("catalogue.edit")
    service = service_asked(request, service_id)
    if request.method == "GET":
        return form_sheet(request, edited_form(request.access, service), EDIT, service)
    return _posted(request, EDIT, service)


def edited_form(access: Access, service: Service, **more: Any) -> ServiceForm:
    """Return the form of a service as it is now."""
    initial = {"version": service.version} | more
    return ServiceForm(access, of=details_of(service), stored=service.custom, initial=initial, editing=True)


def _stored(request: OrganisationRequest, kind: str, service: Service | None) -> dict[str, Any] | None:
    """Return what the form begins with in fields of the organisation's own; None where they begin with defaults."""
    if service is None:
        return None
    return service.custom if kind == EDIT else values_to_clone(request.access, SERVICES, service.custom)


def form_sheet(
    request: OrganisationRequest,
    form: ServiceForm,
    kind: str,
    service: Service | None = None,
    *,
    refusal: str = "",
    toast: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with the form of a new, an edited or a cloned service."""
    access = request.access
    suffix = suffix_of(customer_on_the_phone(request))
    context = {
        "form": form,
        "kind": kind,
        "service": service,
        "picture": picture_of(service) if service and access.may_read_field(SERVICES, "image") else None,
        "action": _action(kind, service) + suffix,
        "back_url": address_of(service, suffix) if service else reverse("services") + suffix,
        "close_url": catalogue_address(request),
        "categories": categories_seen(access).values_list("name", flat=True),
        "price": _price_of(access, form["price"].value(), form.taxes_shown),
        "refusal": refusal,
        "toast": toast if wants_fragment(request) else "",
    }
    return sheet(request, "desk/service/_form.html", context, status=status)


def _action(kind: str, service: Service | None) -> str:
    if service is None:
        return reverse("service_new")
    return reverse("service_edit" if kind == EDIT else "service_clone", args=[service.public_id])


def _posted(request: OrganisationRequest, kind: str, service: Service | None = None) -> HttpResponse:
    access = request.access
    named = [key for name in (*request.POST, *request.FILES) if (key := field_typed(name))]
    access.require_fields(SERVICES, [key for key in named if kind == EDIT or key not in NAMES_IT])
    of = details_of(service) if service else None
    stored = _stored(request, kind, service)
    form = ServiceForm(access, request.POST, request.FILES, of=of, stored=stored, editing=kind == EDIT)
    if "more" in request.POST:
        # Only a further line is asked for: what is typed so far is judged when it is saved.
        form.only_more()
        form.draw()
        return form_sheet(request, form, kind, service)
    # Decoding takes a while, so it comes before any transaction.
    form.draw()
    if not form.is_valid():
        form.refused({})
        begin_at_error(form)
        return form_sheet(request, form, kind, service, status=422)
    try:
        if kind == EDIT and service is not None:
            return _edited(request, form, service)
        created = create_service(access, form.details(), image=form.drawn, cloned_from=service)
    except Invalid as error:
        refuse(form, error.errors)
        return form_sheet(request, form, kind, service, status=422)
    except StaleVersion as error:
        assert service is not None
        now = service_asked(request, service.public_id)
        saved_meanwhile(form, request.POST, edited_form(access, now), now.version)
        return form_sheet(request, form, kind, now, refusal=error.sentence(), status=error.status)
    said = _("“%(name)s” is in the catalogue.") % {"name": created.name}
    return _another(request, said) if request.POST.get("then") == "new" else done(request, created, said)


def _edited(request: OrganisationRequest, form: ServiceForm, service: Service) -> HttpResponse:
    data = form.cleaned_data
    change = ServiceEdited(
        service,
        form.details(),
        version=data["version"],
        image=form.drawn,
        drop_image=data.get("drop_image", False) and form.drawn is None,
    )
    if (preview := made(request, change)) is not None:
        return preview
    said = _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]}
    return _another(request, said) if request.POST.get("then") == "new" else done(request, service, said)


def _another(request: OrganisationRequest, said: str) -> HttpResponse:
    """Answer « Enregistrer et nouveau »: an empty form."""
    address = reverse("service_new")
    if not wants_fragment(request) or not request.access.may("catalogue.create"):
        messages.success(request, said)
        return HttpResponse(status=303, headers={"Location": address})
    response = form_sheet(request, ServiceForm(request.access), NEW, toast=said)
    response["HX-Push-Url"] = address
    response["HX-Retarget"], response["HX-Reswap"] = "#sheet", "innerHTML"
    return response


@require_GET
def price(request: OrganisationRequest) -> HttpResponse:
    """The price in detail while it is typed: before tax, each tax, total."""
    visible_services(request.access)
    found = _price_of(request.access, request.GET.get("price", ""), request.GET.getlist("taxes"))
    return private(render(request, "desk/service/_price.html", {"price": found}))


def _price_of(access: Access, typed: Any, taxes: list[str]) -> Price | None:
    """Return a typed price in detail, None while it is none."""
    organisation = access.organisation
    if not may_read_prices(access):
        return None
    try:
        amount = amount_of(str(typed or ""), organisation.currency)
    except forms.ValidationError:
        return None
    if amount > HIGHEST_PRICE:
        return None
    chosen = [tax for tax in Tax.objects.all() if str(tax.public_id) in taxes]
    return priced(
        amount,
        [(tax.name, tax.rate) for tax in chosen],
        currency=organisation.currency,
        included=organisation.prices_include_tax,
    )

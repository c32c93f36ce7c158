"""The call: finding who rings, and all there is to know about them beside the day."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.base.errors import Invalid, StaleVersion
from carnet.catalogue.models import Service
from carnet.customers.actions import (
    NewAddress,
    NewCustomer,
    add_address,
    add_note,
    create_customer,
    edit_customer,
    pin_service,
    unpin_service,
)
from carnet.customers.fields import CUSTOMERS
from carnet.customers.lookup import typed
from carnet.customers.models import Customer
from carnet.customers.queries import customers_calling, lookup, visible_customers
from carnet.customisation.built_in import words_on_page
from carnet.customisation.showing import told_fields
from carnet.desk.forms.customers import OF_ADDRESS, OF_CUSTOMER, OF_NOTE, AddressForm, CustomerForm, NoteForm
from carnet.desk.forms.field_rights import require_named
from carnet.desk.forms.own_fields import OwnFields
from carnet.desk.queries.customers import customer_screen
from carnet.desk.queries.history import record_history
from carnet.desk.sheets import see_other, sheet, wants_fragment
from carnet.organisations.requests import OrganisationRequest

CUSTOMER_SHEET = "desk/customers/_customer.html"


def creating_address(request: OrganisationRequest, text: str) -> str:
    """Return where what was typed becomes a customer: the booking panel, or for who cannot book the customer's form.

    "" for whoever may create nobody.
    """
    access = request.access
    if not access.may("customers.create"):
        return ""
    if not access.may("appointments.book"):
        return f"{reverse('customer_new')}?{urlencode({'q': text})}"
    found = typed(text)
    given = {"name": found.name, "phone": found.phone, "email": found.email}
    return f"{reverse('booking')}?{urlencode({key: value for key, value in given.items() if value})}"


@require_GET
def customers(request: OrganisationRequest) -> HttpResponse:
    """The lookup as a sheet: what the line in the top bar opens without JavaScript, and the menu's « Clients »."""
    text = request.GET.get("q", "")[:300]
    found = lookup(request.access, text, limit=50) if text.strip() else []
    context = {"q": text, "customers": found, "create": creating_address(request, text) if text.strip() else ""}
    return sheet(request, "desk/customers/_customers.html", context)


@require_GET
def customer_lookup(request: OrganisationRequest) -> HttpResponse:
    """The answers under the lookup; inside the booking panel each is a button that keeps what the panel knows."""
    text = (request.GET.get("q") or request.GET.get("who") or "")[:300]
    found = lookup(request.access, text) if len(text.strip()) > 1 else []
    template = (
        "desk/booking/_who_answers.html" if request.GET.get("for") == "booking" else "desk/customers/_answers.html"
    )
    context = {"q": text.strip(), "customers": found, "create": creating_address(request, text), "typed": typed(text)}
    return render(request, template, context)


@require_GET
def call(request: OrganisationRequest) -> HttpResponse:
    """An incoming number: straight to the customer, to a choice, or to creating one."""
    number = request.GET.get("number", "")[:60]
    found = customers_calling(request.access, number)
    if len(found) == 1:
        return redirect("customer", found[0].public_id)
    context = {"q": number, "customers": found, "create": creating_address(request, number), "calling": True}
    return sheet(request, "desk/customers/_customers.html", context)


def _customer(request: OrganisationRequest, customer_id: UUID) -> Customer:
    return get_object_or_404(visible_customers(request.access), public_id=customer_id)


@require_GET
def customer(request: OrganisationRequest, customer_id: UUID) -> HttpResponse:
    return _screen(request, _customer(request, customer_id))


def _screen(
    request: OrganisationRequest,
    customer: Customer,
    *,
    open_form: str = "",
    form: CustomerForm | NoteForm | AddressForm | None = None,
    own: OwnFields | None = None,
    status: int = 200,
) -> HttpResponse:
    context = customer_context(request, customer, open_form=open_form, form=form, own=own)
    return sheet(request, CUSTOMER_SHEET, context, status=status)


def customer_context(
    request: OrganisationRequest,
    customer: Customer,
    *,
    open_form: str = "",
    form: CustomerForm | NoteForm | AddressForm | None = None,
    own: OwnFields | None = None,
) -> dict[str, Any]:
    """Return what the customer's sheet draws."""
    access = request.access
    edited = form if isinstance(form, CustomerForm) else CustomerForm(access, initial=_typed_before(customer))
    everything = request.GET.get("visits") == "all"
    screen = customer_screen(request.access, customer, everything=everything)
    return {
        "screen": screen,
        "everything": everything,
        "more": screen.past_count > len(screen.past),
        "note_form": form if isinstance(form, NoteForm) else NoteForm(),
        "address_form": form if isinstance(form, AddressForm) else AddressForm(request.access),
        "customer_form": edited,
        "own": own or OwnFields(access, CUSTOMERS, stored=customer.custom, around=edited),
        "laid_out": words_on_page(access, CUSTOMERS),
        "told": told_fields(access, CUSTOMERS, customer.custom, "page"),
        "open_form": open_form,
        "may_book": request.access.may("appointments.book"),
        "may_edit": request.access.may("customers.edit"),
        "history": record_history(request.access, customer),
        "may_browse": request.access.may("catalogue.see"),
        "close_url": reverse("home"),
        "booking": urlencode({"customer": str(customer.public_id)}),
    }


def _typed_before(customer: Customer) -> dict[str, object]:
    contacts = list(customer.contacts.all())
    phones = [contact.value for contact in contacts if contact.kind == "phone"]
    emails = [contact.value for contact in contacts if contact.kind == "email"]
    return {
        "name": customer.name,
        "phone": ", ".join(phones),
        "email": ", ".join(emails),
        "version": customer.version,
    }


def _from_form(form: CustomerForm, own: OwnFields) -> NewCustomer:
    phones, emails = _several(form, "phone"), _several(form, "email")
    return NewCustomer(form.cleaned_data["name"], phones, emails, custom=own.custom)


def _several(form: CustomerForm, name: str) -> tuple[str, ...] | None:
    """Return what is typed, separated by commas; None for what the form does not let be typed."""
    if name not in form.fields or form.fields[name].disabled:
        return None
    return tuple(part.strip() for part in form.cleaned_data[name].split(","))


def _saved(request: OrganisationRequest, customer: Customer) -> HttpResponse:
    if wants_fragment(request):
        return _screen(request, customer)
    return see_other(reverse("customer", args=[customer.public_id]))


@require_http_methods(["GET", "POST"])
def customer_new(request: OrganisationRequest) -> HttpResponse:
    """A customer created beforehand, without a booking."""
    request.access.require("customers.create")
    found = typed(request.GET.get("q", "")[:300])
    require_named(request.access, CUSTOMERS, request.POST, {"phone": "phone", "email": "email"})
    known = {"name": found.name, "phone": found.phone, "email": found.email}
    sent = request.POST or None
    form = CustomerForm(request.access, sent, adding=True, initial=known)
    own = OwnFields(request.access, CUSTOMERS, data=sent, around=form)
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, create_customer(request.access, _from_form(form, own)))
        except Invalid as error:
            _tell(form, error, own)
    status = 422 if request.method == "POST" else 200
    return sheet(request, "desk/customers/_new.html", {"form": form, "own": own}, status=status)


@require_POST
def customer_edit(request: OrganisationRequest, customer_id: UUID) -> HttpResponse:
    found = _customer(request, customer_id)
    require_named(request.access, CUSTOMERS, request.POST, OF_CUSTOMER)
    form = CustomerForm(request.access, request.POST, initial=_typed_before(found))
    own = OwnFields(request.access, CUSTOMERS, stored=found.custom, data=request.POST, around=form)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            return _saved(request, edit_customer(request.access, found, _from_form(form, own), version=version))
        except Invalid as error:
            _tell(form, error, own)
        except StaleVersion as error:
            form.add_error(None, error.sentence())
    return _screen(request, found, open_form="customer", form=form, own=own, status=422)


@require_POST
def customer_note(request: OrganisationRequest, customer_id: UUID) -> HttpResponse:
    found = _customer(request, customer_id)
    require_named(request.access, CUSTOMERS, request.POST, OF_NOTE)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            add_note(request.access, found, form.cleaned_data["text"], pinned=form.cleaned_data["pinned"])
            return _saved(request, found)
        except Invalid as error:
            _tell(form, error)
    return _screen(request, found, open_form="note", form=form, status=422)


@require_POST
def customer_address(request: OrganisationRequest, customer_id: UUID) -> HttpResponse:
    found = _customer(request, customer_id)
    require_named(request.access, CUSTOMERS, request.POST, OF_ADDRESS)
    form = AddressForm(request.access, request.POST)
    if form.is_valid():
        try:
            add_address(request.access, found, NewAddress(**form.cleaned_data))
            return _saved(request, found)
        except Invalid as error:
            _tell(form, error)
    return _screen(request, found, open_form="address", form=form, status=422)


@require_POST
def customer_pin(request: OrganisationRequest, customer_id: UUID) -> HttpResponse:
    """Pin the service `service`, or take it away with `unpin`."""
    found = _customer(request, customer_id)
    request.access.require("catalogue.see")
    request.access.require("customers.edit")
    wanted = request.POST.get("service") or request.POST.get("unpin") or ""
    try:
        public_id = UUID(wanted)
    except ValueError:
        public_id = UUID(int=0)
    service = get_object_or_404(request.access.visible(Service.objects.all()), public_id=public_id)
    (unpin_service if request.POST.get("unpin") else pin_service)(request.access, found, service)
    return _saved(request, found)


def _tell(form: CustomerForm | NoteForm | AddressForm, error: Invalid, own: OwnFields | None = None) -> None:
    """Put the trade's sentences beside the fields they are about."""
    for name, text in (own.refused(error.errors) if own else error.errors).items():
        form.add_error(name if name in form.fields else None, str(text))

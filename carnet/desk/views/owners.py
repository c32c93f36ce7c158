"""Who owns a customer or an appointment, and giving it to somebody else: a sheet beside the day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from carnet.appointments.actions.owner import give_appointment
from carnet.appointments.models import Appointment
from carnet.base.errors import Invalid, TradeError
from carnet.customers.actions.owner import give_customer
from carnet.customers.models import Customer
from carnet.desk.sheets import open_page, sheet
from carnet.desk.templatetags.people import called
from carnet.desk.views.set_up_places import tell
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.organisations.owners import house_is_offered, owners_offered
from carnet.organisations.requests import OrganisationRequest

Give = Callable[..., Any]


class OwnerForm(forms.Form):
    """The owner of a record, and the version that was looked at."""

    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, access: Access, record: Customer | Appointment, data: Any = None, *, house: bool) -> None:
        initial = {"owner": record.owner.public_id_text if record.owner else "", "version": record.version}
        super().__init__(data, initial=initial)
        self.known = {one.public_id_text: one for one in owners_offered(access)}
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        none = [("", _("Nobody: it belongs to the house"))] if house or record.owner is None else []
        field.choices = [*none, *((key, one.name) for key, one in self.known.items())]

    @property
    def chosen(self) -> Member | None:
        return self.known.get(self.cleaned_data["owner"])


@require_http_methods(["GET", "POST"])
def of_customer(request: OrganisationRequest, customer_id: UUID) -> HttpResponse:
    access = request.access
    access.require("customers.see")
    access.require("customers.edit")
    rows = access.visible(Customer.objects.select_related("owner").prefetch_related("contacts"))
    found = get_object_or_404(rows, public_id=customer_id)
    back = reverse("customer", args=[found.public_id])
    return _owner(request, found, called(found), give_customer, back, house=house_is_offered(access))


@require_http_methods(["GET", "POST"])
def of_appointment(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    access = request.access
    access.require("appointments.see")
    access.require("appointments.move")
    rows = access.visible(Appointment.objects.select_related("owner"))
    found = get_object_or_404(rows, public_id=appointment_id)
    back = reverse("appointment", args=[found.public_id])
    return _owner(request, found, _("Appointment"), give_appointment, back, house=access.reaches_everything)


def _owner(
    request: OrganisationRequest, found: Customer | Appointment, kicker: str, give: Give, back: str, *, house: bool
) -> HttpResponse:
    form = OwnerForm(request.access, found, request.POST if request.method == "POST" else None, house=house)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                given = give(request.access, found, form.chosen, version=form.cleaned_data["version"])
                messages.success(request, _("Saved."))
                seen = request.access.visible(type(given)._default_manager.filter(pk=given.pk)).exists()
                return open_page(request, back if seen else reverse("home"))
            except Invalid as error:
                tell(form, error)
            except TradeError as error:
                form = OwnerForm(request.access, type(found)._default_manager.get(pk=found.pk), house=house)
                return _sheet(request, form, kicker, back, refusal=error)
    return _sheet(request, form, kicker, back, status=status)


def _sheet(
    request: OrganisationRequest,
    form: OwnerForm,
    kicker: str,
    back: str,
    *,
    refusal: TradeError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "kicker": kicker, "action": request.get_full_path(), "close_url": back, "refusal": refusal}
    return sheet(request, "desk/owner/_owner.html", context, status=refusal.status if refusal else status)

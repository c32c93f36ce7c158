"""Shape of a service as it is typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.base.money import minor_units
from carnet.catalogue.actions import NewService
from carnet.catalogue.models import Place, Tax
from carnet.organisations.access import Access
from carnet.organisations.models import Member

PLACES = [
    (Place.BUSINESS, _("Business address")),
    (Place.CUSTOMER, _("Customer address")),
    (Place.BOTH, _("Business and customer address")),
]


class ServiceForm(forms.Form):
    name = forms.CharField(label=_("Service name"), max_length=120)
    description = forms.CharField(
        label=_("Description"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    category = forms.CharField(label=_("Category"), max_length=80, required=False)
    usual = forms.IntegerField(label=_("Available duration (minutes)"), min_value=5, max_value=1440, initial=60)
    shortest = forms.IntegerField(label=_("Shortest (minutes)"), min_value=5, max_value=1440, required=False)
    longest = forms.IntegerField(label=_("Longest (minutes)"), min_value=5, max_value=1440, required=False)
    members = forms.MultipleChoiceField(label=_("Service members"), widget=forms.CheckboxSelectMultiple)
    place = forms.ChoiceField(
        label=_("Service location"), choices=PLACES, widget=forms.RadioSelect, initial=Place.BUSINESS
    )
    price = forms.DecimalField(label=_("Price"), min_value=0, max_digits=12, decimal_places=3, localize=True)
    taxes = forms.MultipleChoiceField(label=_("Taxes"), required=False, widget=forms.CheckboxSelectMultiple)
    asks_job_sheet = forms.BooleanField(label=_("A job sheet must be handed in"), required=False)

    def __init__(self, access: Access, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.access = access
        self.known_members = {str(one.public_id): one for one in Member.objects.filter(active=True)}
        self.known_taxes = {str(one.pk): one for one in Tax.objects.all()}
        self.fields["members"].choices = [(key, one.name) for key, one in self.known_members.items()]  # type: ignore[attr-defined]
        self.fields["taxes"].choices = [(key, one.name) for key, one in self.known_taxes.items()]  # type: ignore[attr-defined]
        if access.organisation.prices_include_tax:
            self.fields["price"].help_text = _("Taxes included.")
        else:
            self.fields["price"].help_text = _("Before taxes.")
        if len(self.known_members) == 1:
            self.fields["members"].initial = list(self.known_members)
        self.fields["taxes"].initial = self._usual_taxes()

    def _usual_taxes(self) -> list[str]:
        """Return the first tax where prices include it (the others are reduced rates), all of them where added."""
        taxes = list(self.known_taxes)
        return taxes[:1] if self.access.organisation.prices_include_tax else taxes

    def new_service(self) -> NewService:
        """Return the typed service, without its category."""
        data = self.cleaned_data
        scale = Decimal(10) ** minor_units(self.access.organisation.currency)
        return NewService(
            name=data["name"],
            description=data["description"],
            usual=data["usual"],
            shortest=data["shortest"],
            longest=data["longest"],
            price=int((data["price"] * scale).to_integral_value()),
            members=[self.known_members[key] for key in data["members"]],
            taxes=[self.known_taxes[key] for key in data["taxes"]],
            place=data["place"],
            asks_job_sheet=data["asks_job_sheet"],
        )

"""Shape of a service as it is typed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.models import Place, Service, Tax
from carnet.desk.forms.amounts import AmountField
from carnet.desk.forms.day import date_text, date_typed
from carnet.desk.forms.durations import DurationField
from carnet.desk.forms.hours import weekday_fields
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.scheduling.hours import local

PLACES = [
    (Place.BUSINESS, _("Business address")),
    (Place.CUSTOMER, _("Customer address")),
    (Place.BOTH, _("Business and customer address")),
]
HUES = 8


class ServiceForm(forms.Form):
    name = forms.CharField(label=_("Service name"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True}))
    description = forms.CharField(
        label=_("Description"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    category = forms.CharField(
        label=_("Category"),
        max_length=80,
        required=False,
        help_text=_("Choose one or type a new one."),
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    usual = DurationField(label=_("Available duration"), initial="1 h", help_text=_("For example 45 min or 1 h 30."))
    variable = forms.BooleanField(label=_("Variable duration"), required=False)
    shortest = DurationField(label=_("Shortest"), required=False)
    longest = DurationField(label=_("Longest"), required=False)
    members = forms.MultipleChoiceField(
        label=_("Service members"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who provides this service: 1 to 100 members.")},
    )
    place = forms.ChoiceField(
        label=_("Service location"), choices=PLACES, widget=forms.RadioSelect, initial=Place.BUSINESS
    )
    price = AmountField(label=_("Price"))
    taxes = forms.MultipleChoiceField(label=_("Taxes"), required=False, widget=forms.CheckboxSelectMultiple)
    offered_from = forms.CharField(label=_("From"), max_length=20, required=False)
    offered_until = forms.CharField(label=_("Until"), max_length=20, required=False)
    asks_job_sheet = forms.BooleanField(label=_("A job sheet must be handed in"), required=False)

    def __init__(self, access: Access, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.access = access
        self.today = local(access.now, access.organisation.zone).date
        self.known_members = {str(one.public_id): one for one in Member.objects.filter(active=True)}
        self.known_taxes = {str(one.public_id): one for one in Tax.objects.all()}
        self._choose("members", [(key, one.name) for key, one in self.known_members.items()])
        self._choose("taxes", [(key, one.name) for key, one in self.known_taxes.items()])
        price = self.fields["price"]
        assert isinstance(price, AmountField)
        price.currency = access.organisation.currency
        included = access.organisation.prices_include_tax
        price.help_text = _("Taxes included.") if included else _("Before taxes.")
        if len(self.known_members) == 1:
            self.fields["members"].initial = list(self.known_members)
        self.fields["taxes"].initial = self._usual_taxes()
        for name in ("offered_from", "offered_until"):
            self.fields[name].widget.attrs |= {"placeholder": date_text(self.today), "autocomplete": "off"}
        self.fields |= weekday_fields()
        for day in self.days:
            day.field.widget.attrs["placeholder"] = ""

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _usual_taxes(self) -> list[str]:
        """Return the first tax where prices include it (the others are reduced rates), all of them where added."""
        taxes = list(self.known_taxes)
        return taxes[:1] if self.access.organisation.prices_include_tax else taxes

    @property
    def days(self) -> list[BoundField]:
        return [self[f"hours_{day}"] for day in range(7)]

    @property
    def tells_when(self) -> bool:
        """Whether days, hours or a period are typed: what is typed is not folded away."""
        return any(bound.value() for bound in (*self.days, self["offered_from"], self["offered_until"]))

    def clean_offered_from(self) -> date | None:
        return self._date("offered_from")

    def clean_offered_until(self) -> date | None:
        return self._date("offered_until")

    def _date(self, name: str) -> date | None:
        typed: str = self.cleaned_data[name]
        found = date_typed(typed, near=self.today) if typed else None
        if typed and found is None:
            raise forms.ValidationError(
                _("This is not a date. Type it as %(example)s."),
                params={"example": date_text(self.today)},
                code="date",
            )
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("variable"):
            for name in ("shortest", "longest"):
                if name in data and data[name] is None:
                    self.add_error(name, _("Type the shortest and the longest duration."))
        return data

    def new_service(self) -> ServiceDetails:
        """Return the typed service."""
        data = self.cleaned_data
        ranged = data["variable"]
        return ServiceDetails(
            name=data["name"],
            category=data["category"] or None,
            description=data["description"],
            usual=data["usual"],
            shortest=data["shortest"] if ranged else None,
            longest=data["longest"] if ranged else None,
            price=data["price"],
            members=[self.known_members[key] for key in data["members"]],
            taxes=[self.known_taxes[key] for key in data["taxes"]],
            place=data["place"],
            hue=Service.objects.count() % HUES + 1,
            hours={day: data[f"hours_{day}"] for day in range(7) if data[f"hours_{day}"]},
            offered_from=data["offered_from"],
            offered_until=data["offered_until"],
            asks_job_sheet=data["asks_job_sheet"],
        )

"""Shape of what the first-run page asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carnet.catalogue.details import hours_text
from carnet.desk.forms.hours import weekday_fields
from carnet.desk.forms.taxes import TaxesField
from carnet.organisations.countries import (
    Country,
    country_names,
    currency_names,
    known_zones,
    region_names,
    zones_of,
)

ORDINARY = [(9 * 60, 12 * 60), (14 * 60, 18 * 60)]
SATURDAY = [(9 * 60, 12 * 60)]


class FirstRunForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the business"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=100, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    country = forms.ChoiceField(label=_("Country"))
    region = forms.ChoiceField(label=_("Region"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"))
    currency = forms.ChoiceField(label=_("Currency"))
    language = forms.ChoiceField(label=_("Language of the business"), choices=settings.LANGUAGES)
    first_weekday = forms.TypedChoiceField(
        label=_("First day of the week"), coerce=int, choices=[(day, WEEKDAYS[day]) for day in (0, 6, 5)]
    )
    prices_include_tax = forms.TypedChoiceField(
        label=_("Prices are typed"),
        coerce=lambda value: value == "True",
        choices=[("True", _("with taxes included")), ("False", _("before taxes"))],
        widget=forms.RadioSelect,
    )
    taxes = TaxesField(label=_("Taxes"), help_text=_("One a line, each with its rate."))
    holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)
    administrator = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least ten characters; a sentence is easier to remember than signs."),
    )
    provides = forms.BooleanField(
        label=_("I serve customers myself, so my time can be booked"), required=False, initial=True
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reader = get_language() or "fr"
        # By value, because an unbound form may be drawn for another country than the first.
        country = str(self["country"].value() or "")
        regions = region_names(country, reader)
        self._choose("country", country_names(reader))
        self._choose("region", [("", _("The whole country")), *regions])
        self._choose("zone", _zone_choices(country))
        self._choose("currency", currency_names(reader))
        if not regions:
            self.fields["region"].widget = forms.HiddenInput()
        self.fields |= weekday_fields()

    def _choose(self, name: str, choices: Iterable[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def days(self) -> list[BoundField]:
        return [self[f"hours_{day}"] for day in range(7)]

    def windows(self) -> dict[int, list[tuple[int, int]]]:
        """Return the typed hours of the days on which the business opens."""
        return {day: self.cleaned_data[f"hours_{day}"] for day in range(7) if self.cleaned_data[f"hours_{day}"]}


def _zone_choices(country: str) -> list[tuple[Any, Any]]:
    near = zones_of(country)
    far = sorted(known_zones() - set(near))
    groups = [(_("In this country"), [(zone, _zone_name(zone)) for zone in near])] if near else []
    return [*groups, (_("Elsewhere"), [(zone, _zone_name(zone)) for zone in far])]


def _zone_name(zone: str) -> str:
    return zone.replace("_", " ").replace("/", " / ")


def proposed(country: Country) -> dict[str, Any]:
    """Return the form's values that a country proposes."""
    return {
        "country": country.code,
        "region": country.region,
        "zone": country.zone,
        "currency": country.currency,
        "language": country.language,
        "first_weekday": country.first_weekday,
        "prices_include_tax": str(country.prices_include_tax),
        "taxes": "\n".join(name for name, _rate in country.taxes),
        "holidays": True,
    }


def ordinary_hours() -> dict[str, str]:
    """Return the hours a new business begins with: closed at noon and on Sundays."""
    return {**{f"hours_{day}": hours_text(ORDINARY) for day in range(5)}, "hours_5": hours_text(SATURDAY)}

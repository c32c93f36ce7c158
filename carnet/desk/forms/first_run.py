"""Shape of what the first-run page asks."""

from __future__ import annotations

from zoneinfo import available_timezones

from babel.numbers import list_currencies
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carnet.desk.forms.hours import hours_text, weekday_fields
from carnet.organisations.countries import Country, country_names

ORDINARY = [(9 * 60, 18 * 60)]


class FirstRunForm(forms.Form):
    name = forms.CharField(label=_("Name of the business"), max_length=120)
    country = forms.ChoiceField(label=_("Country"))
    zone = forms.ChoiceField(label=_("Time zone"))
    currency = forms.ChoiceField(label=_("Currency"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=100, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    taxes = forms.BooleanField(label=_("Create the usual taxes"), required=False)
    holidays = forms.BooleanField(label=_("Close on public holidays"), required=False)
    administrator = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least ten characters; a sentence is easier to remember than signs."),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self.fields["country"].choices = country_names(get_language() or "fr")  # type: ignore[attr-defined]
        self.fields["zone"].choices = [(zone, zone) for zone in sorted(available_timezones())]  # type: ignore[attr-defined]
        self.fields["currency"].choices = [(code, code) for code in sorted(list_currencies())]  # type: ignore[attr-defined]
        self.fields |= weekday_fields()

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"hours_{day}"] for day in range(7)]

    def windows(self) -> dict[int, list[tuple[int, int]]]:
        return {day: self.cleaned_data[f"hours_{day}"] for day in range(7) if self.cleaned_data[f"hours_{day}"]}


def proposed(country: Country) -> dict[str, object]:
    """Return the form's values that a country proposes."""
    return {
        "country": country.code,
        "zone": country.zone,
        "currency": country.currency,
        "language": country.language,
        "taxes": bool(country.taxes),
        "holidays": True,
        **{f"hours_{day}": hours_text(ORDINARY) for day in range(6)},
    }

"""Shape of what the guide to a new organisation asks, a form for each of its steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carnet.catalogue.details import hours_text
from carnet.catalogue.examples import LANGUAGES, examples
from carnet.desk.actions import Beginning
from carnet.desk.forms.hours import weekday_fields
from carnet.desk.forms.taxes import TaxesField
from carnet.desk.trades import usual_of
from carnet.organisations.countries import (
    Country,
    country_names,
    country_of,
    currency_names,
    known_zones,
    region_names,
    zones_of,
)

Typed = Mapping[str, Any]


def reader() -> str:
    """Return the language of whoever reads the guide."""
    return (get_language() or "fr")[:2]


class StepForm(forms.Form):
    """One step: its title, and what it proposes to who has answered nothing yet."""

    title: ClassVar[str | Promise]
    #: What is proposed to who skips the step, and not written into a field to be overwritten.
    left_blank: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def proposed(cls, before: Mapping[str, Typed]) -> dict[str, Any]:
        """Return what the step holds before anybody types; `before` is what was typed in the steps so far."""
        return {}

    def choose(self, name: str, choices: Iterable[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class BusinessStep(StepForm):
    title = _("The business")
    left_blank = frozenset({"name"})

    name = forms.CharField(
        label=_("Name of the business"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    trade = forms.ChoiceField(
        label=_("Trade"),
        required=False,
        widget=forms.RadioSelect,
        help_text=_("It proposes hours and examples of services, and decides nothing."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.choose("trade", [*((one.trade, one.name[known()]) for one in examples()), ("", _("Another one"))])
        self.fields["name"].widget.attrs["placeholder"] = usual_of(str(self["trade"].value() or "")).called

    @classmethod
    def proposed(cls, before: Mapping[str, Typed]) -> dict[str, Any]:
        return {"name": str(_("My business")), "trade": ""}


class CountryStep(StepForm):
    title = _("The country")

    country = forms.ChoiceField(label=_("Country"))
    region = forms.ChoiceField(label=_("Region"), required=False)
    zone = forms.ChoiceField(label=_("Time zone"))
    currency = forms.ChoiceField(label=_("Currency"))
    language = forms.ChoiceField(label=_("Language of the business"), choices=lambda: settings.LANGUAGES)
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

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # By value, because an unbound form may be drawn for another country than the first.
        country = str(self["country"].value() or "")
        regions = region_names(country, reader())
        self.choose("country", country_names(reader()))
        self.choose("region", [("", _("The whole country")), *regions])
        self.choose("zone", zone_choices(country))
        self.choose("currency", currency_names(reader()))
        if not regions:
            self.fields["region"].widget = forms.HiddenInput()

    @classmethod
    def proposed(cls, before: Mapping[str, Typed]) -> dict[str, Any]:
        return proposed_by(first_country())


class RegionForm(CountryStep):
    """The same for an organisation that there is: what is changed in it without changing services or closed days."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("prices_include_tax", "taxes", "holidays"):
            del self.fields[name]


class AddressStep(StepForm):
    title = _("The address")

    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=100, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )


class HoursStep(StepForm):
    title = _("Business hours")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields |= weekday_fields()

    @classmethod
    def proposed(cls, before: Mapping[str, Typed]) -> dict[str, Any]:
        week = usual_of(trade_in(before)).week
        return {f"hours_{day}": hours_text(windows) for day, windows in week.items()}

    @property
    def days(self) -> list[BoundField]:
        return [self[f"hours_{day}"] for day in range(7)]

    def windows(self) -> dict[int, list[tuple[int, int]]]:
        """Return the typed hours of the days on which the business opens."""
        return {day: self.cleaned_data[f"hours_{day}"] for day in range(7) if self.cleaned_data[f"hours_{day}"]}


class ServicesStep(StepForm):
    title = _("Services")

    begin = forms.ChoiceField(
        label=_("How to begin"),
        widget=forms.RadioSelect,
        choices=[
            (Beginning.EMPTY, _("Switch Services on, and add my own services")),
            (Beginning.EXAMPLES, _("Switch Services on, and begin with examples of my trade")),
            (Beginning.LATER, _("Leave Services off for now: nothing can be booked")),
        ],
    )

    @classmethod
    def proposed(cls, before: Mapping[str, Typed]) -> dict[str, Any]:
        return {"begin": Beginning.EXAMPLES if trade_in(before) else Beginning.EMPTY}


class YouStep(StepForm):
    """Who founds it, for somebody who is signed in already."""

    title = _("You")

    administrator = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    provides = forms.BooleanField(label=_("I serve customers myself, so my time can be booked"), required=False)

    @classmethod
    def proposed(cls, before: Mapping[str, Typed]) -> dict[str, Any]:
        return {"provides": True}


class FirstYouStep(YouStep):
    """Who founds the very first organisation, and with what to sign in from then on."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least ten characters; a sentence is easier to remember than signs."),
    )


def trade_in(typed: Mapping[str, Typed]) -> str:
    return str(typed.get("business", {}).get("trade", ""))


def known() -> str:
    """Return the reader's language if the examples are written in it, else the first of theirs."""
    return reader() if reader() in LANGUAGES else LANGUAGES[0]


def first_country() -> Country:
    """Return what is proposed before a country is chosen: that of most readers of the language."""
    return country_of_reader("FR" if reader() == "fr" else "GB")


def country_of_reader(code: str, region: str = "") -> Country:
    return country_of(code, region, reader())


def zone_choices(country: str) -> list[tuple[Any, Any]]:
    """Return all zones, those of the country before the others."""
    near = zones_of(country)
    far = sorted(known_zones() - set(near))
    groups = [(_("In this country"), [(zone, shown_zone(zone)) for zone in near])] if near else []
    return [*groups, (_("Elsewhere"), [(zone, shown_zone(zone)) for zone in far])]


def shown_zone(zone: str) -> str:
    return zone.replace("_", " ").replace("/", " / ")


def proposed_by(country: Country) -> dict[str, Any]:
    """Return the values that a country proposes."""
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

"""Shape of what the set-up asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from carnet.desk.forms.hours import hours_text, weekday_fields
from carnet.organisations.models import Organisation, Profile
from carnet.organisations.permissions import PROVIDER
from carnet.resources.queries import business_hours


def _choose(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


class MemberForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    profile = forms.ChoiceField(label=_("Profile"), help_text=_("What this person may see and do."))
    provides = forms.BooleanField(
        label=_("Serves customers, so has a column in the calendar"), required=False, initial=True
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(
        label=_("E-mail address to sign in with"),
        required=False,
        help_text=_("A letter leads to choosing a password. Without an address, the person is in the calendar only."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {str(profile.public_id): profile for profile in Profile.objects.order_by("pk")}
        _choose(self.fields["profile"], [(key, one.name) for key, one in self.known.items()])
        self.fields["profile"].initial = next((key for key, one in self.known.items() if one.key == PROVIDER), None)

    @property
    def profile_chosen(self) -> Profile:
        return self.known[self.cleaned_data["profile"]]


class ProfilesForm(forms.Form):
    """The profiles that get the module; administrators always have it."""

    profiles = forms.MultipleChoiceField(
        label=_("Profiles that see the services"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {str(one.public_id): one for one in Profile.objects.filter(administrator=False).order_by("pk")}
        _choose(self.fields["profiles"], [(key, one.name) for key, one in self.known.items()])
        self.fields["profiles"].initial = [key for key, one in self.known.items() if "catalogue.see" in one.permissions]


class BusinessForm(forms.Form):
    """Name and address, as on letters."""

    name = forms.CharField(label=_("Name of the business"), max_length=120)
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    city = forms.CharField(label=_("Town"), max_length=100, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)

    @classmethod
    def of(cls, organisation: Organisation) -> BusinessForm:
        return cls(initial={name: getattr(organisation, name) for name in cls.base_fields})


class BusinessHoursForm(forms.Form):
    def __init__(self, *args: Any, **options: Any) -> None:
        now = business_hours()
        options.setdefault("initial", {f"hours_{day}": hours_text(now.get(day, ())) for day in range(7)})
        super().__init__(*args, **options)
        self.fields |= weekday_fields()

    @property
    def days(self) -> list[BoundField]:
        return list(self)

    def windows(self) -> dict[int, list[tuple[int, int]]]:
        return {day: self.cleaned_data[f"hours_{day}"] for day in range(7) if self.cleaned_data[f"hours_{day}"]}

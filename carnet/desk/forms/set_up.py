"""Shape of what the set-up asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.desk.forms.hours import hours_text, weekday_fields
from carnet.organisations.models import Profile
from carnet.resources.queries import business_hours


class MemberForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    profile = forms.ChoiceField(label=_("Profile"))
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {str(profile.pk): profile for profile in Profile.objects.order_by("pk")}
        self.fields["profile"].choices = [(key, one.name) for key, one in self.known.items()]  # type: ignore[attr-defined]
        self.fields["profile"].initial = next((key for key, one in self.known.items() if one.key == "provider"), None)


class ProfilesForm(forms.Form):
    """The profiles that get the module; administrators always have it."""

    profiles = forms.MultipleChoiceField(
        label=_("Profiles that see the services"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {str(one.pk): one for one in Profile.objects.filter(administrator=False).order_by("pk")}
        self.fields["profiles"].choices = [(key, one.name) for key, one in self.known.items()]  # type: ignore[attr-defined]
        self.fields["profiles"].initial = [key for key, one in self.known.items() if "catalogue.see" in one.permissions]


class BusinessHoursForm(forms.Form):
    def __init__(self, *args: Any, **options: Any) -> None:
        now = business_hours()
        options.setdefault("initial", {f"hours_{day}": hours_text(now.get(day, ())) for day in range(7)})
        super().__init__(*args, **options)
        self.fields |= weekday_fields()

    def windows(self) -> dict[int, list[tuple[int, int]]]:
        return {day: self.cleaned_data[f"hours_{day}"] for day in range(7) if self.cleaned_data[f"hours_{day}"]}

"""Shape of what the set-up asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.translation import gettext_lazy as _

from carnet.catalogue.details import hours_text
from carnet.desk.forms.hours import weekday_fields
from carnet.desk.forms.roles import role_chosen, roles_to_give
from carnet.organisations.access import Access
from carnet.organisations.models import Organisation, Profile, Role
from carnet.organisations.permissions import MODULE_RIGHTS, PROVIDER
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
        help_text=_("An invitation leads to signing in. Without an address, the person is in the calendar only."),
    )

    def __init__(self, access: Access, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"] = roles = roles_to_give(access)
        roles.required = False
        self.given = list(roles.known.values())
        if len(self.given) < 2:
            roles.widget = roles.hidden_widget()
        # Who is added to one's own role sees nothing more than oneself.
        own = access.member.role if access.member and not access.reaches_everything else None
        roles.initial = (own or next(iter(self.given))).public_id_text
        self.order_fields(["name", "profile", "role", "provides", "phone", "email"])
        self.known = {str(profile.public_id): profile for profile in Profile.objects.order_by("pk")}
        _choose(self.fields["profile"], [(key, one.name) for key, one in self.known.items()])
        self.fields["profile"].initial = next((key for key, one in self.known.items() if one.key == PROVIDER), None)

    @property
    def profile_chosen(self) -> Profile:
        return self.known[self.cleaned_data["profile"]]

    @property
    def role_given(self) -> Role:
        return role_chosen(self, "role") or self.given[0]


class ModuleRightsForm(forms.Form):
    """The profiles that get a module, one tick each, and what more than seeing it each may do.

    Administrators’ profiles are not among them: they always have it.
    """

    profiles = forms.MultipleChoiceField(
        label=_("Profiles that see the services"), required=False, widget=forms.CheckboxSelectMultiple
    )
    rights = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, module: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.see, *self.more = MODULE_RIGHTS[module]
        self.known = {str(one.public_id): one for one in Profile.objects.filter(administrator=False).order_by("pk")}
        _choose(self.fields["profiles"], [(key, one.name) for key, one in self.known.items()])
        pairs = [(f"{key}:{right}", _right_words(right)) for key in self.known for right in self.more]
        _choose(self.fields["rights"], pairs)
        held = {key: set(one.permissions) for key, one in self.known.items()}
        self.fields["profiles"].initial = [key for key in self.known if self.see in held[key]]
        self.fields["rights"].initial = [
            f"{key}:{right}" for key in self.known for right in self.more if right in held[key]
        ]

    @property
    def lines(self) -> list[ProfileLine]:
        """Each profile with its further rights, as « Détailler » shows them."""
        ticks = {str(tick.data["value"]): tick for tick in self["rights"]}
        return [
            ProfileLine(key, one.name, one.version, [ticks[f"{key}:{right}"] for right in self.more])
            for key, one in self.known.items()
        ]

    @property
    def is_detailed(self) -> bool:
        """Whether some profile may do more than see, so that it must not be folded away."""
        return bool(self["rights"].value())

    def wanted(self) -> dict[Profile, set[str]]:
        """Return the rights that each profile is to have; without its tick it keeps none, whatever else is ticked."""
        found = {}
        for key, profile in self.known.items():
            more = {right for right in self.more if f"{key}:{right}" in self.cleaned_data["rights"]}
            ticked = key in self.cleaned_data["profiles"]
            taken_away = not ticked and self.see in profile.permissions
            found[profile] = set() if taken_away else more | ({self.see} if ticked else set())
        return found

    def seen(self) -> dict[int, int]:
        """Return which version of each profile was on the page, as far as the form says so."""
        told = {key: self.data.get(f"version-{key}", "") for key in self.known}
        return {self.known[key].pk: int(text) for key, text in told.items() if text.isascii() and text.isdecimal()}


@dataclass(frozen=True, slots=True)
class ProfileLine:
    key: str
    name: str
    version: int
    ticks: Sequence[BoundWidget]


def _right_words(right: str) -> Any:
    return {
        "catalogue.create": _("Create"),
        "catalogue.edit": _("Edit"),
        "catalogue.delete": _("Delete"),
    }[right]


class JobSheetsForm(forms.Form):
    """Whether the organisation uses job sheets."""

    use = forms.ChoiceField(
        label=_("Job sheet"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("Yes, I want to use job sheets in my organisation")),
            ("no", _("No, I do not want to use job sheets in my organisation")),
        ],
    )


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

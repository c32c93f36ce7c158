"""The places of the set-up, as its contents and the line above each of its pages name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carnet.base.errors import Invalid
from carnet.desk.sheets import private
from carnet.organisations.requests import OrganisationRequest


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the set-up: the name of its URL, its title, and the place it lies in."""

    view: str
    title: str | Promise
    within: Place | None = None
    #: The part of the page of `view` that is meant, for what has no page of its own.
    anchor: str = ""
    #: What stands in its address.
    arguments: Sequence[object] = ()

    @property
    def url(self) -> str:
        return reverse(self.view, args=self.arguments) + (f"#{self.anchor}" if self.anchor else "")

    @property
    def trail(self) -> Sequence[Place]:
        """The places from the first page of the set-up to this one."""
        return [*(self.within.trail if self.within else ()), self]


HOME: Final = Place("set_up", _("Set-up"))
GENERAL: Final = Place("set_up", _("General"), HOME, anchor="general")
HOURS: Final = Place("set_up_hours", _("Business hours"), GENERAL)
CLOSURES: Final = Place("set_up_closures", _("Closures"), HOURS)
ADDRESS: Final = Place("set_up_business", _("Business address"), GENERAL)
REGION: Final = Place("set_up_region", _("Country, language and currency"), GENERAL)
ORGANISATION: Final = Place("set_up_organisation", _("The organisation"), GENERAL)
EXPORTS: Final = Place("set_up_exports", _("Export everything"), ORGANISATION)
DELETION: Final = Place("organisation_deletion", _("Delete the organisation"), ORGANISATION)
SUSPENSION: Final = Place("organisation_suspension", _("Suspend the organisation"), ORGANISATION)
MEMBERS: Final = Place("set_up_members", _("Members"), GENERAL)
RIGHTS: Final = Place("set_up", _("Users and rights"), HOME, anchor="rights")
PROFILES: Final = Place("set_up_profiles", _("Profiles"), RIGHTS)
ROLES: Final = Place("set_up_roles", _("Roles"), RIGHTS)
TOKENS: Final = Place("set_up_tokens", _("API tokens"), RIGHTS)
ACTIVITY: Final = Place("set_up_activity", _("Activity"), RIGHTS)
CUSTOMISATION: Final = Place("set_up", _("Customisation"), HOME, anchor="customisation")
MODULES: Final = Place("set_up_modules", _("Modules and fields"), CUSTOMISATION)
SERVICES: Final = Place("set_up_module", _("Services"), MODULES)
SHEET_LAYOUTS: Final = Place("set_up_sheet_layouts", _("Job sheet layout"), SERVICES)
PREFERENCES: Final = Place("set_up_preferences", _("Preferences"), SERVICES)


def set_up_page(
    request: OrganisationRequest,
    place: Place,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of the set-up; its trail leads back for those to whom the rest of it is open."""
    drawn = {
        "place": place,
        "trail": place.trail[:-1],
        "trail_leads": request.access.may("set_up.edit"),
        "sheets_on": request.access.module_is_on("job_sheets"),
        **(context or {}),
    }
    return private(render(request, f"desk/set_up/{template}.html", drawn, status=status))


def tell(form: forms.Form, error: Invalid) -> None:
    """Put the trade's sentences beside the fields they are about."""
    for name, text in error.errors.items():
        form.add_error(name if name in form.fields else None, str(text))

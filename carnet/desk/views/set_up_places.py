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
from carnet.organisations.access import Access
from carnet.organisations.permissions import EDIT_LAYOUTS
from carnet.organisations.permissions import SET_UP as ALL_PARTS
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
    #: It is open to whoever may one of these; without any, to whom the place is that it lies in.
    needs: Sequence[str] = ()

    def is_open_to(self, access: Access) -> bool:
        return access.may_any(self.needs) if self.needs else self.within is None or self.within.is_open_to(access)

    @property
    def url(self) -> str:
        return reverse(self.view, args=self.arguments) + (f"#{self.anchor}" if self.anchor else "")

    @property
    def trail(self) -> Sequence[Place]:
        """The places from the first page of the set-up to this one."""
        return [*(self.within.trail if self.within else ()), self]


_SET_UP, _MEMBERS, _PROFILES, _LAYOUTS = ("set_up.edit",), ("members.edit",), ("profiles.edit",), (EDIT_LAYOUTS,)

HOME: Final = Place("set_up", _("Set-up"), needs=ALL_PARTS)
GENERAL: Final = Place("set_up", _("General"), HOME, anchor="general")
HOURS: Final = Place("set_up_hours", _("Business hours"), GENERAL, needs=_SET_UP)
CLOSURES: Final = Place("set_up_closures", _("Closures"), HOURS)
ADDRESS: Final = Place("set_up_business", _("Business address"), GENERAL, needs=_SET_UP)
REGION: Final = Place("set_up_region", _("Country, language and currency"), GENERAL, needs=_SET_UP)
ORGANISATION: Final = Place("set_up_organisation", _("The organisation"), GENERAL, needs=_SET_UP)
EXPORTS: Final = Place("set_up_exports", _("Export everything"), ORGANISATION)
DELETION: Final = Place("organisation_deletion", _("Delete the organisation"), ORGANISATION)
SUSPENSION: Final = Place("organisation_suspension", _("Suspend the organisation"), ORGANISATION)
MEMBERS: Final = Place("set_up_members", _("Members"), GENERAL, needs=_MEMBERS)
RIGHTS: Final = Place("set_up", _("Users and rights"), HOME, anchor="rights")
PROFILES: Final = Place("set_up_profiles", _("Profiles"), RIGHTS, needs=_PROFILES)
ROLES: Final = Place("set_up_roles", _("Roles"), RIGHTS, needs=_PROFILES)
TOKENS: Final = Place("set_up_tokens", _("API tokens"), RIGHTS, needs=_PROFILES)
#: No part of the set-up: everybody has it in the menu of their own.
OWN_TOKENS: Final = Place("own_tokens", _("My API tokens"))
ACTIVITY: Final = Place("set_up_activity", _("Activity"), RIGHTS, needs=("activity.see",))
CUSTOMISATION: Final = Place("set_up", _("Customisation"), HOME, anchor="customisation")
MODULES: Final = Place(
    "set_up_modules", _("Modules and fields"), CUSTOMISATION, needs=(*_LAYOUTS, *_PROFILES, *_SET_UP)
)
SERVICES: Final = Place("set_up_module", _("Services"), MODULES, needs=_PROFILES)
SHEET_LAYOUTS: Final = Place("set_up_sheet_layouts", _("Job sheet layout"), SERVICES, needs=_LAYOUTS)
PREFERENCES: Final = Place("set_up_preferences", _("Preferences"), SERVICES, needs=("catalogue.see",))


def set_up_page(
    request: OrganisationRequest,
    place: Place,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page of the set-up; its trail leads back to what is open to the reader."""
    drawn = {
        "place": place,
        "trail": [(one, one.is_open_to(request.access)) for one in place.trail[:-1]],
        "sheets_on": request.access.module_is_on("job_sheets"),
        **(context or {}),
    }
    return private(render(request, f"desk/set_up/{template}.html", drawn, status=status))


def tell(form: forms.Form, error: Invalid) -> None:
    """Put the trade's sentences beside the fields they are about."""
    for name, text in error.errors.items():
        form.add_error(name if name in form.fields else None, str(text))

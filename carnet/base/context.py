"""What every page knows: who reads it, where it stands, and the places it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Asking(Protocol):
    """The part of Access that a page needs."""

    @property
    def is_administrator(self) -> bool: ...

    def may(self, permission: str) -> bool: ...

    def may_read_field(self, module: str, key: str) -> bool: ...

    def may_edit_field(self, module: str, key: str) -> bool: ...


class FieldsAsked:
    """What a template asks about fields: `reads.customers.phone`, `edits.customers.phone`."""

    def __init__(self, asked: Callable[[str, str], bool], module: str = "") -> None:
        self._asked, self._module = asked, module

    def __getitem__(self, name: str) -> Any:
        return self._asked(self._module, name) if self._module else FieldsAsked(self._asked, name)


@dataclass(frozen=True, slots=True)
class Destination:
    """A place of the main navigation."""

    key: str
    label: str | Promise
    icon: str
    #: The name of its URL, and the permission without which it is not shown.
    view: str
    permission: str


@dataclass(frozen=True, slots=True)
class NavigationLink:
    label: str
    icon: str
    url: str
    current: bool


#: In the order of the day's work; the names are those of the rooms' urls.
DESTINATIONS: Final = (
    Destination("calendar", _("Calendar"), "calendar-days", "home", "appointments.see"),
    Destination("customers", _("Customers"), "users", "customer_list", "customers.see"),
    Destination("services", _("Services"), "tag", "services", "catalogue.see"),
)

#: Places that lie in none of them, by the name of their first page's URL.
APART: Final = ("set_up", "own_tokens")


def navigation(access: Asking, path: str) -> list[NavigationLink]:
    """Return the main places this reader may go to; the one `path` lies in is current, none for what lies apart."""
    links = []
    for place in DESTINATIONS:
        if not access.may(place.permission):
            continue
        try:
            url = reverse(place.view)
        except NoReverseMatch:
            continue
        links.append((place, url))
    if any(path.startswith(url) for url in _apart()):
        path = ""
    inside = [url for _place, url in links if path == url or path.startswith(url.rstrip("/") + "/")]
    here = max(inside, key=len, default="")
    return [NavigationLink(str(place.label), place.icon, url, url == here) for place, url in links]


def _apart() -> Iterator[str]:
    for view in APART:
        with suppress(NoReverseMatch):
            yield reverse(view)


def _may_found_another(access: Asking) -> bool:
    # An administrator elsewhere finds the way among their organisations: here no further question is asked for it.
    allowed = settings.NEW_ORGANISATIONS
    return allowed == "everybody" or (allowed == "administrators" and access.is_administrator)


_above: list[Callable[[HttpRequest], str]] = []


def stands_above_pages(drawn: Callable[[HttpRequest], str]) -> Callable[[HttpRequest], str]:
    """Declare what is drawn above the content of every page inside an organisation: safe HTML, or nothing."""
    if drawn not in _above:
        _above.append(drawn)
    return drawn


def page(request: HttpRequest) -> dict[str, Any]:
    """Give templates `access` (None outside an organisation), `navigation`, `theme`, `organisations`.

    And what depends on the reader wherever it is drawn: `services_on`, `job_sheets_on`, `may_see_services`,
    `may_look_up`, `may_found_another`, and of fields `reads` and `edits`.
    """
    access = getattr(request, "access", None)
    user = getattr(request, "user", None)
    return {
        "access": access,
        "organisation": access.organisation if access else None,
        "organisations": getattr(request, "organisations", ()),
        "navigation": navigation(access, request.path) if access else [],
        # Asked for by the page's frame alone: fragments are drawn with this context too.
        "above": lambda: [drawn(request) for drawn in _above] if access else [],
        "services_on": lambda: bool(access and access.module_is_on("services")),
        "job_sheets_on": lambda: bool(access and access.module_is_on("job_sheets")),
        "may_see_services": lambda: bool(access and access.may("catalogue.see")),
        "may_look_up": lambda: bool(access and access.may("customers.see")),
        "reads": FieldsAsked(access.may_read_field) if access else {},
        "edits": FieldsAsked(access.may_edit_field) if access else {},
        "may_found_another": lambda: bool(access and _may_found_another(access)),
        "theme": getattr(user, "theme", "") or "",
    }

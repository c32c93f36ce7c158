"""Errors of the trade, and what the doors make of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from carnet.base.assets import asset_url


class TradeError(Exception):
    """A request refused for a reason that a person can understand; nothing has changed."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def sentence(self) -> str:
        """Return what to tell the person, in the active language."""
        return _("This is not possible.")

    def detail(self) -> dict[str, Any]:
        """Return further members of the problem document (API) in plain types."""
        return {}


class NotPermitted(TradeError):
    """The actor's profile lacks a permission."""

    code = "not_permitted"
    status = 403

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission

    def sentence(self) -> str:
        return _("Your profile does not allow this.")


class Hidden(NotPermitted):
    """The actor may not even know that this exists: told in the very words of what does not."""

    code = "not_found"
    status = 404

    def sentence(self) -> str:
        return nothing_here()


class ModuleOff(NotPermitted):
    """The module that a permission belongs to is switched off."""

    code = "module_off"

    def sentence(self) -> str:
        return _("The Services module is switched off.")


class StaleVersion(TradeError):
    """The record was changed by someone else since it was read."""

    code = "stale_version"
    status = 412

    def sentence(self) -> str:
        return _("Someone else changed this in the meantime. Look at what is new, then try again.")


class Invalid(TradeError):
    """Values that cannot be taken; `errors` maps a field's name to its sentences."""

    code = "invalid"

    def __init__(self, **errors: str) -> None:
        super().__init__(errors)
        self.errors = errors

    def sentence(self) -> str:
        return " ".join(str(text) for text in self.errors.values())

    def detail(self) -> dict[str, Any]:
        return {"errors": {name: str(text) for name, text in self.errors.items()}}


def nothing_here() -> str:
    """Return what is said of an address that leads nowhere."""
    return _("There is nothing at this address.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page is too old to be trusted; what was typed is not taken."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, in the same words whether it does not exist or may not be seen."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault; drawn without asking the database, which may be what broke."""
    try:
        stylesheet = asset_url("app.css")
    except LookupError:
        # What broke may be the build: then the words alone.
        stylesheet = ""
    return HttpResponse(render_to_string("500.html", {"stylesheet": stylesheet}), status=500)

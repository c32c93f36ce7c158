"""Pages outside any organisation: the way in, and one's own preferences."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from carnet.organisations.middleware import LANGUAGE_COOKIE, LAST_COOKIE, YEAR, organisations_of
from carnet.organisations.models import User


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Go to the organisation used last, else the first one."""
    organisations = organisations_of(cast(User, request.user))
    if not organisations:
        return render(request, "organisations/none.html", status=403)
    last = request.COOKIES.get(LAST_COOKIE)
    chosen = next((one for one in organisations if one.slug == last), organisations[0])
    return HttpResponseRedirect(f"/o/{chosen.slug}/")


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the reader's language or appearance, and go back to where it was chosen."""
    response = HttpResponseRedirect(_inside(request, request.POST.get("next", "")))
    user = request.user if isinstance(request.user, User) else None
    language, theme = request.POST.get("language"), request.POST.get("theme")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="Lax", secure=settings.HTTPS)
        if user is not None:
            user.language = language
            user.save(update_fields=["language"])
    if theme in ("", "light", "dark") and user is not None:
        user.theme = theme
        user.save(update_fields=["theme"])
    return response


def _inside(request: HttpRequest, address: str) -> str:
    """Return `address` if it lies on this site, else the first page."""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else "/"

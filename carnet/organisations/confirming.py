"""Showing once more that it is oneself, before what protects an account is changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from carnet.organisations.second_step import must_confirm

P = ParamSpec("P")


def confirmed(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let the view be used only some minutes after signing in, or after the password, a code or a passkey again."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not must_confirm(request):
            return view(request, *args, **kwargs)
        back = request.path if request.method in ("GET", "HEAD") else reverse("account")
        return HttpResponseRedirect(f"{reverse('confirmation')}?{urlencode({'next': back})}", status=303)

    return answer


def inside(request: HttpRequest, address: str) -> str:
    """Return `address` if it lies on this site, else the first page (J7)."""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else "/"

"""Signing in as one of the demo's people, by a link from the terminal: they have no passwords."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from carnet.organisations.middleware import member_of
from carnet.organisations.models import Member, User

SALT = "carnet.demo.sign-in"
#: A link is printed at each start; an old one in somebody's history opens nothing.
LASTS = timedelta(days=1)


def sign_in_line(member: Member) -> str:
    """Return the address that signs in as `member` for a day, in this demo only."""
    return f"{settings.BASE_ADDRESS}/demo/sign-in/{token_of(member)}"


def token_of(member: Member) -> str:
    return signing.dumps([member.user_id, member.organisation.slug], salt=SALT)


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Show who will be signed in, and sign in when that is confirmed: a link alone, fetched ahead, does nothing."""
    user, member = _who(token)
    if request.method == "POST":
        # Nothing of whoever sat here before remains.
        request.session.flush()
        login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return HttpResponseRedirect(f"/o/{member.organisation.slug}/", status=303)
    response = render(request, "demo/sign_in.html", {"member": member})
    patch_cache_control(response, private=True, no_store=True)
    return response


def _who(token: str) -> tuple[User, Member]:
    if not settings.DEMO:
        raise Http404
    try:
        user_id, slug = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    member = member_of(user, slug) if user else None
    if user is None or member is None:
        raise Http404
    return user, member

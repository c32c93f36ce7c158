"""« Votre compte »: with what one signs in, and where one is signed in."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.base import clock
from carnet.organisations import letters
from carnet.organisations.actions.email_change import ChangeSpent, change_email, wish_for_email, wish_opened_by
from carnet.organisations.confirming import confirmed
from carnet.organisations.forms import NewEmailForm
from carnet.organisations.known_browsers import whence
from carnet.organisations.middleware import LAST_COOKIE, organisations_of
from carnet.organisations.models import User
from carnet.organisations.second_step import app_of, codes_left, has_second_step, passkeys_of
from carnet.organisations.sign_ins import end_sessions, sessions_of


@never_cache
@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The address, the password, the second step and the sessions of whoever is signed in."""
    user = cast(User, request.user)
    organisations = organisations_of(user)
    last = request.COOKIES.get(LAST_COOKIE)
    home = next((one for one in organisations if one.slug == last), organisations[0] if organisations else None)
    context = {
        "passkeys": passkeys_of(user),
        "app": app_of(user),
        "codes": codes_left(user),
        "has_second_step": has_second_step(user),
        "sessions": sessions_of(user, request.session.session_key),
        "zone": home.zone if home else "UTC",
        "home": home,
    }
    return render(request, "organisations/account/account.html", context)


@login_required
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out elsewhere: one session, or all but this one; it counts at once (J3)."""
    here = request.session.session_key
    ended = end_sessions(cast(User, request.user), besides=here, only=request.POST.get("session") or None)
    messages.success(request, _("Signed out there.") if ended else _("Nobody was signed in there any more."))
    return HttpResponseRedirect(reverse("account") + "#sessions", status=303)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@confirmed
def email(request: HttpRequest) -> HttpResponse:
    """Ask for another address; the answer is the same whether somebody signs in with that one already (J2)."""
    user = cast(User, request.user)
    form = NewEmailForm(user, whence(request, user.email), request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "organisations/account/email.html", {"form": form}, status=status)
    change = wish_for_email(user, form.cleaned_data["email"], clock.now())
    letters.send_confirmation.enqueue(change.pk)
    letters.tell_owner.enqueue(user.pk, "email_wished", user.email)
    messages.success(request, _("A letter is on its way to the new address. It changes once you confirm it there."))
    return HttpResponseRedirect(reverse("account"), status=303)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def email_confirmation(request: HttpRequest, secret: str) -> HttpResponse:
    """Confirm the new address with the link of the letter: once, and signed in as who asked for it."""
    user = cast(User, request.user)
    now = clock.now()
    change = wish_opened_by(secret, user, now)
    if change is not None and request.method == "GET":
        return render(request, "organisations/account/email_confirmation.html", {"change": change})
    try:
        before, after = change_email(secret, user, now)
    except ChangeSpent as error:
        return render(request, "organisations/account/email_spent.html", status=error.status)
    end_sessions(user, besides=request.session.session_key)
    letters.tell_owner.enqueue(user.pk, "email_changed", before)
    said = _("You sign in with %(email)s from now on; other devices are signed out.") % {"email": after}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("account"), status=303)

"""The second step: setting it up and taking it away, and signing in with it."""

from __future__ import annotations

import base64
from typing import Any, Final, cast

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from carnet.base import clock
from carnet.organisations import letters
from carnet.organisations.confirming import confirmed, inside
from carnet.organisations.forms_second_step import AppForm, CodeForm, ConfirmationForm, PasskeyForm
from carnet.organisations.invitations import qr_code
from carnet.organisations.known_browsers import whence
from carnet.organisations.middleware import PREFIX, member_of, organisations_of
from carnet.organisations.models import User
from carnet.organisations.second_step import (
    add_app,
    add_passkey,
    app_of,
    codes_left,
    codes_made,
    has_second_step,
    is_missing,
    new_recovery_codes,
    options_text,
    passkeys_of,
    remove_app,
    remove_passkey,
)
from carnet.organisations.sign_ins import end_sessions

#: In the session: the secret that is being set up, encrypted; and where its owner wanted to go before that.
_SECRET: Final = "app_secret"
_WANTED: Final = "wanted"
#: In the session: which recovery codes were made in it, to be shown there.
_MADE: Final = "codes_made"


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def confirmation(request: HttpRequest) -> HttpResponse:
    """Show once more that it is oneself: by password, by code, or by passkey."""
    user = cast(User, request.user)
    back = inside(request, request.POST.get("next") or request.GET.get("next") or reverse("account"))
    form = ConfirmationForm(user, whence(request, user.email), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.record(request)
        return HttpResponseRedirect(back, status=303)
    passkey = options_text(webauthn.begin_authentication(user)) if passkeys_of(user) else ""
    context = {"form": form, "back": back, "passkey": passkey}
    status = 422 if request.method == "POST" else 200
    return render(request, "organisations/account/confirmation.html", context, status=status)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@confirmed
def app(request: HttpRequest) -> HttpResponse:
    """Set up codes of an app: the picture to scan, the key to type, and the first code as proof."""
    user = cast(User, request.user)
    if request.method == "POST" and (kept := request.session.get(_SECRET)):
        secret = get_adapter().decrypt(kept)
        form = AppForm(user, secret, request.POST)
        if form.is_valid():
            del request.session[_SECRET]
            add_app(user, secret)
            return _added(request, user, "app_added", _("From now on signing in takes a code of your app."))
    else:
        secret = generate_totp_secret()
        request.session[_SECRET] = get_adapter().encrypt(secret)
        form = AppForm(user, secret)
    context = {
        "form": form,
        "picture": qr_code(get_adapter().build_totp_url(user, secret)),
        "key": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    status = 422 if form.is_bound else 200
    return render(request, "organisations/account/app.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed
def app_removal(request: HttpRequest) -> HttpResponse:
    """Ask whether codes of the app are to be asked for no longer, and see to it."""
    user = cast(User, request.user)
    if app_of(user) is None:
        raise Http404
    if request.method == "GET":
        return render(request, "organisations/account/removal.html", {"alone": len(passkeys_of(user)) == 0})
    remove_app(user)
    return _removed(request, user, "app_removed", _("Codes of your app are no longer asked for."))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@confirmed
def passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey, under a name by which its owner tells it from others."""
    user = cast(User, request.user)
    form = PasskeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        add_passkey(user, form.cleaned_data["name"], form.cleaned_data["credential"])
        return _added(request, user, "passkey_added", _("From now on this passkey signs you in."))
    context = {"form": form, "options": options_text(webauthn.begin_registration(user, True))}
    status = 422 if request.method == "POST" else 200
    return render(request, "organisations/account/passkey.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
@confirmed
def passkey_removal(request: HttpRequest, passkey_id: str) -> HttpResponse:
    """Ask whether a passkey is to sign in no longer, and see to it."""
    user = cast(User, request.user)
    found = next((one for one in passkeys_of(user) if one.public_id == str(passkey_id)), None)
    if found is None:
        raise Http404
    if request.method == "GET":
        alone = len(passkeys_of(user)) == 1 and app_of(user) is None
        return render(request, "organisations/account/removal.html", {"passkey": found, "alone": alone})
    remove_passkey(user, found.public_id)
    return _removed(request, user, "passkey_removed", _("This passkey no longer signs you in."))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
@confirmed
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Say what recovery codes are for, and make them; show those just made, until their owner says they are kept."""
    user = cast(User, request.user)
    if not has_second_step(user):
        return HttpResponseRedirect(reverse("account"))
    if request.method == "POST" and "kept" in request.POST:
        request.session.pop(_MADE, None)
        return HttpResponseRedirect(request.session.pop(_WANTED, reverse("account")), status=303)
    if request.method == "POST":
        letters.tell_owner.enqueue(user.pk, "codes_renewed", user.email)
        return _make_codes(request, user)
    codes = codes_made(user, request.session.get(_MADE, ""), clock.now())
    if not codes:
        return render(request, "organisations/account/recovery_codes.html", {"left": codes_left(user)})
    text = "\r\n".join([_("Recovery codes of %(email)s for Carnet") % {"email": user.email}, "", *codes, ""])
    context = {
        "codes": codes,
        # A link that is the file itself: no other address ever answers with codes.
        "file": "data:text/plain;charset=utf-8;base64," + base64.b64encode(text.encode()).decode(),
    }
    return render(request, "organisations/account/recovery_codes_shown.html", context)


@never_cache
@login_required
@require_GET
def needed(request: HttpRequest) -> HttpResponse:
    """Say why an organisation does not open yet, lead to what opens it, and remember where its member wanted to go."""
    user = cast(User, request.user)
    wanted = inside(request, request.GET.get("next", ""))
    slug = wanted.removeprefix(PREFIX).partition("/")[0] if wanted.startswith(PREFIX) else ""
    member = member_of(user, slug) if slug else None
    if member is None or not is_missing(member):
        return HttpResponseRedirect(wanted)
    request.session[_WANTED] = wanted
    others = [one for one in organisations_of(user) if one.pk != member.organisation_id]
    context = {"here": member.organisation, "profile": member.profile, "others": others}
    return render(request, "organisations/account/needed.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: what has it, and unlocks it, are two steps in one."""
    if request.user.is_authenticated:
        return HttpResponseRedirect("/", status=303)
    if request.method == "GET":
        return JsonResponse({"options": options_text(webauthn.begin_authentication())})
    refused = ratelimit.consume_or_429(request, action="passkey")
    if refused is not None:
        return cast(HttpResponse, refused)
    form = LoginWebAuthnForm(data=request.POST)
    back = inside(request, request.POST.get("next", ""))
    if not form.is_valid() or not form.cleaned_data["credential"].user.is_active:
        messages.error(request, _("This passkey does not sign in here. Try again, or use your password."))
        return HttpResponseRedirect(reverse("account_login"), status=303)
    step = form.cleaned_data["credential"]
    post_authentication(request, step, passwordless=True)
    return cast(HttpResponse, perform_login(request, Login(user=step.user, redirect_url=back)))


class SecondStepView(AuthenticateView):  # type: ignore[misc]
    """The second step of a sign-in whose password was right."""

    form_class = CodeForm
    template_name = "organisations/account/second_step.html"
    http_method_names = ["get", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.stage.login.user
        data = context.pop("js_data", None)
        if data and passkeys_of(user):
            context["passkey"] = options_text(data["request_options"])
        context["has_codes"] = app_of(user) is not None or bool(codes_left(user))
        return context


def _added(request: HttpRequest, user: User, news: str, said: str) -> HttpResponse:
    """After a step was added: other sessions end, which began without it; the first one brings recovery codes."""
    # Who has just proved it has done both steps.
    end_sessions(user, besides=request.session.session_key)
    letters.tell_owner.enqueue(user.pk, news, user.email)
    messages.success(request, said)
    if codes_left(user) is None:
        return _make_codes(request, user)
    return HttpResponseRedirect(request.session.pop(_WANTED, reverse("account")), status=303)


def _removed(request: HttpRequest, user: User, news: str, said: str) -> HttpResponse:
    letters.tell_owner.enqueue(user.pk, news, user.email)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("account"), status=303)


def _make_codes(request: HttpRequest, user: User) -> HttpResponse:
    """Make recovery codes and lead to where they are shown: to look again, by reloading, makes no others."""
    request.session[_MADE] = new_recovery_codes(user)
    return HttpResponseRedirect(reverse("recovery_codes"), status=303)

"""Pages outside any organisation: the way in, and one's own preferences."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as passwords
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.base import clock
from carnet.base.errors import TradeError, not_found
from carnet.organisations import first_run
from carnet.organisations.actions import accept_invitation
from carnet.organisations.back_off import forgive
from carnet.organisations.confirming import inside
from carnet.organisations.errors import ForSomebodyElse, InvitationSpent
from carnet.organisations.forms import ForgottenPasswordForm, NewPasswordForm, PasswordChangeForm
from carnet.organisations.invitations import opened_by
from carnet.organisations.known_browsers import know_browser, whence
from carnet.organisations.middleware import LANGUAGE_COOKIE, LAST_COOKIE, YEAR, may_found_another, organisations_of
from carnet.organisations.models import EmailChange, User
from carnet.organisations.passwords import send_link_to
from carnet.organisations.sign_ins import end_sessions


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Go to the default organisation, else the one used last, else the first; before there is any, say how to begin."""
    user = request.user
    if not isinstance(user, User):
        if first_run.is_needed():
            return render(request, "organisations/empty.html")
        return redirect("account_login")
    organisations = organisations_of(user)
    if not organisations:
        return render(request, "organisations/none.html", status=403)
    last = request.COOKIES.get(LAST_COOKIE)
    wanted = [one for one in organisations if one.pk == user.default_organisation_id]
    wanted += [one for one in organisations if one.slug == last]
    chosen = [*wanted, *organisations][0]
    return HttpResponseRedirect(f"/o/{chosen.slug}/")


@login_required
@require_http_methods(["GET", "POST"])
def my_organisations(request: HttpRequest) -> HttpResponse:
    """List what one's sign-in opens, and choose which one the first page opens."""
    user = cast(User, request.user)
    organisations = organisations_of(user)
    if request.method == "POST":
        slug = request.POST.get("default", "")
        chosen = next((one for one in organisations if one.slug == slug), None)
        if slug and chosen is None:
            return not_found(request)
        user.default_organisation = chosen
        user.save(update_fields=["default_organisation"])
        return HttpResponseRedirect(request.path, status=303)
    context = {"mine": organisations, "default": user.default_organisation_id, "may_found": may_found_another(user)}
    return render(request, "organisations/mine.html", context)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the reader's language or appearance, and go back to where it was chosen."""
    response = HttpResponseRedirect(inside(request, request.POST.get("next", "")), status=303)
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


@require_http_methods(["GET", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Send a link to choose a new password; the answer is the same whether the address has an account (J2)."""
    form = ForgottenPasswordForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "organisations/password_forgotten.html", {"form": form}, status=status)
    email = form.cleaned_data["email"]
    refused = ratelimit.consume_or_429(request, action="reset_password", key=email)
    if refused is not None:
        return cast(HttpResponse, refused)
    user = User.objects.filter(email=email, is_active=True).values_list("pk", flat=True).first()
    send_link_to.enqueue(user or 0)
    return HttpResponseRedirect(reverse("password_sent"), status=303)


@require_GET
def password_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/password_sent.html")


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: with the account of its address, or by choosing a password for a new one."""
    found = opened_by(secret, clock.now())
    if found is None:
        return _spent(request)
    user = request.user if isinstance(request.user, User) else None
    form = None
    if user is None:
        # The same page whether the address has an account: whoever invites may hold this link, too (J2).
        form = NewPasswordForm(User(email=found.email), request.POST if request.method == "POST" else None)
    ready = user is not None and user.email == found.email
    if request.method == "POST" and (ready or (form is not None and form.is_valid())):
        password = form.cleaned_data["new_password1"] if form is not None else ""
        try:
            accepted = accept_invitation(found, clock.now(), user=user, password=password)
        except ForSomebodyElse:
            # As much work as a new account would have been.
            User().set_password(password)
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}", status=303)
        except TradeError:
            # Between looking and accepting, somebody was quicker.
            return _spent(request)
        if user is None:
            login(request, accepted, backend=settings.AUTHENTICATION_BACKENDS[0])
        return HttpResponseRedirect(f"/o/{found.organisation.slug}/", status=303)
    context = {"invitation": found, "form": form, "ready": ready, "user_here": user, "here": request.path}
    return render(request, "organisations/invitation.html", context, status=422 if request.method == "POST" else 200)


def _spent(request: HttpRequest) -> HttpResponse:
    return render(request, "organisations/invitation_spent.html", status=InvitationSpent.status)


class PasswordNew(passwords.PasswordResetConfirmView):
    """Choose a new password by the link of the letter; every sign-in until then ends (J3)."""

    template_name = "organisations/password_new.html"
    form_class = NewPasswordForm
    success_url = settings.LOGIN_URL

    def form_valid(self, form: Any) -> HttpResponse:
        answer = _by_get(super().form_valid(form))
        place = whence(self.request, form.user.email)
        forgive(form.user.email, place.address)
        if place.browser:
            forgive(form.user.email, *place)
        # Who reads the letters of this address sits here: whoever goes on guessing elsewhere shuts nothing here.
        know_browser(self.request, answer, form.user.email)
        _end_what_began_before(form.user)
        messages.success(self.request, _("Your new password is set. Sign in with it."))
        return answer


class PasswordChange(passwords.PasswordChangeView):
    """Change the password; other devices are signed out (J3)."""

    template_name = "organisations/password_change.html"
    success_url = reverse_lazy("account")

    def get_form_kwargs(self) -> dict[str, Any]:
        user = cast(User, self.request.user)
        more = {"place": whence(self.request, user.email)} if user.has_usable_password() else {}
        return {**super().get_form_kwargs(), **more}

    def get_form_class(self) -> type[Any]:
        user = cast(User, self.request.user)
        return PasswordChangeForm if user.has_usable_password() else NewPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        answer = _by_get(super().form_valid(form))
        _end_what_began_before(form.user, besides=self.request.session.session_key)
        messages.success(self.request, _("Your new password is set; other devices are signed out."))
        return answer


def _end_what_began_before(user: User, besides: str | None = None) -> None:
    """With a new password, sessions end that began with the one before, and so does a wish for another address."""
    end_sessions(user, besides=besides)
    EmailChange.objects.filter(user=user).delete()


def _by_get(response: HttpResponse) -> HttpResponse:
    """Let a form that was taken lead on as ours do: look there, by GET."""
    response.status_code = 303
    return response

"""Shape of what is typed, or handed over by the browser, for the second step."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.base import clock
from carnet.base.typed_text import clean
from carnet.organisations.back_off import TooManyTries, count_try, door_of_codes, forgive_codes
from carnet.organisations.known_browsers import Whence
from carnet.organisations.models import User
from carnet.organisations.passwords import check_password
from carnet.organisations.second_step import has_second_step, is_first_use, step_of_code

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "autofocus": True}


class CodeForm(forms.Form):
    """A code of the app or a recovery code; whoever typed it knows the password already."""

    code = forms.CharField(
        label=gettext_lazy("Code of the app, or a recovery code"),
        max_length=20,
        widget=forms.TextInput(attrs=CODE),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        self.user = user
        super().__init__(*args, **options)

    def clean_code(self) -> Any:
        return step_of_code(self.user, self.cleaned_data["code"])

    def save(self) -> None:
        post_authentication(context.request, self.cleaned_data["code"])


class AppForm(forms.Form):
    """The first code of an app that was just set up."""

    code = forms.CharField(
        label=gettext_lazy("The code that the app shows now"), max_length=20, widget=forms.TextInput(attrs=CODE)
    )

    def __init__(self, user: User, secret: str, *args: Any, **options: Any) -> None:
        self.user, self.secret = user, secret
        super().__init__(*args, **options)

    def clean_code(self) -> str:
        code = "".join(str(self.cleaned_data["code"]).split())
        try:
            count_try(door_of_codes(self.user.pk), clock.now())
        except TooManyTries as error:
            raise ValidationError(error.sentence()) from error
        if not validate_totp_code(self.secret, code) or not is_first_use(self.user, code):
            raise ValidationError(_("This code is not right. Is the clock of the phone set by itself?"))
        forgive_codes(self.user.pk)
        return code


class PasskeyForm(forms.Form):
    """A passkey that the browser has just made, and the name its owner gives it."""

    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        max_length=60,
        help_text=gettext_lazy("By which you will know it again: “Phone”, “Office computer”."),
        widget=forms.TextInput(attrs={"autofocus": True}),
    )
    credential = forms.JSONField(
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("The browser made no passkey. Try again.")},
    )

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])

    def clean_credential(self) -> Any:
        made = self.cleaned_data["credential"]
        webauthn.parse_registration_response(made)
        if not webauthn.complete_registration(made).is_user_verified():
            raise ValidationError(_("This passkey is not locked by a PIN, a finger or a face. Choose another one."))
        return made


class ConfirmationForm(forms.Form):
    """The password, a code, or a passkey: one of them is enough to show that it is oneself."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    code = forms.CharField(
        label=gettext_lazy("or a code of the app, or a recovery code"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={**CODE, "autofocus": False}),
    )
    credential = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, user: User, place: Whence, *args: Any, **options: Any) -> None:
        self.user, self.place = user, place
        self.step: Any = None
        super().__init__(*args, **options)
        if not user.has_usable_password():
            del self.fields["password"]
        if not has_second_step(user):
            del self.fields["code"], self.fields["credential"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if credential := typed.get("credential"):
            proof = ReauthenticateWebAuthnForm({"credential": credential}, user=self.user)
            if not proof.is_valid():
                raise ValidationError(proof.errors["credential"])
            self.step = proof.cleaned_data["credential"]
        elif typed.get("code"):
            self.step = step_of_code(self.user, typed["code"])
        elif typed.get("password"):
            check_password(self.user, typed["password"], self.place)
        else:
            raise ValidationError(_("Type one of them."))
        return typed

    def record(self, request: HttpRequest) -> None:
        """Let the session know that its owner has just been here."""
        if self.step is not None:
            post_authentication(request, self.step, reauthenticated=True)
        else:
            reauthenticate_by_password(request)

"""Shape of what is typed at the door."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth import forms as passwords
from django.utils.translation import gettext_lazy as _

from carnet.organisations.known_browsers import Whence
from carnet.organisations.models import User
from carnet.organisations.passwords import check_password

ADDRESS = {"autocomplete": "username", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"}
NEW = {"autocomplete": "new-password"}


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password; which of them is wrong is not said."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = forms.EmailField(
            label=_("E-mail address"), widget=forms.EmailInput(attrs={**ADDRESS, "autofocus": True})
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        self.fields["remember"].label = _("Stay signed in on this device")
        self.order_fields(["login", "password", "remember"])

    def clean_login(self) -> str:
        return str(super().clean_login()).lower()


class ForgottenPasswordForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={**ADDRESS, "autofocus": True})
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class _TwiceTyped:
    """The words of a new password typed twice."""

    fields: dict[str, forms.Field]

    def _word(self) -> None:
        for name, label in (("new_password1", _("New password")), ("new_password2", _("New password again"))):
            self.fields[name].label = label
            self.fields[name].widget.attrs.update(NEW)
        self.fields["new_password1"].help_text = _(
            "At least ten characters; a sentence is easier to remember than signs."
        )
        self.fields["new_password2"].help_text = ""


class NewPasswordForm(_TwiceTyped, passwords.SetPasswordForm):  # type: ignore[type-arg]
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._word()


class PasswordChangeForm(_TwiceTyped, passwords.PasswordChangeForm):
    def __init__(self, *args: Any, place: Whence, **options: Any) -> None:
        super().__init__(*args, **options)
        self.place = place
        self._word()
        self.fields["old_password"].label = _("Password until now")

    def clean_old_password(self) -> str:
        typed = str(self.cleaned_data["old_password"])
        check_password(self.user, typed, self.place)
        return typed


class NewEmailForm(forms.Form):
    """Another address to sign in with, and the password until the change is confirmed there."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={**ADDRESS, "autocomplete": "email", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, user: User, place: Whence, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user, self.place = user, place
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_password(self) -> str:
        typed = str(self.cleaned_data["password"])
        check_password(self.user, typed, self.place)
        return typed

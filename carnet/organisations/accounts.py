"""How we want the library to sign people in: nobody signs up by themselves, and what it keeps secret is encrypted."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from carnet.base import clock
from carnet.organisations.back_off import TooManyTries, count_try, doors_to, forgive
from carnet.organisations.doors import address_of
from carnet.organisations.known_browsers import whence
from carnet.organisations.models import User


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in without sign-up; an account comes with the first run or an invitation."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail address and this password do not go together."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from is found out in one place."""
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before the password is looked at, in the place of the library's own limits."""
        try:
            account = _account(credentials)
            count_try(doors_to(account, *whence(request, account)), clock.now())
        except TooManyTries as error:
            raise ValidationError(error.sentence()) from error

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whom the credentials sign in; an account that is switched off is answered like none (J2)."""
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        account = _account(credentials)
        forgive(account, *whence(request, account))
        return user

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing of the library's limits was used."""


def _account(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email", "")).strip().lower()


class SecondStep(DefaultMFAAdapter):  # type: ignore[misc]
    """Passkeys, codes of an app, recovery codes: their secrets lie in the database under this installation's key."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code or passkey is not right. A code works once, and for half a minute."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was encrypted; raises cryptography's InvalidToken if that was with another key."""
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Carnet"}


def _fernet() -> Fernet:
    key = salted_hmac("carnet.organisations.second-step", "secrets", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))

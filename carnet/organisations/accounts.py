"""Accounts: who may sign in is decided inside organisations, so nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in without sign-up; an account comes with the first run or an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

"""Browsers in which an account has signed in before: a stranger who guesses from elsewhere does not shut them out.

A browser keeps a signed cookie that says for which accounts; it opens nothing. All it does is that passwords typed
there are counted by themselves, and not with what others guess at the account from many addresses.
"""

from __future__ import annotations

import secrets
from typing import Final, NamedTuple

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from carnet.organisations.doors import address_of

COOKIE: Final = "carnet-known"
#: As long as this, from the last sign-in on, in seconds.
LASTS: Final = 180 * 24 * 3600
#: Accounts of one browser; the computer of a front desk has several, a cookie not room for all.
MOST: Final = 20
_SALT: Final = "carnet.organisations.known-browser"


class Whence(NamedTuple):
    """From where a password comes: a network address, and the browser if the account signed in there before."""

    address: str
    browser: str = ""


def whence(request: HttpRequest, account: str) -> Whence:
    """Return from where a password for `account` (an e-mail address) comes."""
    browser, accounts = _kept(request)
    return Whence(address_of(request), browser if _name(account) in accounts else "")


def know_browser(request: HttpRequest, response: HttpResponseBase, account: str) -> None:
    """Let the browser keep that `account` signed in there, or chose its password there by the letter's link."""
    browser, accounts = _kept(request)
    name = _name(account)
    kept = [name, *(one for one in accounts if one != name)][:MOST]
    value = signing.dumps([browser or secrets.token_urlsafe(16), kept], salt=_SALT)
    response.set_cookie(COOKIE, value, max_age=LASTS, samesite="Lax", httponly=True, secure=settings.HTTPS)


def _kept(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        browser, accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return "", []
    return browser, accounts


def _name(account: str) -> str:
    """Return what stands for an account in the cookie: whoever reads it there learns of no other account."""
    return salted_hmac(_SALT, account.lower(), algorithm="sha256").hexdigest()[:24]

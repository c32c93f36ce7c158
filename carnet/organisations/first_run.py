"""The way into an empty installation: a link that is shown on the terminal and works until a business exists."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from carnet.organisations.models import Organisation


def _file() -> Path:
    return Path(settings.DATA) / "first-run"


def is_needed() -> bool:
    """Return whether no organisation exists yet."""
    return not Organisation.objects.exists()


def new_link() -> str:
    """Return a new link and void the ones before; only the hash of its secret is kept, in the data folder."""
    secret = secrets.token_urlsafe(24)
    _file().touch(mode=0o600)
    _file().write_text(sha256(secret.encode()).hexdigest())
    return f"{settings.BASE_ADDRESS}/first-run/{secret}/"


def opens(secret: str) -> bool:
    """Return whether `secret` is the one shown on the terminal and there is still something to found (J8)."""
    try:
        known = _file().read_text()
    except FileNotFoundError:
        return False
    return hmac.compare_digest(known, sha256(secret.encode()).hexdigest()) and is_needed()


class LinkTaken(Exception):
    """Somebody else is founding the business by the same link at this moment, or has just done so."""


@contextmanager
def taken() -> Iterator[None]:
    """Hold the link while a business is founded, so that it founds one; a block that fails gives it back.

    Raises LinkTaken if another holds it.
    """
    held = _file().with_name("first-run-held")
    try:
        # Renaming is what a file system does for one of two at a time.
        _file().rename(held)
    except FileNotFoundError:
        raise LinkTaken from None
    try:
        yield
    except BaseException:
        held.rename(_file())
        raise
    held.unlink()


def lines() -> list[str]:
    """Return what the terminal says at a start: the link while it is needed, nothing afterwards."""
    if settings.DEMO or not is_needed():
        return []
    return [_("First start: open this link to set up your business (it works once):"), f"  {new_link()}"]

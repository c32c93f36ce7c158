"""By which door a change came, as the history keeps it, and from which network address."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

PAGE: Final = "page"
#: Followed by the name of the token.
API: Final = "api:"
PUBLIC: Final = "public"
COMMAND: Final = "command"
WORKER: Final = "worker"
DOORS: Final = (PAGE, API, PUBLIC, COMMAND, WORKER)


def address_of(request: HttpRequest) -> str:
    """Return the network address that a request came from, "" if it has none.

    What a header says is believed only of a proxy that `CARNET_TRUSTED_PROXIES` names: the last address in
    X-Forwarded-For that is no such proxy is the one that it was reached from. Anybody can write the ones before.
    """
    nearest = _plain(request.META.get("REMOTE_ADDR", ""))
    if not _is_trusted(nearest):
        return nearest
    for told in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        address = _plain(told.strip())
        if not address:
            break
        nearest = address
        if not _is_trusted(address):
            break
    return nearest


def _plain(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def _is_trusted(address: str) -> bool:
    if not address or not settings.TRUSTED_PROXIES:
        return False
    found = ip_address(address)
    return any(found in ip_network(one, strict=False) for one in settings.TRUSTED_PROXIES)

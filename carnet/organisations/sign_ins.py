"""The sessions of a sign-in: noted as they are used, listed for their owner, ended from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare

from carnet.base import clock
from carnet.organisations.account_models import SignIn
from carnet.organisations.devices import device_words
from carnet.organisations.doors import address_of
from carnet.organisations.known_browsers import know_browser
from carnet.organisations.models import User
from carnet.organisations.sessions import SessionStore

#: In the session's data: when, from which address and by what it was begun.
BEGUN: Final = "sign_in"
#: Being seen is written down once in this time at most, however many pages are asked for.
EVERY: Final = timedelta(minutes=1)


def note_sign_ins(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: keep from where a session was begun, and the minute in which it was last seen."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        session = cast(SessionStore, request.session)
        if not request.user.is_authenticated:
            return response
        now = clock.now()
        if BEGUN not in session:
            device = request.headers.get("User-Agent", "")[:300]
            session[BEGUN] = {"at": now.isoformat(), "address": address_of(request), "device": device}
            know_browser(request, response, request.user.email)
        elif session.seen_at is not None and session.seen_at <= now - EVERY:
            # A session that was ended meanwhile has no row any more, and gets none by this.
            SignIn.objects.filter(pk=session.session_key, seen_at__lte=now - EVERY).update(seen_at=now)
        return response

    return answer


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its owner sees it."""

    name: str
    device: str
    address: str
    since: datetime | None
    seen_at: datetime
    here: bool


def sessions_of(user: User, here: str | None) -> list[Session]:
    """Return the sessions in which `user` is signed in, this one (whose key is `here`) first, then the last seen."""
    found = []
    for row in SignIn.objects.filter(user=user, expire_date__gt=clock.now()).order_by("-seen_at"):
        data = row.get_decoded()
        if not constant_time_compare(data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            continue
        begun = data.get(BEGUN, {})
        since = datetime.fromisoformat(begun["at"]) if "at" in begun else None
        words = device_words(begun.get("device", ""))
        found.append(
            Session(row.public_name, words, begun.get("address", ""), since, row.seen_at, row.session_key == here)
        )
    return sorted(found, key=lambda one: not one.here)


def end_sessions(user: User, *, besides: str | None = None, only: str | None = None) -> int:
    """End sessions of `user` at once, and return how many: all but the one with the key `besides`, or the one named."""
    rows = [
        row.pk
        for row in SignIn.objects.filter(user=user)
        if row.session_key != besides and only in (None, row.public_name)
    ]
    return SignIn.objects.filter(pk__in=rows).delete()[0]

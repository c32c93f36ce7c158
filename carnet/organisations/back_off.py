"""Guessing gets slower: whoever fails too often waits, each time twice as long, and then may try again.

A try is counted before it is judged, under a lock, so that many at the same moment get no more tries than one after
the other (J1). A stranger who guesses at an account shuts the door from where they stand; from everywhere only after
many tries, for a quarter of an hour at most, and not for who sits at a browser that the account has signed in with
before, signs in with a passkey or chooses a new password.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from django.db.models import F, QuerySet
from django.utils.translation import ngettext

from carnet.base.errors import TradeError
from carnet.base.unit_of_work import repeatable
from carnet.organisations.account_models import Tries

#: The first wait, and the longest.
SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(minutes=15)
#: Failures this long ago are forgotten.
FORGOTTEN_AFTER: Final = timedelta(hours=1)


class TooManyTries(TradeError):
    """Somebody failed too often here; even what is right is refused until the wait is over."""

    code = "too_many_tries"
    status = 429

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait

    def sentence(self) -> str:
        minutes = ceil(self.wait / timedelta(minutes=1))
        return ngettext(
            "Too many attempts. Wait %(minutes)s minute, then try again.",
            "Too many attempts. Wait %(minutes)s minutes, then try again.",
            minutes,
        ) % {"minutes": minutes}


@dataclass(frozen=True, slots=True)
class Door:
    """Where tries are counted, and how many may fail before the first wait."""

    name: str
    allowed: int

    @property
    def key(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()


def doors_to(account: str, address: str, browser: str = "") -> tuple[Door, ...]:
    """Return the doors that a password for `account` (an e-mail address), sent from a network address, stands at.

    `browser` names the one it is typed in, if the account has signed in there before: that one has a door of its own,
    which nobody shuts from elsewhere.
    """
    if browser:
        return (Door(f"browser {browser} {account}", 5),)
    return (
        Door(f"pair {account} {address}", 5),
        Door(f"account {account}", 25),
        Door(f"address {address}", 40),
    )


def door_of_codes(user_id: int) -> tuple[Door]:
    """Return the door of the codes of somebody's second step: who stands there knows the password already."""
    return (Door(f"codes {user_id}", 5),)


@repeatable
def count_try(doors: Iterable[Door], now: datetime) -> None:
    """Count one try at all these doors as failed; raises TooManyTries if one of them is shut now."""
    allowed = {door.key: door.allowed for door in doors}
    rows: list[Tries] = []
    # Old rows are deleted in the background: one that went between these two statements is made again, and counts.
    while len(rows) < len(allowed):
        Tries.objects.bulk_create([Tries(door=key, last_at=now) for key in sorted(allowed)], ignore_conflicts=True)
        rows = list(Tries.objects.select_for_update().filter(door__in=allowed).order_by("door"))
    shut = [row.shut_until for row in rows if row.shut_until is not None and row.shut_until > now]
    if shut:
        raise TooManyTries(max(shut) - now)
    for row in rows:
        row.failed = 1 if row.last_at <= now - FORGOTTEN_AFTER else row.failed + 1
        row.last_at = now
        beyond = row.failed - allowed[row.door]
        row.shut_until = now + min(SHORTEST * 2 ** min(beyond, 10), LONGEST) if beyond >= 0 else None
        row.save(update_fields=["failed", "last_at", "shut_until"])


def forgotten_tries(now: datetime) -> QuerySet[Tries]:
    """Return the counts that say nothing any more: nobody failed there for an hour, and no door is shut."""
    return Tries.objects.filter(last_at__lte=now - FORGOTTEN_AFTER).exclude(shut_until__gt=now)


def forgive(account: str, address: str, browser: str = "") -> None:
    """Forget what failed at an account's doors once its owner came in; of the address, this one try only.

    Else somebody with an account of their own could clear the way for guessing at others by signing in now and then.
    """
    if browser:
        # What others guess meanwhile goes on being counted.
        Tries.objects.filter(door__in=[door.key for door in doors_to(account, address, browser)]).delete()
        return
    pair, whole, place = doors_to(account, address)
    Tries.objects.filter(door__in=[pair.key, whole.key]).delete()
    Tries.objects.filter(door=place.key, failed__gt=0).update(failed=F("failed") - 1, shut_until=None)


def forgive_codes(user_id: int) -> None:
    Tries.objects.filter(door__in=[door.key for door in door_of_codes(user_id)]).delete()

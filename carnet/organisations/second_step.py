"""The second step of a sign-in: passkeys, codes of an app, and recovery codes for when both are lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from carnet.base import clock
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.back_off import TooManyTries, count_try, door_of_codes, forgive_codes
from carnet.organisations.models import Member, User

Kind = Authenticator.Type
#: For so long after it, a sign-in need not be confirmed again.
FRESH_SECONDS: Final = 5 * 60
#: A code is good for three half minutes, one before and one after its own; it is remembered as used for longer.
_REMEMBERED: Final = 120


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    name: str
    public_id: str
    created_at: datetime
    last_used_at: datetime | None


def has_second_step(user: User) -> bool:
    """Return whether signing in as `user` takes more than a password."""
    return steps_of(user).exclude(type=Kind.RECOVERY_CODES).exists()


def steps_of(user: User) -> QuerySet[Any]:
    return Authenticator.objects.filter(user=user)  # type: ignore[no-any-return]


def is_missing(member: Member) -> bool:
    """Return whether the member's profile requires a second step that their sign-in does not have."""
    if not member.profile.second_step:
        return False
    return member.user is None or not has_second_step(member.user)


def app_of(user: User) -> Any:
    """Return the record of the codes of an app, None if there is none."""
    return steps_of(user).filter(type=Kind.TOTP).first()


def passkeys_of(user: User) -> list[Passkey]:
    found = steps_of(user).filter(type=Kind.WEBAUTHN).order_by("pk")
    return [Passkey(one.data["name"], one.data["public_id"], one.created_at, one.last_used_at) for one in found]


def codes_left(user: User) -> int | None:
    """Return how many recovery codes are still unused; None if there never were any."""
    codes = steps_of(user).filter(type=Kind.RECOVERY_CODES).first()
    return len(codes.wrap().get_unused_codes()) if codes is not None else None


def new_recovery_codes(user: User) -> str:
    """Make recovery codes and return what `codes_made` knows them by; those of before open nothing any more."""
    with unit_of_work():
        # Two tabs at once: one set of codes counts, the one that comes last.
        User.objects.select_for_update().get(pk=user.pk)
        steps_of(user).filter(type=Kind.RECOVERY_CODES).delete()
        made = RecoveryCodes.activate(user).instance
        return f"{made.pk} {clock.now().timestamp()}"


def codes_made(user: User, made: str, now: datetime) -> list[str]:
    """Return the recovery codes that `new_recovery_codes` called `made`, as people copy them; soon after, none."""
    pk, _space, at = made.partition(" ")
    step = steps_of(user).filter(type=Kind.RECOVERY_CODES, pk=int(pk)).first() if pk else None
    if step is None or float(at) <= now.timestamp() - FRESH_SECONDS:
        return []
    return [f"{code[:4]}-{code[4:]}" for code in step.wrap().get_unused_codes()]


def add_app(user: User, secret: str) -> None:
    """Let codes of the app that holds `secret` be a second step; there is one such app."""
    with unit_of_work():
        User.objects.select_for_update().get(pk=user.pk)
        steps_of(user).filter(type=Kind.TOTP).delete()
        TOTP.activate(user, secret)


def add_passkey(user: User, name: str, credential: dict[str, Any]) -> None:
    """Let a passkey that was just proved sign `user` in."""
    step = WebAuthn.add(user, name, credential).instance
    step.data["public_id"] = str(uuid4())
    step.save(update_fields=["data"])


def remove_app(user: User) -> bool:
    return _remove(user, [one.pk for one in steps_of(user).filter(type=Kind.TOTP)])


def remove_passkey(user: User, public_id: str) -> bool:
    """Remove a passkey; return whether there was one of this id."""
    found = steps_of(user).filter(type=Kind.WEBAUTHN)
    return _remove(user, [one.pk for one in found if one.data["public_id"] == public_id])


def _remove(user: User, ids: Iterable[int]) -> bool:
    with unit_of_work():
        User.objects.select_for_update().get(pk=user.pk)
        removed = steps_of(user).filter(pk__in=list(ids)).delete()[0]
        if not has_second_step(user):
            # Recovery codes alone are no second step, and must not open the next one.
            steps_of(user).delete()
    return bool(removed)


def step_of_code(user: User, typed: str) -> Any:
    """Return the record whose code was typed: of the app, or a recovery code, which is used up by it.

    Raises ValidationError in the same words for whatever is not right, and with the wait after too many tries.
    """
    try:
        count_try(door_of_codes(user.pk), clock.now())
    except TooManyTries as error:
        raise ValidationError(error.sentence()) from error
    code = "".join(typed.split()).replace("-", "")
    for step in steps_of(user).exclude(type=Kind.WEBAUTHN).order_by("-type"):
        try:
            right = step.wrap().validate_code(code)
        except InvalidToken:
            # Kept under another key than this installation's: nobody can tell any more what is right.
            right = False
        if right and (step.type != Kind.TOTP or is_first_use(user, code)):
            forgive_codes(user.pk)
            step.user = user
            return step
    raise ValidationError(_("This code is not right. A code of the app works once, and for half a minute."))


def is_first_use(user: User, code: str) -> bool:
    """Use up a code of an app that was found right; return False if it was used up before."""
    name = sha256(f"{user.pk} {code}".encode()).hexdigest()
    return bool(cache.add(f"code-used-{name}", "y", timeout=_REMEMBERED))


def must_confirm(request: HttpRequest) -> bool:
    """Return whether who sits here must show once more that it is them: the sign-in is some minutes old.

    Where there is nothing to show (an account without password, as in the demo), there is nothing to ask.
    """
    user = request.user
    assert isinstance(user, User)
    if not user.has_usable_password() and not has_second_step(user):
        return False
    since = clock.now().timestamp() - FRESH_SECONDS
    return not any(one["at"] > since for one in get_authentication_records(request, user))


def options_text(options: dict[str, Any]) -> str:
    """Return what the browser needs to make or use a passkey, as JSON."""
    return json.dumps(options, default=dict)

"""Signing in with another address: wished for by who knows the password, confirmed by who reads letters there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db import IntegrityError

from carnet.base.errors import TradeError
from carnet.base.unit_of_work import repeatable
from carnet.organisations.invitations import hash_of, secret_of
from carnet.organisations.models import EmailChange, User

#: How long a change can be confirmed.
LASTS: Final = timedelta(days=1)


class ChangeSpent(TradeError):
    """The link was used, has expired or was replaced, is somebody else's, or leads to an address that is taken."""

    code = "email_change_spent"
    status = 410


@repeatable
def wish_for_email(user: User, email: str, now: datetime) -> EmailChange:
    """Note that `user` wants to sign in with `email`; a wish before this one is void.

    Nothing is said of whether somebody signs in with that address already: who reads letters there is told (J2).
    """
    User.objects.select_for_update().get(pk=user.pk)
    EmailChange.objects.filter(user=user).delete()
    public_id = uuid4()
    return EmailChange.objects.create(
        user=user,
        public_id=public_id,
        email=email.strip().lower(),
        hash=hash_of(secret_of(public_id)),
        expires_at=now + LASTS,
    )


def wish_opened_by(secret: str, user: User, now: datetime) -> EmailChange | None:
    """Return the wish of `user` that this secret confirms, None if it does not.

    It must be theirs: else a letter that somebody else caused would bind the reader's address to a foreign account.
    """
    return EmailChange.objects.filter(hash=hash_of(secret), user=user, expires_at__gt=now).first()


def change_email(secret: str, user: User, now: datetime) -> tuple[str, str]:
    """Let `user` sign in with the address of the wish, and return the one of before and the new one.

    Links to choose a password that were sent to the address of before are void with it (J5). Raises ChangeSpent.
    """
    try:
        return _changed(secret, user, now)
    except IntegrityError:
        raise ChangeSpent from None


@repeatable
def _changed(secret: str, user: User, now: datetime) -> tuple[str, str]:
    user = User.objects.select_for_update().get(pk=user.pk)
    wish = wish_opened_by(secret, user, now)
    if wish is None or User.objects.filter(email=wish.email).exists():
        raise ChangeSpent
    before, user.email = user.email, wish.email
    user.save(update_fields=["email"])
    wish.delete()
    return before, user.email

"""Somebody lost phone, passkeys and recovery codes: the second step is taken away at the terminal."""

from __future__ import annotations

from django.db import OperationalError, ProgrammingError

from carnet.organisations.actions.lost_second_step import take_second_step_away
from carnet.organisations.models import User
from carnet.running.places import Refused, command

#: As the history of each organisation names it.
NAME = "carnet remove-second-step"


def remove_second_step(email: str) -> str:
    """Take the second step away from the sign-in `email`, and return what is to be said; raises Refused without one."""
    try:
        user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    except (OperationalError, ProgrammingError):
        raise Refused(f"There is nothing in this data folder yet. Start Carnet once: {command()} demo") from None
    if user is None:
        raise Refused(f"Nobody signs in with {email} here.")
    if not take_second_step_away(user, by=NAME):
        raise Refused(f"{user.email} has no second step: the password alone signs in.")
    return (
        f"The password alone signs {user.email} in now; every session has ended, and a letter tells the owner.\n"
        "Let a new second step be set up at once, under “Your account”."
    )

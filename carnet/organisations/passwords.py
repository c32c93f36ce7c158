"""Choosing a new password: by a link in a letter when it is forgotten, or with the one until now."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django_tasks import task

from carnet.base import clock
from carnet.organisations.back_off import TooManyTries, count_try, doors_to, forgive
from carnet.organisations.known_browsers import Whence
from carnet.organisations.letters import send_letter
from carnet.organisations.models import User


def check_password(user: User, typed: str, place: Whence) -> None:
    """Raise ValidationError unless this is the password of `user`; who guesses waits, as at the sign-in (J1)."""
    try:
        count_try(doors_to(user.email, *place), clock.now())
    except TooManyTries as error:
        raise ValidationError(error.sentence()) from error
    if not user.check_password(typed):
        raise ValidationError(_("This is not your password."))
    forgive(user.email, *place)


def link_for(user: User) -> str:
    """Return the address at which `user` chooses a password: it works once, and for three days.

    It begins with the configured address, never with the host that a request claims (J5).
    """
    path = reverse(
        "password_new",
        urlconf=settings.ROOT_URLCONF,
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )
    return settings.BASE_ADDRESS + path


def send_link(user: User) -> None:
    """Send the letter with the link, in the user's language; raises what the mail server answers."""
    with translation.override(user.language or settings.LANGUAGE_CODE):
        send_letter(user.email, _("Choose a new password for Carnet"), "password", {"link": link_for(user)})


@task()
def send_link_to(user_id: int) -> None:
    """Send the letter in the background; 0 is an address nobody has, asked for like any other (J2)."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        send_link(user)

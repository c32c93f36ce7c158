"""Letters about a sign-in itself, sent in the background, in its owner's language; none holds a secret but its link."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from carnet.organisations.invitations import secret_of
from carnet.organisations.models import EmailChange, User

#: What may have happened to a sign-in that its owner must hear of.
NEWS: Final[dict[str, str | Promise]] = {
    "app_added": gettext_lazy("From now on signing in takes a code of your app, besides the password."),
    "app_removed": gettext_lazy("Codes of your app are no longer asked for when you sign in."),
    "passkey_added": gettext_lazy("A passkey was added: it signs you in without a password."),
    "passkey_removed": gettext_lazy("A passkey was removed: it no longer signs you in."),
    "codes_renewed": gettext_lazy("New recovery codes were made; those of before open nothing any more."),
    "second_step_taken_away": gettext_lazy(
        "Whoever runs this installation has taken away your passkeys, codes of an app and recovery codes, because they "
        "were said to be lost: your password alone signs you in until you set up new ones."
    ),
    "email_wished": gettext_lazy(
        "Somebody who knows your password wants to sign in with another e-mail address. Nothing has changed yet."
    ),
    "email_changed": gettext_lazy("From now on you sign in with another e-mail address, no longer with this one."),
}


def send_letter(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    """Send one letter; raises what the mail server answers."""
    place = urlsplit(settings.BASE_ADDRESS).netloc
    EmailMessage(
        subject=subject,
        body=render_to_string(f"organisations/letters/{template}.txt", {**context, "place": place}),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    ).send(fail_silently=False)


@task()
def tell_owner(user_id: int, news: str, to: str) -> None:
    """Tell the owner of a sign-in what happened to it, at the address they had then."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    with translation.override(user.language or settings.LANGUAGE_CODE):
        link = f"{settings.BASE_ADDRESS}/accounts/password/forgotten/"
        send_letter(to, _("About your sign-in to Carnet"), "news", {"news": str(NEWS[news]), "link": link})


@task()
def send_confirmation(change_id: int) -> None:
    """Send the link that confirms a new address; who signs in with that address already is told so instead."""
    change = EmailChange.objects.filter(pk=change_id).select_related("user").first()
    if change is None:
        return
    taken = User.objects.filter(email=change.email).first()
    reader = taken or change.user
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        if taken is not None:
            send_letter(change.email, _("You already sign in to Carnet with this address"), "email_taken", {})
            return
        link = f"{settings.BASE_ADDRESS}/accounts/email/{secret_of(change.public_id)}/"
        send_letter(change.email, _("Confirm your e-mail address for Carnet"), "email_confirmation", {"link": link})

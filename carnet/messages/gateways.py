"""E-mail: how a letter leaves the house."""

from __future__ import annotations

from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from carnet.messages.wording import Letter, one_line
from carnet.organisations.models import Organisation
from carnet.outbox.models import Message


def send_letter(connection: BaseEmailBackend, organisation: Organisation, message: Message, letter: Letter) -> None:
    """Send one letter; raises OSError or SMTPException when it could not be handed over.

    The Message-ID is the message's own for ever: a letter sent twice, because nobody could note that it had left,
    is one letter to whoever receives it.
    """
    host = urlsplit(settings.BASE_ADDRESS).hostname or "localhost"
    email = EmailMessage(
        subject=letter.subject,
        body=letter.text,
        from_email=formataddr((one_line(organisation.name), settings.DEFAULT_FROM_EMAIL)),
        to=[one_line(message.recipient)],
        reply_to=[one_line(organisation.email)] if organisation.email else None,
        headers={
            "Message-ID": f"<{message.public_id}@{host}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
        },
        connection=connection,
    )
    email.send(fail_silently=False)

"""Delivering the outbox: each message taken, sent and noted by itself, with no transaction open while it is sent."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Final

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from carnet.base.unit_of_work import repeatable
from carnet.messages.gateways import send_letter
from carnet.messages.wording import INVITATION, KINDS, letter_of
from carnet.organisations.access import Access
from carnet.organisations.invitations import still_open
from carnet.outbox.models import Message

logger = logging.getLogger("carnet.messages")

ATTEMPTS: Final = 6
#: How long a message rests after its first, second … failure.
BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
#: Who took a message and did not come back has died; then it is anybody's again.
LEASE: Final = timedelta(minutes=15)
#: Messages of one organisation in one go, so that everybody else gets a turn.
BATCH: Final = 25


def deliver_due(access: Access, connection: BaseEmailBackend | None = None) -> int:
    """Send what is due of one organisation, at most a batch; returns how many have left. Never raises for a letter."""
    connection = connection or get_connection()
    sent = 0
    try:
        for _turn in range(BATCH):
            message = take_next(access)
            if message is None:
                break
            if _is_pointless(access, message):
                _note(message, state=Message.State.SKIPPED)
                continue
            try:
                send_letter(connection, access.organisation, message, letter_of(message))
            except (SMTPRecipientsRefused, SMTPDataError) as error:
                _put_off(access, message, error, final=_is_final(error))
            except (SMTPException, OSError) as error:
                # The server cannot be reached or lets nobody in: the next letter would fare no better.
                _put_off(access, message, error)
                break
            except Exception as error:
                logger.exception("Message %s could not be written", message.public_id)
                _put_off(access, message, error, final=True)
            else:
                _note(message, state=Message.State.SENT, sent_at=access.now, error="")
                sent += 1
    finally:
        connection.close()
    return sent


def has_due(access: Access) -> bool:
    """Return whether anything waits, without locking anybody out."""
    return Message.objects.filter(state=Message.State.WAITING, due_at__lte=access.now).exists()


@repeatable
def take_next(access: Access) -> Message | None:
    """Take the oldest message that is due, or None: nobody else takes it while its lease lasts."""
    due = Message.objects.filter(state=Message.State.WAITING, due_at__lte=access.now).order_by("due_at", "id")
    # Another worker's message is passed over; on SQLite there is one writer at a time, and no lock to ask for.
    message = due.select_for_update(skip_locked=True).first()
    if message is None:
        return None
    taken = due.filter(pk=message.pk).update(attempts=F("attempts") + 1, due_at=access.now + LEASE)
    if not taken:
        return None
    message.refresh_from_db()
    return message


def _is_pointless(access: Access, message: Message) -> bool:
    """Return whether nobody needs to be told any more: the visit's time has passed, the invitation is spent."""
    if message.kind == INVITATION:
        return not still_open(access.now).filter(pk=message.subject_id).exists()
    if message.kind not in KINDS or not message.recipient:
        return True
    return datetime.fromisoformat(message.facts["start"]) <= access.now


def _is_final(error: SMTPRecipientsRefused | SMTPDataError) -> bool:
    """Return whether the other side has said for good that it does not take this letter (5xx)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in error.recipients.values())
    return error.smtp_code >= 500


def _put_off(access: Access, message: Message, error: Exception, *, final: bool = False) -> None:
    """Note a failure: try again later, or never again once it has been tried often enough."""
    words = f"{type(error).__name__}: {error}"[:300]
    if final or message.attempts >= ATTEMPTS:
        _note(message, state=Message.State.FAILED, error=words)
        return
    _note(message, due_at=access.now + BACK_OFF[min(message.attempts, len(BACK_OFF)) - 1], error=words)


def _note(message: Message, **values: object) -> None:
    Message.objects.filter(pk=message.pk).update(**values)

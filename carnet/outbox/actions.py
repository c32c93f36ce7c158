"""Announcing: what must be told is written with what happened, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from carnet.base.inserting import insert, new_row
from carnet.organisations.access import Access
from carnet.outbox.models import Message


def let_go(access: Access, subject: Model) -> None:
    """Let what is held back about `subject` leave now: something newer is about to be told of it."""
    _held(subject).filter(due_at__gt=access.now).update(due_at=access.now)


def withdraw(subject: Model, kind: str, created_at: datetime) -> bool:
    """Keep back for good what was announced at `created_at` and nobody has begun to send; return whether it was."""
    # One statement, so that a worker who takes the message at this moment has either come first or finds it gone.
    return bool(_held(subject).filter(kind=kind, created_at=created_at).update(state=Message.State.SKIPPED))


def _held(subject: Model) -> QuerySet[Message]:
    """Return the messages about `subject` that nobody has tried to send."""
    return Message.objects.filter(
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
        state=Message.State.WAITING,
        attempts=0,
    )


def announce(
    access: Access,
    kind: str,
    subject: Model,
    *,
    recipient: str = "",
    facts: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Message:
    """Write a message of the running transaction.

    It leaves at `due_at`, else at once. Without a recipient, or by an access that is quiet, it is kept as skipped,
    to be seen.
    """
    message = announcement(access, kind, subject, recipient=recipient, facts=facts, due_at=due_at)
    insert(message)
    return message


def announcement(
    access: Access,
    kind: str,
    subject: Model,
    *,
    recipient: str = "",
    facts: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
) -> Message:
    """Return the message that `announce` writes, for whoever writes it together with others."""
    return new_row(
        Message,
        organisation=access.organisation,
        kind=kind,
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
        facts=dict(facts or {}),
        recipient=recipient,
        state=Message.State.WAITING if recipient and not access.quiet else Message.State.SKIPPED,
        created_at=access.now,
        due_at=due_at or access.now,
    )

"""Announcing: what must be told is written with what happened, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

from carnet.base.inserting import insert
from carnet.organisations.access import Access
from carnet.outbox.models import Message


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

    Without a recipient, or by an access that is quiet, it is kept as skipped, to be seen.
    """
    message = Message(
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
    insert(message)
    return message

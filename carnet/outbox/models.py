"""The outbox: what must be told, written in the transaction of what happened."""

from __future__ import annotations

from django.db import models

from carnet.base.constraints import tenant_constraints
from carnet.base.records import Addressable
from carnet.base.scopes import Tenant


class Message(Addressable, Tenant):
    """One thing to tell one person; drained by the delivery tick, never lost, never sent for what did not happen."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        SKIPPED = "skipped"

    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    #: What the text needs, frozen when it happened.
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    recipient = models.CharField(max_length=254, blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="message_waiting")]
        constraints = [*tenant_constraints("message", referred_to=False)]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
